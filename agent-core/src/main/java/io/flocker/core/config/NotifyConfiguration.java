package io.flocker.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who is told when a copy, or a volume, stands otherwise than before.
 *
 * @param pause key {@code pause}: one copy is told of at most once in that time; 10 s by default
 * @param executable key {@code executable}: nothing is started unless it is given
 * @param hook key {@code hook}: nothing is called unless it is given
 */
public record NotifyConfiguration(
    Duration pause, Optional<Executable> executable, Optional<Hook> hook) {
  /** Nobody is told. */
  public static final NotifyConfiguration NONE =
      new NotifyConfiguration(Duration.ofSeconds(10), Optional.empty(), Optional.empty());

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final String ARGV = "argv";
  private static final String URL = "url";
  private static final String SECRET_FILE = "secret-file";

  /**
   * A program that is started.
   *
   * @param argv key {@code argv}: a path and its arguments; no shell reads it
   * @param deadline key {@code deadline}: it is ended after that
   */
  public record Executable(List<String> argv, Duration deadline) {}

  /**
   * A server that is called.
   *
   * @param url key {@code url}: https only
   * @param secretFile key {@code secret-file}: what requests are signed with
   * @param authorities key {@code ca-file}: certificates of the authorities that the server's may
   *     come from; those of the system by default
   * @param deadline key {@code deadline}: of one try
   */
  public record Hook(URI url, Path secretFile, Optional<Path> authorities, Duration deadline) {}

  static NotifyConfiguration read(YamlMapping notify) {
    NotifyConfiguration configuration =
        new NotifyConfiguration(
            notify.duration("pause", Duration.ZERO, LONGEST_PAUSE, NONE.pause()),
            executable(notify.mapping("executable")),
            hook(notify.mapping("hook")));
    notify.refuseUnknown();
    return configuration;
  }

  private static Optional<Executable> executable(YamlMapping given) {
    Executable executable = new Executable(given.texts(ARGV), deadline(given));
    given.refuseUnknown();
    if (given.keys().isEmpty()) {
      return Optional.empty();
    }
    if (executable.argv().isEmpty() || !executable.argv().getFirst().startsWith("/")) {
      given.refuse(ARGV, "is a list that begins with the absolute path of a program");
    }
    return Optional.of(executable);
  }

  private static Optional<Hook> hook(YamlMapping given) {
    String url = given.text(URL, "");
    Optional<Path> secret = given.optionalPath(SECRET_FILE);
    Optional<Path> authorities = given.optionalPath("ca-file");
    Duration deadline = deadline(given);
    given.refuseUnknown();
    if (given.keys().isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> server = server(url);
    if (server.isEmpty()) {
      given.refuse(URL, "is https://<host>/<path>, without a user"); // It may bear a password.
    }
    given.require(SECRET_FILE, "is missing: requests are signed with what it contains");
    if (server.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Hook(server.get(), secret.get(), authorities, deadline));
  }

  private static Optional<URI> server(String url) {
    try {
      return Optional.of(new URI(url))
          .filter(uri -> "https".equals(uri.getScheme()))
          .filter(uri -> uri.getHost() != null && uri.getUserInfo() == null);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static Duration deadline(YamlMapping given) {
    return given.duration("deadline", Duration.ofSeconds(1), LONGEST, DEADLINE);
  }
}
