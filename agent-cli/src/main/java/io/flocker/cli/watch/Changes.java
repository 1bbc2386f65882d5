package io.flocker.cli.watch;

import io.flocker.http.client.FlockerClient;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints all of it once, then each line that is new, below the time of the look. */
final class Changes implements Watch {
  private final FlockerClient node;
  private final PrintWriter out;
  private final InstantSource clock;
  private Set<String> before = Set.of();
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
            // By the time of the answer, so that an age that only grows is no news each time.
            seen.asOf().orElseGet(clock::instant),
            ZoneId.systemDefault());
    List<String> news =
        now.stream().skip(1).filter(line -> !before.contains(withoutColumns(line))).toList();
    before = now.stream().map(Changes::withoutColumns).collect(Collectors.toUnmodifiableSet());
    if (!news.isEmpty()) {
      out.println(now.getFirst());
      news.forEach(out::println);
      out.flush();
    }
  }

  /** A wider cell moves what stands in other lines, and is no news of them. */
  private static String withoutColumns(String line) {
    return line.replaceAll(" +", " ");
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
