package io.flocker.core.deploy.route;

import io.flocker.core.failure.FailureException;
import java.util.List;
import java.util.Optional;

/**
 * The routes of this node. Any thread may call, use a virtual one; one change is made at a time.
 */
public interface Routes {
  /**
   * What there is.
   *
   * @param isThere whether there is anything of ours in the packet filter
   * @param isIntact whether it is as it was written; a change that others made is mended by the
   *     next {@link #apply}
   * @param routing what could be read of it
   * @param hindrances sentences on what the last change, or the look at what was left before, could
   *     not do, and what to do
   */
  record Found(boolean isThere, boolean isIntact, Routing routing, List<String> hindrances) {
    /** Nothing of ours. */
    static final Found NOTHING = new Found(false, true, Routing.NONE);

    public Found {
      hindrances = List.copyOf(hindrances);
    }

    /** With which everything was done. */
    public Found(boolean isThere, boolean isIntact, Routing routing) {
      this(isThere, isIntact, routing, List.of());
    }

    Found with(List<String> undone) {
      return new Found(isThere, isIntact, routing, undone);
    }

    /** Whether nothing has to be done. */
    public boolean is(Routing wish) {
      return wish.isEmpty() ? !isThere : isThere && isIntact && routing.equals(wish);
    }
  }

  /**
   * What became of a wish.
   *
   * @param hasChanged whether anything had to be changed
   * @param hindrances sentences on why some of it does not work all the same, and what to do
   */
  record Applied(boolean hasChanged, List<String> hindrances) {
    public Applied {
      hindrances = List.copyOf(hindrances);
    }
  }

  /** Looks, and changes nothing. */
  Found discover() throws FailureException;

  /**
   * Makes it as wished, at once or not at all. Connections of routes that stay go on; those of
   * routes that went are ended or led anew. An empty wish leaves nothing.
   *
   * @throws FailureException with the old routes in force; after ROUTES_TIMEOUT the old or the new
   */
  Applied apply(Routing wish) throws FailureException;

  /**
   * Ends or leads anew the connections of routes that went while nobody saw to that: once, before
   * or after the first {@link #apply}. Costs nothing where there are no routes.
   *
   * @return why some go on by their old way, which {@link #discover} tells too until the next
   *     change
   */
  Optional<String> forgetStale() throws FailureException;

  /** What keeps routes from working on this node: sentences, each with what to do. */
  List<String> examine() throws FailureException;
}
