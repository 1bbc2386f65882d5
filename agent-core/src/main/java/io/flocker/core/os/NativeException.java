package io.flocker.core.os;

import java.io.IOException;

/** A C library call that failed, with the errno it left. */
public final class NativeException extends IOException {
  private static final long serialVersionUID = 1;

  private final int errno;

  NativeException(String call, int errno) {
    super(call + " failed, errno " + errno);
    this.errno = errno;
  }

  /** The value from errno(3). */
  public int errno() {
    return errno;
  }
}
