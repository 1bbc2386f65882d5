package io.flocker.core.process;

/**
 * What a command that was waited for said.
 *
 * @param exit its exit status; 128 + n when signal n ended it
 * @param stderr the last 32 KiB
 */
public record Output(int exit, String stdout, String stderr) {
  private static final int FAILED = 1; // zfs(8): an error occurred
  private static final int MISUNDERSTOOD = 2; // zfs(8): invalid command line options

  /** Whether it did what it was told. */
  public boolean isSuccess() {
    return exit == 0;
  }

  /** In words: what the exit status means. */
  public String ending() {
    return switch (exit) {
      case 0 -> "succeeded";
      case FAILED -> "failed";
      case MISUNDERSTOOD -> "does not know these arguments";
      default -> "ended with status " + exit;
    };
  }
}
