package io.flocker.cli.it;

import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes and what can happen to them in the midst of a change of owner: killed, stopped, parted,
 * put back to an earlier day. Each story is a file of {@code src/test/matrix}, see {@link Stage}.
 */
@Timeout(1800)
class CrashMatrixIT {
  @RegisterExtension
  static final TwoNodes NODES =
      TwoNodes.apart(NodeSetup.usual().withFaultyZfs().with("ownership: { confirm-wait: 1s }"));

  /** All stories of all commands, and not a few of each file: see CONTRIBUTING.md. */
  private static final boolean IS_WHOLE = "whole".equals(System.getProperty("flocker.test.matrix"));

  /** Those alone in whose names this is found. */
  private static final Pattern CHOSEN =
      Pattern.compile(System.getProperty("flocker.test.stories", ""));

  /** Of each change of owner, all goes well: what it needs of ZFS is where others break off. */
  private static final List<List<Part>> REHEARSALS =
      List.of(
          List.of(
              new Part(
                  "A creates the volume, A writes, A pushes, A's commands count, B's commands"
                      + " count, A hands off, B becomes owner",
                  "commands of the giver",
                  "commands of the taker")),
          List.of(
              new Part(
                  "A creates the volume, A writes, A pushes, A loses its power, B's commands"
                      + " count, B takes over, B becomes owner",
                  "",
                  "commands of a takeover"),
              new Part(
                  "A's commands count, A starts, A becomes superseded",
                  "commands of being put out",
                  ""),
              new Part(
                  "A's commands count, A sets its copy aside", "commands of setting aside", "")),
          List.of(
              new Part(
                  "the volume is created twice, A's commands count, B's commands count, A is kept,"
                      + " A becomes owner, B becomes superseded",
                  "commands of being kept",
                  "commands of giving way")));

  /** What the commands of A and of B are called that are given while this is played. */
  private record Part(String steps, String ofA, String ofB) {}

  private static Credentials operator;

  /** Nobody writes here before the other has answered. */
  @BeforeAll
  static void mayTakeOver() throws Exception {
    operator = NODES.cluster().user("operator", CertifiedPermission.values());
    NODES.first().learn(NODES.second(), Takeover.MANUAL);
    NODES.second().learn(NODES.first(), Takeover.MANUAL);
  }

  @TestFactory
  @DisplayName("Whatever happens in a change of owner: one writer at most, and no write is lost")
  Stream<DynamicTest> stories() throws Exception {
    Map<String, List<String>> points = new HashMap<>();
    for (List<Part> rehearsal : REHEARSALS) {
      Stage stage = stage();
      for (Part part : rehearsal) {
        stage.rehearse(new Story("rehearsal", List.of(part.steps().split(", "))));
        collect(points, part.ofA(), NODES.first());
        collect(points, part.ofB(), NODES.second());
      }
      stage.end();
    }
    return Story.in(Path.of("src", "test", "matrix"), points, IS_WHOLE).stream()
        .filter(story -> CHOSEN.matcher(story.name()).find())
        .map(story -> DynamicTest.dynamicTest(story.name(), () -> play(story)));
  }

  private static void collect(Map<String, List<String>> points, String list, TestNode node)
      throws IOException {
    if (!list.isEmpty()) {
      points.put(
          list, KillPoint.at(KillPoint.commands(node)).stream().map(KillPoint::toString).toList());
    }
  }

  private static Stage stage() {
    return new Stage(NODES.first(), NODES.second(), NODES.network(), operator);
  }

  private static void play(Story story) throws Exception {
    try {
      stage().play(story);
    } catch (AssertionError e) {
      NODES.printLogs(story.name());
      throw e;
    }
  }
}
