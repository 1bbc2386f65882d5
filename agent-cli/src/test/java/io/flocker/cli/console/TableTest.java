package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void makesEveryColumnAsWideAsItsWidestCell() {
    Table table = new Table("NAME", "ROLE").row("default.mongodb", "owner").row("a.b", "replica");

    assertEquals(
        List.of("NAME             ROLE", "default.mongodb  owner", "a.b              replica"),
        table.lines());
  }

  @Test
  void printsTheColumnsThatAreAskedForInTheirOrder() {
    Table table = new Table("NAME", "MOUNTED AT", "ID").row("a.b", "/f/a.b", "1");

    assertEquals(List.of("ID  MOUNTED AT", "1   /f/a.b"), table.lines(List.of("id", "mounted-at")));
    assertEquals(
        "there is no column 'size', but name, mounted-at, id",
        assertThrows(IllegalArgumentException.class, () -> table.lines(List.of("size")))
            .getMessage());
  }
}
