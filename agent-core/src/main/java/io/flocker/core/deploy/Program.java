package io.flocker.core.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What runs in a container; where it says nothing the image decides.
 *
 * @param command arguments of the entrypoint, or the whole command line where there is none;
 *     engines take the image's own for an empty one without an entrypoint, and so it is none
 * @param entrypoint what is run; an empty list takes the image's own away
 * @param environment variables by name, besides those of links
 * @param user a name or number, with {@code :<group>} if wanted
 * @param workingDirectory absolute path in the container
 */
public record Program(
    Optional<List<String>> command,
    Optional<List<String>> entrypoint,
    SortedMap<String, String> environment,
    Optional<String> user,
    Optional<String> workingDirectory) {
  /** As the image has it. */
  public static final Program OF_THE_IMAGE =
      new Program(
          Optional.empty(),
          Optional.empty(),
          Copies.sorted(Map.of()),
          Optional.empty(),
          Optional.empty());

  public Program {
    entrypoint = entrypoint.map(List::copyOf);
    boolean isOfTheImage = entrypoint.orElse(List.of()).isEmpty();
    command = command.map(List::copyOf).filter(words -> !(isOfTheImage && words.isEmpty()));
    environment = Copies.sorted(environment);
    environment.forEach((name, value) -> {
      if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
        throw new IllegalArgumentException("'" + name + "' cannot be a variable's name");
      }
    });
    workingDirectory.ifPresent(folder -> {
      if (!folder.startsWith("/")) {
        throw new IllegalArgumentException(
            "a working directory is an absolute path, not '" + folder + "'");
      }
    });
  }
}
