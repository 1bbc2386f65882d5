package io.flocker.core.pki;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A certificate or key that cannot be read, used or written; the message names file and cure. */
public final class CredentialsException extends Exception {
  private static final long serialVersionUID = 1;

  CredentialsException(Path file, String what) {
    this(file, what, null);
  }

  CredentialsException(Path file, String what, @Nullable Throwable cause) {
    super(file + " " + what, cause);
  }

  /** What is wrong and what to do about it, for people. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
