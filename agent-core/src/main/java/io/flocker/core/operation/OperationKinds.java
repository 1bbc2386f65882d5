package io.flocker.core.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The kinds of operations of this node: each module adds its own. Any thread may call. */
public final class OperationKinds {
  private final Map<String, OperationKind> kinds = new ConcurrentHashMap<>();

  /**
   * Adds a kind, before the first operation of it is started or goes on.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public void add(OperationKind kind) {
    if (kinds.putIfAbsent(kind.name(), kind) != null) {
      throw new IllegalArgumentException("two kinds of operations are named " + kind.name());
    }
  }

  /** The kind of that name; empty for one of another version of flockerd. */
  Optional<OperationKind> find(String name) {
    return Optional.ofNullable(kinds.get(name));
  }

  /** All that were added. */
  public List<OperationKind> all() {
    return List.copyOf(kinds.values());
  }
}
