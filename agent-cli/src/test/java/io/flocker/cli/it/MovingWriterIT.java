package io.flocker.cli.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An application that writes all the time is moved between two nodes. {@code benchmarks/containers}
 * has this done more often, and reports how long nothing could be written.
 */
@Timeout(1800)
class MovingWriterIT {
  private static final int MOVES = Integer.getInteger("flocker.moves", 2);
  private static final String REPORT = System.getProperty("flocker.report", "");
  private static final String VOLUME = "default.writer";

  /** What it writes between two moves, at the least. */
  private static final int BETWEEN = 50;

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static TwoEngines engines;
  private static Wishes wishes;

  @BeforeAll
  static void begin() throws Exception {
    engines = TwoEngines.give(NODES, "MovingWriterIT");
    wishes = new Wishes(NODES);
  }

  @AfterAll
  static void end() throws Exception {
    if (engines != null) {
      engines.close();
    }
  }

  @Test
  @DisplayName("what a writer was told is written is there after every move, and its numbers rise")
  void nothingAcknowledgedIsLost() throws Exception {
    Instant start = Instant.now();
    TestNode at = NODES.first();
    Downtimes downtimes = new Downtimes();
    try (AcknowledgedWrites writes =
        new AcknowledgedWrites(
            "writer", List.of(engines.of(NODES.first()), engines.of(NODES.second())))) {
      wish(at);
      for (int move = 0; move < MOVES; move++) {
        writes.awaitBeyond(writes.highest() + BETWEEN);
        TestNode from = at;
        at = from == NODES.first() ? NODES.second() : NODES.first();
        Instant told = Instant.now();
        wish(at);
        writes.awaitBeyond(writes.highest());
        writes.requireAll(at.pool().mounts().resolve(VOLUME));
        downtimes.add(told, writes.all(), from, engines.of(from), engines.of(at), start);
      }
    }
    if (!REPORT.isEmpty()) {
      Files.writeString(
          Path.of(REPORT),
          downtimes.table(),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING);
    }
    System.out.println(downtimes.table()); // Beside the report, for whoever runs the test alone.
  }

  private static void wish(TestNode where) throws Exception {
    List<Map<String, Object>> writer =
        List.of(Wishes.application("writer", AcknowledgedWrites.PROGRAM, VOLUME));
    boolean isFirst = where == NODES.first();
    wishes.bring(isFirst ? writer : List.of(), isFirst ? List.of() : writer);
  }
}
