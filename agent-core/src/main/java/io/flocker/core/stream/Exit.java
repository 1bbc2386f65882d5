package io.flocker.core.stream;

import java.util.Optional;

/**
 * How a child ended.
 *
 * @param code its exit status; 128 + n when signal n ended it, as shells have it
 */
public record Exit(int code) {
  private static final int SIGNAL_BASE = 128;

  /** As a child ends that was asked to. */
  public static final Exit TERMINATED = new Exit(SIGNAL_BASE + 15);

  /** Whether the child said that all went well. */
  public boolean isSuccess() {
    return code == 0;
  }

  /** The name of the signal that ended the child, such as SIGKILL. */
  public Optional<String> signal() {
    return switch (code - SIGNAL_BASE) {
      case 1 -> Optional.of("SIGHUP");
      case 2 -> Optional.of("SIGINT");
      case 6 -> Optional.of("SIGABRT");
      case 9 -> Optional.of("SIGKILL");
      case 11 -> Optional.of("SIGSEGV");
      case 13 -> Optional.of("SIGPIPE");
      case 15 -> Optional.of("SIGTERM");
      default ->
          code > SIGNAL_BASE && code < SIGNAL_BASE + 65
              ? Optional.of("signal " + (code - SIGNAL_BASE))
              : Optional.empty();
    };
  }

  /** For messages: {@code exit 1}, or {@code killed by SIGKILL}. */
  @Override
  public String toString() {
    return signal().map(signal -> "killed by " + signal).orElse("exit " + code);
  }
}
