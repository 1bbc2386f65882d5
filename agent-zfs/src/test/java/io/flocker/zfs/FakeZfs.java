package io.flocker.zfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A real executable that answers each subcommand by a line of shell, and writes down every call. A
 * subcommand without an answer is an argument that it does not know.
 */
public final class FakeZfs {
  private final Path folder;

  /** Makes the program in {@code folder}. */
  public FakeZfs(Path folder) {
    this.folder = folder;
    write("zfs", script());
    write("calls", "");
  }

  /** The program. */
  public Path program() {
    return folder.resolve("zfs");
  }

  /** Answers {@code subcommand} by running {@code shell}; {@code $@} is what follows it. */
  public FakeZfs answers(String subcommand, String shell) {
    write(subcommand + ".sh", shell + "\n");
    return this;
  }

  /** Every call so far: its arguments, separated by blanks. */
  public List<String> calls() {
    try {
      return Files.readAllLines(folder.resolve("calls"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String script() {
    return """
    #!/bin/sh
    echo "$*" >> '%1$s/calls'
    if [ -f "%1$s/$1.sh" ]; then
      answer="%1$s/$1.sh"
      shift
      . "$answer"
    else
      echo "unrecognized command '$1'" >&2
      exit 2
    fi
    """
        .formatted(folder);
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
      Files.setPosixFilePermissions(
          folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
