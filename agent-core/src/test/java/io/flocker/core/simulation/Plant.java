package io.flocker.core.simulation;

/** A rule that is broken on purpose, so that it is seen that the simulator sees it. */
enum Plant {
  /** The grant leaves the node before the release is on record. */
  ACQUIRE_BEFORE_RELEASE(1),
  /** A node mounts first, and asks and fences then. */
  FENCE_AFTER_MOUNTING(1),
  /** Nobody looks at the signature of a grant. */
  GRANT_UNCHECKED(1),
  /** A contested volume stays mounted, or is mounted again. */
  CONTESTED_WRITABLE(1),
  /** The lower epoch counts as the newer one. */
  EPOCHS_BACKWARDS(1),
  /** The record of a superseded copy is written before it is unmounted. */
  RECORD_BEFORE_FENCE(1),
  /** The first that is heard of a volume counts as if it was proven. */
  FIRST_USE_REMEMBERED(1),
  /** Who is asked tells what it knows, and judges the question after that. */
  ANSWER_BEFORE_FENCE(1),
  /** A handoff mounts what it hands off, whether or not anybody has confirmed it. */
  HANDOFF_UNCONFIRMED(420),
  /** The operator's word that a peer is fenced outlives the daemon's run. */
  FENCED_WORD_KEPT(2_800),
  /** Who owns the volume at a lower epoch, and is not convinced, counts as if he confirmed. */
  LOWER_OWNER_CONFIRMS(2_420),
  /** Who is granted a volume asks nobody but who granted it. */
  ACQUIRER_ASKS_GRANTER_ALONE(3_520),
  /** Who has confirmed a volume to its owner is held to it by no later owner. */
  WORD_STAYS_BEHIND(9_520),
  /** Whoever says that he created a volume is heard, also where its maker made up its id. */
  OTHER_CREATION_COUNTS(1),
  /** Who is given a volume is not told who made up its id. */
  CREATION_STAYS_BEHIND(510),
  /** Who is called fenced is confirmed while the takeover is undecided. */
  CONFIRMED_WHILE_TAKEN(4_340),
  /** Nothing is written down before a release whose command may outlive the daemon. */
  RELEASE_UNWRITTEN(830),
  /** Who has forgotten his peers mounts what his pool says is his, as if there were none. */
  FORGOTTEN_UNASKED(1);

  private final long seed;

  Plant(long seed) {
    this.seed = seed;
  }

  /** Where to begin to look for it: before that it is not found. */
  long seed() {
    return seed;
  }
}
