package io.flocker.cli.ca;

import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** A file that a command makes and never overwrites. */
final class NewFile {
  private NewFile() {}

  /**
   * Creates it, readable by its owner alone, whole or not at all.
   *
   * @throws IOException naming the file, the reason and the cure
   */
  static void write(Path file, byte[] content) throws IOException {
    try {
      DurableFile.create(file, content);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          file + " exists and is not overwritten; move it away, or choose another folder", e);
    } catch (IOException e) {
      throw new IOException(
          file + " cannot be created: " + DurableFile.reason(e) + "; check its folder", e);
    }
  }
}
