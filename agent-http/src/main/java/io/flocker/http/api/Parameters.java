package io.flocker.http.api;

import io.flocker.http.route.Parameter;

/** Parameters that several routes have. */
public final class Parameters {
  /** Of every path below one volume. */
  public static final Parameter VOLUME =
      Parameter.path("id", "uuid", "The volume's id, which never changes.");

  /** Of routes that can tell what they would do. */
  public static final Parameter DRY_RUN =
      Parameter.query("dry-run", "flag", "Whether to answer the plan and do nothing.");

  private Parameters() {}
}
