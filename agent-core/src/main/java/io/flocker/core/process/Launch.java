package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Starts children: argv only, an environment of two variables, never a shell. */
public final class Launch {
  // LC_ALL=C: the words of programs are matched, and must not be translated.
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "PATH", "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin");

  /** What follows the number, with and without brackets: the JDK has both. */
  private static final Pattern SYSTEM_WORDS = Pattern.compile("error[:=] ?\\d+,? ?(.+)$");

  private Launch() {}

  /** A builder for {@code argv}; its three streams are pipes. */
  public static ProcessBuilder of(List<String> argv) {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  /** The system's words out of {@code Exec failed, error: 2 (No such file or directory)}. */
  private static String reason(IOException refusal) {
    var words = SYSTEM_WORDS.matcher(String.valueOf(refusal.getMessage()));
    return words.find() ? words.group(1).replaceAll("[()]", "").strip() : "the system refuses";
  }

  /**
   * Starts it.
   *
   * @throws FailureException {@link Asked#unavailable} with the system's words
   */
  public static Process start(Asked asked, ProcessBuilder builder) throws FailureException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw asked
          .unavailable()
          .because(builder.command().getFirst() + " cannot be started: " + reason(e))
          .causedBy(e);
    }
  }
}
