package io.flocker.core.storage;

import io.flocker.core.id.Guid;

/** A place in a dataset's time that an increment can start from. */
public sealed interface Point permits Snapshot, Bookmark {
  /** The part after the sign. */
  String name();

  /** What identifies it, on every node. */
  Guid guid();

  /** Orders within one pool, and only there. */
  long createtxg();

  /** The name with its sign, as {@code zfs send -i} takes it: {@code @a} or {@code #b}. */
  String reference();
}
