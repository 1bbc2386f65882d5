package io.flocker.http.route;

import java.util.Set;

/** A method and a path template, who may call it, and what serves it. */
public sealed interface Route permits JsonRoute, StreamRoute {
  /** Who may call the public API. */
  Set<Caller> PUBLIC = Set.of(Caller.USER, Caller.LOCAL, Caller.CONTROL_SERVICE);

  /** Who may call what is spoken between nodes. */
  Set<Caller> NODES = Set.of(Caller.NODE);

  /** The HTTP method, in upper case. */
  String method();

  /** The path template, such as {@code /v1/volumes/{id}}; a variable fills one whole segment. */
  String path();

  /** Who may call it; anyone else gets 403. */
  Set<Caller> callers();

  /** What a policy may grant or deny, such as {@code volume:push}. */
  String permission();
}
