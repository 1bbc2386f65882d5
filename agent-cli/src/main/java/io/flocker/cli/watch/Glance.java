package io.flocker.cli.watch;

import io.flocker.http.client.FlockerClient;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;

/** What {@link Watch} shows, once, for whoever looks and goes. */
public final class Glance {
  private Glance() {}

  /**
   * The node, its peers, what runs, what has failed and all volumes, a line for each; not the wish,
   * which has a table of its own. What the node does not tell is left out, and said to be.
   */
  public static List<String> of(FlockerClient node, InstantSource clock)
      throws InterruptedException {
    Seen seen = new Questions(node, clock, _ -> {}).once();
    return Picture.whole(
        seen.withoutWish(), node.url().getAuthority(), clock.instant(), ZoneId.systemDefault());
  }
}
