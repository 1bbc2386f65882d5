package io.flocker.cli.join;

/** Nobody has joined; the message says why, and what to do. */
public final class JoinException extends Exception {
  private static final long serialVersionUID = 1;

  /** One without a cause that helps. */
  public JoinException(String message) {
    super(message);
  }

  /** One that something else has led to. */
  public JoinException(String message, Throwable cause) {
    super(message, cause);
  }
}
