package io.flocker.core.replicate;

import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a copy, so that no end of the daemon makes it look less behind than it is.
 *
 * @param changed when the first change was seen that the peer does not have; empty if it has all
 * @param last what it is proven to have; empty before the first time
 * @param setback why the last try has failed; empty after one that has not
 * @param verified what came of the last comparison; empty before the first one
 */
public record CopyRecord(
    Copy copy,
    Optional<Instant> changed,
    Optional<Arrival> last,
    Optional<Setback> setback,
    Optional<Verified> verified) {
  /** Of a copy that nothing has come of yet, and all is to come. */
  static CopyRecord fresh(Copy copy, Instant now) {
    return new CopyRecord(
        copy, Optional.of(now), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** There is something to send since then, if there was not before. */
  CopyRecord changed(Instant when) {
    return changed.isPresent()
        ? this
        : new CopyRecord(copy, Optional.of(when), last, setback, verified);
  }

  /**
   * What holds for a daemon that begins now: it was not there to see what was written, and has to
   * look. That may have been written right after somebody looked last, or after the snapshot was
   * taken that the peer has. What is kept as later than now was kept before the clock was set back,
   * and keeps nothing waiting.
   *
   * @param looked when all that was written until then was known; empty if nobody knows
   */
  CopyRecord goingOn(Optional<Instant> looked, Instant now) {
    Instant since = changed.or(() -> looked.map(this::unseen)).filter(now::isAfter).orElse(now);
    return new CopyRecord(
        copy, Optional.of(since), last, setback.map(before -> before.goingOn(now)), verified);
  }

  private Instant unseen(Instant looked) {
    return last.map(Arrival::taken).filter(looked::isBefore).orElse(looked);
  }

  /**
   * It has arrived.
   *
   * @param next what was changed meanwhile
   */
  CopyRecord arrived(Arrival arrival, Optional<Instant> next) {
    return new CopyRecord(copy, next, Optional.of(arrival), Optional.empty(), verified);
  }

  /** The last try has failed. */
  CopyRecord failed(Setback why) {
    return new CopyRecord(copy, changed, last, Optional.of(why), verified);
  }

  /** It was compared. */
  CopyRecord verified(Verified result) {
    return new CopyRecord(copy, changed, last, setback, Optional.of(result));
  }

  /** The peer has nothing of it any more: all is to come, and nothing has been found in it. */
  CopyRecord begunAnew(Instant now) {
    return new CopyRecord(
        copy, changed.or(() -> Optional.of(now)), Optional.empty(), setback, Optional.empty());
  }

  /** Whether it is known not to have what its owner has. */
  boolean hasDrifted() {
    return verified.flatMap(Verified::drift).isPresent();
  }
}
