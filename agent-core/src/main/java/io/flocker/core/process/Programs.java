package io.flocker.core.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Where programs are. Any thread. */
public final class Programs {
  /** zfs(8) is a program for administrators, whose folders a service's PATH may lack. */
  private static final List<String> ALWAYS = List.of("/sbin", "/usr/sbin");

  private Programs() {}

  /**
   * The program that {@code name} means: itself if it is a path, else the first of that name on
   * PATH. One that is nowhere is looked for in the last place, whose absence then makes the
   * message.
   */
  public static Path find(String name) {
    if (name.contains("/")) {
      return Path.of(name);
    }
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), ALWAYS.stream())
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of(ALWAYS.getLast(), name));
  }
}
