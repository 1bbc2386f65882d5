package io.flocker.cli.it;

import io.flocker.core.peer.Takeover;
import java.io.IOException;
import java.nio.file.Path;
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
class MatrixIT {
  @RegisterExtension
  static final TwoNodes NODES = TwoNodes.apart(NodeSetup.usual().withFaultyZfs());

  /** Nobody writes here before the other has answered. */
  @BeforeAll
  static void mayTakeOver() throws Exception {
    NODES.first().learn(NODES.second(), Takeover.MANUAL);
    NODES.second().learn(NODES.first(), Takeover.MANUAL);
  }

  @TestFactory
  @DisplayName("Whatever happens in a change of owner: one writer at most, and no write is lost")
  Stream<DynamicTest> stories() throws IOException {
    return Story.in(Path.of("src", "test", "matrix")).stream()
        .map(story -> DynamicTest.dynamicTest(story.name(), () -> play(story)));
  }

  private static void play(Story story) throws Exception {
    try {
      new Stage(NODES.first(), NODES.second(), NODES.network()).play(story);
    } catch (AssertionError e) {
      NODES.printLogs(story.name());
      throw e;
    }
  }
}
