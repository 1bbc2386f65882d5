package io.flocker.core.config;

import io.flocker.core.log.LogLevel;
import io.flocker.core.log.LogTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the log goes and how much of it there is.
 *
 * @param target keys {@code target} ({@code auto}, {@code stdout}, {@code journald} or {@code
 *     file}) and {@code file} (a path, with {@code target: file} only); {@code auto}, the default,
 *     is the journal under systemd, else stdout
 * @param level key {@code level}: the least that is logged, {@code debug}, {@code info} (the
 *     default), {@code warn} or {@code error}; actions always are
 */
public record LogConfiguration(LogTarget target, LogLevel level) {
  private static final String FILE = "file";

  static LogConfiguration read(YamlMapping log) {
    String target = log.choice("target", List.of("auto", "stdout", "journald", FILE), "auto");
    Optional<Path> file = log.optionalPath(FILE);
    if (target.equals(FILE) && file.isEmpty()) {
      log.refuse(FILE, "is missing: 'target: file' needs to know which");
    }
    if (!target.equals(FILE) && file.isPresent()) {
      log.refuse(FILE, "goes with 'target: file' only; say that, or leave the file out");
    }
    LogLevel level = log.choice("level", List.of(LogLevel.values()), LogLevel.INFO);
    log.refuseUnknown();
    return new LogConfiguration(target(target, file), level);
  }

  private static LogTarget target(String target, Optional<Path> file) {
    return switch (target) {
      case "stdout" -> new LogTarget.Stdout();
      case "journald" -> new LogTarget.Journald();
      case FILE -> file.<LogTarget>map(LogTarget.File::new).orElseGet(LogTarget.Stdout::new);
      default -> LogTarget.auto();
    };
  }
}
