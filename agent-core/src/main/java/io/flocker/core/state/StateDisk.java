package io.flocker.core.state;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.os.FileCalls;
import io.flocker.core.os.SilentFileSystemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The disk of the state folder, on which the database lies too: whether more can be written. Any
 * thread may call; blocks.
 */
public final class StateDisk {
  /** More than any one change writes: state files are small, and so are the rows of a change. */
  private static final int PROOF_BYTES = 256 * 1024;

  private static final long LEAST_BYTES = 16L << 20;

  private final Path folder;

  /** The disk that {@code folder} is on, which exists. */
  public StateDisk(Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  /**
   * Proves that a change can be made durable: writes some, and removes it again.
   *
   * @throws FailureException {@code STATE_UNAVAILABLE}
   */
  public synchronized void requireWritable() throws FailureException {
    Path proof = folder.resolve("proof");
    try {
      boolean _ =
          FileCalls.askState(
              folder,
              () -> {
                DurableFile.replace(proof, new byte[PROOF_BYTES]);
                return Files.deleteIfExists(proof);
              });
    } catch (IOException e) {
      throw RequestFailure.STATE_UNAVAILABLE
          .because("cannot write into " + folder + ": " + DurableFile.reason(e))
          .causedBy(e);
    }
  }

  /** That little is left, for people; empty if there is enough. */
  public Optional<String> shortage() {
    try {
      long left = FileCalls.askState(folder, () -> Files.getFileStore(folder).getUsableSpace());
      return left >= LEAST_BYTES
          ? Optional.empty()
          : Optional.of("the disk of " + folder + " has " + left + " bytes left");
    } catch (SilentFileSystemException _) {
      return Optional.empty(); // Whoever asks hears of it among the calls that do not end.
    } catch (IOException e) {
      return Optional.of(folder + " cannot be looked at: " + DurableFile.reason(e));
    }
  }
}
