package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
