package io.flocker.core.event;

/**
 * What the hub may take of the node's memory.
 *
 * @param inbox events that are told and not written yet
 * @param journalEvents events that can be replayed
 * @param journalLength length of their texts
 * @param queueEvents events that wait for one listener
 * @param queueLength length of their texts, by one event more at most
 * @param listeners how many may listen at once
 * @param listenersOfOne how many of them may be the same caller
 */
public record EventLimits(
    int inbox,
    int journalEvents,
    long journalLength,
    int queueEvents,
    long queueLength,
    int listeners,
    int listenersOfOne) {
  /** What suits a storage node. */
  public static EventLimits usual() {
    return new EventLimits(4_096, 8_192, 4L << 20, 256, 128L << 10, 64, 16);
  }

  /** A listener this far behind has to reconnect, while what it lacks can still be replayed. */
  int mostBehind() {
    return journalEvents / 2;
  }
}
