package io.flocker.core.os;

import java.io.IOException;

/** A file system did not answer in time; what was asked of it may yet be done. */
public final class SilentFileSystemException extends IOException {
  private static final long serialVersionUID = 1L;

  SilentFileSystemException(String message) {
    super(message);
  }
}
