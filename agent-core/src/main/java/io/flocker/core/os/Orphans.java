package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the children of a process that is gone, as one that was killed leaves them: what they were
 * told to do may still come. A child is known by a variable in its environment, which its own
 * children inherit, so that of a script that runs a program both are found. Blocking, up to the
 * deadline of {@link FileCalls}. Any thread may call.
 *
 * <p>What was killed in the very moment between its fork and its exec bears the variable a
 * millisecond later: long before another JVM has started and looks.
 */
public final class Orphans {
  /** The variable that every child is given, with {@link #mark} as its value. */
  public static final String VARIABLE = "FLOCKER_CHILD_OF";

  private static final Path PROC = Path.of("/proc");

  /** Of /proc/PID/stat behind the name, see proc_pid_stat(5): state, and ticks of the start. */
  private static final int STATE = 0;

  private static final int START = 19;

  /** A process, or one that was: pids come again, start times with them do not. */
  private record Starter(long pid, String start) {
    boolean isRunning() {
      return Optional.of(start).equals(startOf(pid));
    }
  }

  private Orphans() {}

  /**
   * Says that this process is who starts a child.
   *
   * @param purpose what the children of another process have in common with it, such as a pool
   */
  public static String mark(String purpose) {
    long pid = ProcessHandle.current().pid();
    return pid + " " + startOf(pid).orElse("?") + " " + purpose;
  }

  /**
   * All who were started for {@code purpose} by a process that is gone, or by such a child; only
   * those of our own user, since anybody can put anything into an environment.
   */
  public static List<Orphan> of(String purpose) throws IOException {
    return FileCalls.ask(PROC, () -> search(purpose));
  }

  private static List<Orphan> search(String purpose) {
    String user = user(ProcessHandle.current());
    return ProcessHandle.allProcesses()
        .filter(process -> user(process).equals(user))
        .filter(process -> starter(process, purpose).filter(who -> !who.isRunning()).isPresent())
        .map(process -> new Orphan(process, argv(process)))
        .toList();
  }

  private static Optional<Starter> starter(ProcessHandle process, String purpose) {
    for (String variable : environment(process).split("\0", -1)) {
      if (variable.startsWith(VARIABLE + "=")) {
        String[] mark = variable.substring(VARIABLE.length() + 1).split(" ", 3);
        return mark.length == 3 && mark[0].matches("[0-9]{1,18}") && mark[2].equals(purpose)
            ? Optional.of(new Starter(Long.parseLong(mark[0]), mark[1]))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The real one: whoever starts a program that is set-uid chooses its environment too. */
  private static String user(ProcessHandle process) {
    return read(process.pid(), "status")
        .lines()
        .filter(line -> line.startsWith("Uid:\t"))
        .map(line -> line.split("\t", 3)[1])
        .findFirst()
        .orElse("");
  }

  private static String environment(ProcessHandle process) {
    return read(process.pid(), "environ");
  }

  private static List<String> argv(ProcessHandle process) {
    return List.of(read(process.pid(), "cmdline").split("\0"));
  }

  /** When it was started; empty if it has ended, also where nobody has taken notice of its end. */
  private static Optional<String> startOf(long pid) {
    String stat = read(pid, "stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length > START && !"ZX".contains(fields[STATE])
        ? Optional.of(fields[START])
        : Optional.empty();
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(Long.toString(pid)).resolve(file), ISO_8859_1);
    } catch (IOException _) {
      return ""; // It has ended.
    }
  }
}
