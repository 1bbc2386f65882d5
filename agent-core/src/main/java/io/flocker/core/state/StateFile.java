package io.flocker.core.state;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.os.FileCalls;
import io.flocker.core.os.SilentFileSystemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * One JSON file of the state folder, read strictly and replaced as a whole. One writer at a time:
 * its owner sees to that.
 *
 * @param <T> the record that is the file's content
 */
public final class StateFile<T extends StateFile.Content> {
  /** What a file holds. */
  public interface Content {
    /** Version of the format; every format is at {@value #VERSION} yet. */
    int version();
  }

  /** The version of every format. */
  public static final int VERSION = 1;

  private final Path path;
  private final Class<T> type;

  /** The file at {@code path}, which need not exist yet; its folder has to. */
  public StateFile(Path path, Class<T> type) {
    this.path = path;
    this.type = type;
  }

  /**
   * Reads it; empty when there is no such file.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public Optional<T> read() throws IOException {
    try {
      T content = parse(Files.readAllBytes(path));
      if (content.version() != VERSION) {
        throw new IOException(
            path
                + " has version "
                + content.version()
                + ", this flockerd knows version "
                + VERSION
                + "; use the flockerd that wrote it");
      }
      return Optional.of(content);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private T parse(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new IOException(path + " is empty; restore it from a backup, or remove it");
    }
    try {
      return JsonMappers.FILE.readValue(bytes, type);
    } catch (JacksonException e) {
      throw new IOException(
          path + " is damaged: " + e.getOriginalMessage() + "; restore it, or remove it", e);
    }
  }

  /**
   * Replaces it; when this returns, the new content survives a power failure.
   *
   * @throws FailureException {@code STATE_UNAVAILABLE} naming the file; it then holds what it held,
   *     unless its disk does not answer: then nobody knows
   */
  public void write(T content) throws FailureException {
    byte[] bytes = JsonMappers.FILE.writeValueAsBytes(content);
    try {
      boolean _ =
          FileCalls.askState(
              folder(),
              () -> {
                DurableFile.replace(path, bytes);
                return true;
              });
    } catch (SilentFileSystemException e) {
      throw RequestFailure.STATE_UNAVAILABLE
          .because("cannot write " + path + ": " + e.getMessage())
          .causedBy(e)
          .undecided();
    } catch (IOException e) {
      throw RequestFailure.STATE_UNAVAILABLE
          .because("cannot write " + path + ": " + DurableFile.reason(e))
          .causedBy(e);
    }
  }

  /** All files of a folder are asked as one place: what is late must not overtake what follows. */
  private Path folder() {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file has a folder");
  }
}
