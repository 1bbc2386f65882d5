package io.flocker.cli.daemon;

/** Why the daemon does not start, in one line that names the thing and what to do. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  StartException(String message) {
    super(message);
  }

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
