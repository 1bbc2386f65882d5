package io.flocker.zfs.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private final Names names = new Names("tank");

  @Test
  void lettersThatZfsAllowsPass() {
    assertEquals("tank/a b.c:d_e-f", names.dataset("tank/a b.c:d_e-f"));
    assertEquals("tank/a/b@s.1", names.snapshot("tank/a/b", "s.1"));
    assertEquals("tank/a#flk.x", names.bookmark("tank/a", "flk.x"));
    assertEquals("tank/a@-r", names.snapshot("tank/a", "-r"));
    assertEquals("tank/a@ .", names.snapshot("tank/a", " ."));
    assertEquals("tank/a#-r", names.bookmark("tank/a", "-r"));
    assertEquals("@-r", Names.base("@-r"));
    assertEquals("@a", Names.base("@a"));
    assertEquals("#b", Names.base("#b"));
    assertEquals("flk:op:1", Names.tag("flk:op:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tank",
        "tank/",
        "other/a",
        "tank2/a",
        "tank/a@s",
        "tank/a#b",
        "tank//a",
        "tank/../a%",
        "tank/-a",
        "tank/a\n",
        "tank/a;b",
        ""
      })
  void whatNamesSomethingElseThanADatasetOfThePoolIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> names.dataset(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a%b", "a,b", "%", "a@b", "a/b", "a#b"})
  void whatNamesMoreThanOneSnapshotIsRefused(String snapshot) {
    assertThrows(IllegalArgumentException.class, () -> names.snapshot("tank/a", snapshot));
  }

  @Test
  void aBaseNeedsItsSign() {
    assertThrows(IllegalArgumentException.class, () -> Names.base("a"));
    assertThrows(IllegalArgumentException.class, () -> Names.base(""));
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> names.snapshot("tank/a", "s".repeat(250)));
  }
}
