package io.flocker.http.route;

import java.util.Set;

/** What is declared of a request, and what serves it. */
public sealed interface Route permits EventRoute, JsonRoute, StreamRoute {
  /** Who may call the public API. */
  Set<Caller> PUBLIC = Set.of(Caller.USER, Caller.LOCAL, Caller.CONTROL_SERVICE);

  /** Who may call what only the node's own commands need. */
  Set<Caller> OWN_COMMANDS = Set.of(Caller.LOCAL);

  /** Who may call what is spoken between nodes. */
  Set<Caller> NODES = Set.of(Caller.NODE);

  /** All that is said of it. */
  Declaration declaration();

  /** The HTTP method, in upper case. */
  default String method() {
    return declaration().method();
  }

  /** The path template, such as {@code /v1/volumes/{id}}; a variable fills one whole segment. */
  default String path() {
    return declaration().path();
  }
}
