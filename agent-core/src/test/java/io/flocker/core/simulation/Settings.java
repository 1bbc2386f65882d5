package io.flocker.core.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * What kind of world a run is in, drawn from its seed: each kind of trouble is there in some runs
 * and not in others, since much of one hides the other.
 *
 * @param isStrict whether each peer must have answered before a volume is mounted ({@code takeover:
 *     manual}); else who does not answer is waited for only a while
 * @param troubles that may happen
 */
record Settings(int nodes, int volumes, boolean isStrict, Set<Trouble> troubles) {
  private static final double USUAL = 0.35;

  /** What may happen that should not. */
  enum Trouble {
    /** Messages are lost. */
    LOSS,
    /** Messages come twice. */
    DOUBLES,
    /** Messages come late, after others that were sent later. */
    DELAYS,
    /** Two nodes do not reach each other for a while. */
    CUTS,
    /** A daemon is killed, at any effect; its mounts stay and are written. */
    KILLS,
    /** A machine crashes, at any effect. */
    CRASHES,
    /** A daemon stands still, for longer than anybody waits, and its mounts are written. */
    PAUSES,
    /** The command that a killed daemon has started goes on. */
    LATE_COMMANDS,
    /** A mount is in use for a while, and cannot be undone. */
    BUSY,
    /** Clocks jump, by days and months. */
    CLOCKS,
    /** A node of the cluster lies, who is a peer of all, or of nobody. */
    LIAR,
    /** A node that never had it creates a volume that is there. */
    CREATED_TWICE,
    /** Pools go back in time. */
    OLD_POOL,
    /** State folders go back in time. */
    OLD_STATE,
    /** Both go back at once, as with a virtual machine. */
    OLD_BOTH,
    /** Operators take over and resolve, where it is right and where it is not. */
    OPERATOR,
    /** One node never comes back. */
    DEAD,
    /** State folders are lost whole, until an operator says what they have to know. */
    LOST_STATE
  }

  /**
   * Draws what happens.
   *
   * @param later for what was thought of later: the other seeds tell what they have told before
   */
  static Settings of(Chance chance, Chance later) {
    Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
    for (Trouble trouble : EnumSet.complementOf(EnumSet.of(Trouble.LOST_STATE))) {
      if (chance.hits(trouble == Trouble.DEAD ? USUAL / 2 : USUAL)) {
        boolean _ = troubles.add(trouble);
      }
    }
    if (later.hits(USUAL / 2)) {
      boolean _ = troubles.add(Trouble.LOST_STATE);
    }
    return new Settings(
        2 + chance.below(2), chance.hits(0.25) ? 2 : 1, chance.hits(0.6), Set.copyOf(troubles));
  }

  boolean has(Trouble trouble) {
    return troubles.contains(trouble);
  }
}
