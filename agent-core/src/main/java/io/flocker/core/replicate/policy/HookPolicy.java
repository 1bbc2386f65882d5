package io.flocker.core.replicate.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is run around the snapshots that are taken to be sent, by the names that the owner's own
 * settings give to commands.
 *
 * @param before what is run before one
 * @param after what is run after one, whether or not it was taken, and whatever became of {@code
 *     before}
 * @param onFailure what becomes of the snapshot where {@code before} fails; {@code NO_SNAPSHOT}
 *     where JSON does not say
 */
public record HookPolicy(Optional<String> before, Optional<String> after, OnFailure onFailure) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

  /** What becomes of a snapshot before which something has failed. */
  public enum OnFailure {
    /** None is taken, and the try has failed. */
    NO_SNAPSHOT,
    /** It is taken all the same. */
    GO_ON;

    /** The one of that name. */
    @JsonCreator
    public static OnFailure parse(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public HookPolicy {
    before = before == null ? Optional.empty() : before;
    after = after == null ? Optional.empty() : after;
    onFailure = onFailure == null ? OnFailure.NO_SNAPSHOT : onFailure;
    Stream.of(before, after)
        .flatMap(Optional::stream)
        .filter(name -> !isName(name))
        .findAny()
        .ifPresent(name -> {
          throw new IllegalArgumentException("a hook is named " + NAME + ", not '" + name + "'");
        });
    if (before.isEmpty() && after.isEmpty()) {
      throw new IllegalArgumentException("hooks name one that is run before, after, or both");
    }
  }

  /** Whether a command may be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The names. */
  public Stream<String> names() {
    return Stream.of(before, after).flatMap(Optional::stream);
  }
}
