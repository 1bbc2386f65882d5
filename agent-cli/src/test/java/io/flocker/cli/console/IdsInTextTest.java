package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsInTextTest {
  private static final UUID ID = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");

  @ParameterizedTest
  @ValueSource(strings = {"node %s does not answer", "ask %s.", "(%s)", "%s, %s: both", "%s"})
  void becomeNames(String sentence) {
    String told = sentence.replace("%s", ID.toString());

    assertEquals(
        sentence.replace("%s", "node-2"), IdsInText.named(told, _ -> Optional.of("node-2")));
    assertEquals(told, IdsInText.named(told, _ -> Optional.empty()));
  }

  @Test
  void stayWhereTheNameIsSaidBeside() {
    String told = "'aaaa' can mean default.db (%s)".formatted(ID);

    assertEquals(told, IdsInText.named(told, _ -> Optional.of("default.db")));
  }

  @Test
  void becomeNamesWhoseLettersAreInOtherWords() {
    assertEquals(
        "node n1 does not answer, n10 does",
        IdsInText.named("node " + ID + " does not answer, n10 does", _ -> Optional.of("n1")));
    assertEquals(
        "node a does not answer",
        IdsInText.named("node " + ID + " does not answer", _ -> Optional.of("a")));
  }

  /** Whoever copies it would ask for what is not there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE /v1/volumes/%s?replica=true",
        "PUT /v1/volumes/%s/replication",
        "zfs mount -o remount,rw tank/%s.default.db",
        "hold flk-%s"
      })
  void stayWherePathsAndDatasetsBearThem(String sentence) {
    String told = sentence.replace("%s", ID.toString());

    assertEquals(told, IdsInText.named(told, _ -> Optional.of("default.db")));
  }
}
