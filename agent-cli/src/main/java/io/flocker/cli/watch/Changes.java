package io.flocker.cli.watch;

import io.flocker.http.client.FlockerClient;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** All of it once, then whatever is otherwise than it was before, below the time of that. */
final class Changes implements Watch {
  private final FlockerClient node;
  private final PrintWriter out;
  private final InstantSource clock;
  private List<String> before = List.of();
  private boolean isClosed;

  Changes(FlockerClient node, PrintWriter out, InstantSource clock) {
    this.node = node;
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void follow() {
    new Questions(node, clock, this::show).run();
  }

  synchronized void show(Seen seen) {
    if (isClosed) {
      return;
    }
    List<String> now =
        Picture.whole(
            seen,
            node.url().getAuthority(),
            // What is old is so of a sudden, and does not change by growing older.
            seen.asOf().orElseGet(clock::instant),
            ZoneId.systemDefault());
    List<String> news = new ArrayList<>(now.subList(1, now.size()));
    news.removeAll(before);
    before = now;
    if (!news.isEmpty()) {
      out.println(now.getFirst());
      news.forEach(out::println);
      out.flush();
    }
  }

  @Override
  public synchronized void leave() {
    isClosed = true;
  }

  @Override
  public void close() {
    leave();
  }
}
