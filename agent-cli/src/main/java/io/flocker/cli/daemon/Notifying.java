package io.flocker.cli.daemon;

import io.flocker.core.config.NotifyConfiguration;
import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.id.NodeId;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.loop.Waker;
import io.flocker.core.notify.ExecutableTarget;
import io.flocker.core.notify.Notifier;
import io.flocker.core.notify.Standings;
import io.flocker.core.notify.Target;
import io.flocker.core.notify.ToldStore;
import io.flocker.http.hook.HookTarget;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Puts together what tells the operator of changes, and passes events on to it. Any thread. */
final class Notifying implements EventSink {
  private final EventSink events;
  private volatile List<Notifier> notifiers = List.of();

  /** Passes all on to {@code events}. */
  Notifying(EventSink events) {
    this.events = events;
  }

  @Override
  public void tell(Event event) {
    events.tell(event);
    notifiers.forEach(notifier -> notifier.heard(event));
  }

  /** Those who tell; none where nobody is to be told. */
  List<Notifier> notifiers() {
    return notifiers;
  }

  /** Begins to tell those that the settings name, each on a thread of its own. */
  void start(
      NotifyConfiguration configuration,
      NodeId self,
      Standings standings,
      ToldStore store,
      ResourceStack closing) {
    List<Notifier> started = new ArrayList<>();
    for (Target target : targets(configuration, self)) {
      Waker waker = new Waker();
      Notifier notifier =
          new Notifier(
              self,
              target,
              standings,
              store,
              configuration.pause(),
              Clock.systemUTC(),
              waker::wake);
      started.add(notifier);
      closing.add(RoundLoop.start("notify-" + target.name(), notifier, 0, waker));
    }
    notifiers = List.copyOf(started);
  }

  private static List<Target> targets(NotifyConfiguration configuration, NodeId self) {
    List<Target> targets = new ArrayList<>();
    configuration
        .executable()
        .ifPresent(
            program -> targets.add(new ExecutableTarget(self, program.argv(), program.deadline())));
    configuration
        .hook()
        .ifPresent(hook ->
            targets.add(
                new HookTarget(
                    hook.url(),
                    hook.secretFile(),
                    hook.authorities(),
                    hook.deadline(),
                    Clock.systemUTC())));
    return targets;
  }
}
