package io.flocker.transfer.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.transfer.node.MemoryPair;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ChildAtWorkTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  @Test
  void tellsThePeerAgainAndAgainWhileNothingIsSentWhateverItAnswers() {
    ChildAtWork work = work(Duration.ofMillis(1));
    while (nodes.first.links.said().size() < 2) {
      work.sent(7);
      Thread.onSpinWait();
    }
    assertEquals(List.of("result", "result"), nodes.first.links.said().subList(0, 2));
  }

  @Test
  void saysNothingWhileTheStreamMoves() {
    ChildAtWork work = work(Duration.ZERO);
    for (int bytes = 0; bytes < 1_000; bytes++) {
      work.sent(bytes);
    }
    assertEquals(List.of(), nodes.first.links.said());
  }

  private ChildAtWork work(Duration pause) {
    return new ChildAtWork(nodes.first.links, nodes.second.id, UUID.randomUUID(), pause);
  }
}
