package io.flocker.cli.setup;

/** A machine did not become a node; the message says why, and what to do. */
public final class SetupException extends Exception {
  private static final long serialVersionUID = 1;

  /** One without a cause that helps. */
  public SetupException(String message) {
    super(message);
  }

  /** One that something else has led to. */
  public SetupException(String message, Throwable cause) {
    super(message, cause);
  }
}
