package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.LiveView;
import io.flocker.cli.deploy.Following;
import io.flocker.cli.deploy.Outlook;
import io.flocker.cli.deploy.OutlookLines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Shows how far a cluster is. Any thread; nothing is shown once it is closed. */
interface ClusterView extends Following.Watcher, AutoCloseable {
  /** Leaves the place to whoever prints next. Idempotent. */
  @Override
  void close();

  /** A picture for a person, lines for a file, nothing beside a JSON document. */
  static ClusterView in(Session session, InstantSource clock) {
    if (session.isDocument()) {
      return new Nothing();
    }
    CommandEnvironment environment = session.environment();
    return environment.terminal().interactive()
        ? new Picture(
            new LiveView(environment.terminal(), environment.out()), clock, clock.instant())
        : new Changes(session);
  }

  /** How long it has taken, as people read it. */
  static String elapsed(Instant begin, InstantSource clock) {
    return Amounts.time(Duration.between(begin, clock.instant()));
  }

  /** Nothing at all. */
  record Nothing() implements ClusterView {
    @Override
    public void show(Outlook outlook) {
      // Nobody looks.
    }

    @Override
    public void close() {
      // Nothing is there.
    }
  }

  /** One that is drawn again and again. */
  record Picture(LiveView view, InstantSource clock, Instant begin) implements ClusterView {
    @Override
    public void show(Outlook outlook) {
      view.show(columns -> OutlookLines.of(outlook, elapsed(begin, clock), columns));
    }

    @Override
    public void close() {
      view.close();
    }
  }

  /** A line for whatever is otherwise than it was before. */
  final class Changes implements ClusterView {
    private final Session session;
    private List<String> before = List.of();
    private boolean closed;

    Changes(Session session) {
      this.session = session;
    }

    @Override
    public synchronized void show(Outlook outlook) {
      if (closed) {
        return;
      }
      List<String> now = outlook.states();
      List<String> news = new ArrayList<>(now);
      news.removeAll(before);
      before = now;
      news.forEach(session::say);
      session.environment().out().flush();
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }
}
