package io.flocker.zfs.process;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Starts children: argv only, an environment of two variables, never a shell. */
final class Launch {
  // LC_ALL=C: the words of zfs are matched, and must not be translated.
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "PATH", "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin");

  private Launch() {}

  /** A builder for {@code argv}; its three streams are pipes. */
  static ProcessBuilder of(List<String> argv) {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  /** Starts it, or says that the program cannot be started. */
  static Process start(ProcessBuilder builder) throws FailureException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw StorageFailure.ZFS_UNAVAILABLE
          .because(builder.command().getFirst() + " cannot be started: " + e.getMessage())
          .causedBy(e);
    }
  }
}
