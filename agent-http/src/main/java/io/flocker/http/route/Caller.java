package io.flocker.http.route;

import io.flocker.core.identity.Principal;

/** The kinds of callers that a route can be declared for. */
public enum Caller {
  USER,
  LOCAL,
  CONTROL_SERVICE,
  NODE;

  /** The kind that {@code principal} is of. */
  public static Caller of(Principal principal) {
    return switch (principal) {
      case Principal.User _ -> USER;
      case Principal.Local _ -> LOCAL;
      case Principal.ControlService _ -> CONTROL_SERVICE;
      case Principal.Node _ -> NODE;
    };
  }
}
