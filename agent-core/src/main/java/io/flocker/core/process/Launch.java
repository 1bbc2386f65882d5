package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import io.flocker.core.os.Orphans;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Starts children: argv only, an environment of three variables, never a shell; and none while one
 * is at work that a daemon before has left. Any thread may call.
 */
public final class Launch {
  // LC_ALL=C: the words of programs are matched, and must not be translated.
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "PATH", "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin");

  /** What follows the number, with and without brackets: the JDK has both. */
  private static final Pattern SYSTEM_WORDS = Pattern.compile("error[:=] ?\\d+,? ?(.+)$");

  private final Asked asked;
  private final String mark;
  private final Predecessors predecessors;

  /**
   * Starts what works on one thing.
   *
   * @param asked whom the children ask
   * @param thing such as the name of a pool, by which a later daemon knows what this one has left
   */
  public Launch(Asked asked, String thing) {
    this(asked, thing, Predecessors.on(asked, thing));
  }

  Launch(Asked asked, String thing, Predecessors predecessors) {
    this.asked = asked;
    this.mark = Orphans.mark(thing);
    this.predecessors = predecessors;
  }

  Asked asked() {
    return asked;
  }

  /** A builder for {@code argv}; its three streams are pipes. */
  public ProcessBuilder of(List<String> argv) {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    builder.environment().put(Orphans.VARIABLE, mark);
    return builder;
  }

  /** The system's words out of {@code Exec failed, error: 2 (No such file or directory)}. */
  private static String reason(IOException refusal) {
    var words = SYSTEM_WORDS.matcher(String.valueOf(refusal.getMessage()));
    return words.find() ? words.group(1).replaceAll("[()]", "").strip() : "the system refuses";
  }

  /**
   * Starts it, once what a daemon before has left has ended.
   *
   * @throws FailureException {@link Asked#unavailable} with the system's words, {@link Asked#late}
   *     while something is left
   */
  public Process start(ProcessBuilder builder) throws FailureException {
    predecessors.awaitEnd();
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
