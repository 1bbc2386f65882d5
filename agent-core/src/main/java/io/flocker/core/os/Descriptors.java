package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;

/** File descriptors as plain numbers. Any thread may call. */
public final class Descriptors {
  private static final LibC CLOSE = LibC.function("close", INT, INT); // int close(int)

  private Descriptors() {}

  /**
   * Closes {@code descriptor}. Whatever close(2) says, the number is free afterwards on Linux, so
   * there is nothing for the caller to do about it and it must not be closed again.
   */
  public static void close(int descriptor) {
    try {
      CLOSE.call(descriptor);
    } catch (NativeException _) {
      // The number is free all the same (close(2), "Dealing with error returns from close()").
    }
  }
}
