package io.flocker.core.simulation;

import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.simulation.Message.Answer;
import io.flocker.core.simulation.Settings.Trouble;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What goes from node to node. Who sends is known to who receives, as with TLS. */
final class Network {
  private static final long SILENCE_MILLIS = 30_000;
  private static final long LATEST_MILLIS = 600_000;

  private final World world;
  private final Set<String> cuts = new HashSet<>();

  /** All grants that were ever sent, for who wants to repeat one. */
  private final Set<SignedGrant> heard = new HashSet<>();

  private final List<SignedGrant> overheard = new ArrayList<>();

  Network(World world) {
    this.world = world;
  }

  List<SignedGrant> overheard() {
    return overheard;
  }

  void cut(Party one, Party other, long millis) {
    String link = link(one, other);
    boolean _ = cuts.add(link);
    world.tell("--", link + " is cut");
    world.scheduler().after(millis, () -> heal(link));
  }

  void healAll() {
    cuts.clear();
  }

  private void heal(String link) {
    if (cuts.remove(link)) {
      world.tell("--", link + " is whole again");
      world.nudge();
    }
  }

  private static String link(Party one, Party other) {
    boolean isInOrder = String.valueOf(one).compareTo(String.valueOf(other)) < 0;
    return isInOrder ? one + "-" + other : other + "-" + one;
  }

  /** Sends a message; the answer comes into the mailbox, or does not. */
  Scheduler.Mailbox<Answer> send(Party from, Party to, Message message) {
    Scheduler.Mailbox<Answer> answers = world.scheduler().mailbox();
    if (from != world.liar()) {
      overhear(message);
    }
    carry(from, to, () -> arrive(from, to, message, answers));
    return answers;
  }

  private void arrive(Party from, Party to, Message message, Scheduler.Mailbox<Answer> answers) {
    if (to.accepts(from) && from.accepts(to)) {
      to.serve(
          from,
          message,
          answer -> {
            if (to != world.liar()) {
              overhear(answer);
            }
            carry(to, from, () -> answers.put(answer));
          });
    }
  }

  /** One way: whoever sends does not know what comes of it. */
  private void carry(Party from, Party to, Runnable arrival) {
    if (isLost(from, to)) {
      return;
    }
    carryOnce(from, to, arrival);
    if (world.isTroubled(Trouble.DOUBLES) && world.chance().hits(0.15)) {
      carryOnce(from, to, arrival);
    }
  }

  private boolean isLost(Party from, Party to) {
    return cuts.contains(link(from, to))
        || (world.isTroubled(Trouble.LOSS) && world.chance().hits(0.15));
  }

  private void carryOnce(Party from, Party to, Runnable arrival) {
    boolean isLate = world.isTroubled(Trouble.DELAYS) && world.chance().hits(0.15);
    long millis =
        isLate ? world.chance().millis(20_000, LATEST_MILLIS) : world.chance().millis(4, 500);
    world
        .scheduler()
        .after(
            millis,
            () -> {
              if (!cuts.contains(link(from, to))) {
                arrival.run();
              }
            });
  }

  /**
   * Sends a message and waits for the answer.
   *
   * @throws Refusal if it is a refusal, or none comes
   */
  Answer ask(Party from, Party to, Message message) {
    Answer answer =
        send(from, to, message)
            .take(SILENCE_MILLIS)
            .orElseThrow(() -> new Refusal(to + " does not answer"));
    if (answer instanceof Answer.Refused refused) {
      throw new Refusal(to + ": " + refused.why());
    }
    return answer;
  }

  private void overhear(Message message) {
    overhear(
        switch (message) {
          case Message.Push push -> push.grants();
          case Message.Acquire acquire -> acquire.grants();
          case Message.Confirm confirm -> confirm.grants();
        });
  }

  private void overhear(GrantChain shown) {
    if (world.settings().has(Trouble.LIAR)) {
      shown.grants().stream().filter(heard::add).forEach(overheard::add);
    }
  }

  private void overhear(Answer answer) {
    if (answer instanceof Answer.Known known) {
      overhear(known.grants());
    }
  }

  /** What was asked for is not done. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String why) {
      super(why, null, false, false);
    }
  }
}
