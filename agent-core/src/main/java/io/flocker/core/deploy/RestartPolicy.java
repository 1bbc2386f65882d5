package io.flocker.core.deploy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.OptionalInt;

/**
 * Whether an application that has ended by itself is started again; flockerd does that, no engine.
 *
 * @param name the kind
 * @param maximumRetries of {@link Name#ON_FAILURE} only: how often at most, at least 1; empty for
 *     no limit
 */
public record RestartPolicy(Name name, OptionalInt maximumRetries) {
  /** What is done unless something else is said, as in Flocker. */
  public static final RestartPolicy NEVER = new RestartPolicy(Name.NEVER, OptionalInt.empty());

  /** However it ended. */
  public static final RestartPolicy ALWAYS = new RestartPolicy(Name.ALWAYS, OptionalInt.empty());

  /** The kinds of policies. */
  public enum Name {
    /** Not. */
    NEVER("never"),
    /** However it ended. */
    ALWAYS("always"),
    /** If it ended with another status than 0. */
    ON_FAILURE("on-failure");

    private final String text;

    Name(String text) {
      this.text = text;
    }

    /**
     * Reads the word of one.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    @JsonCreator
    public static Name parse(String text) {
      return Words.parse("a restart policy", text, values());
    }

    @JsonValue
    @Override
    public String toString() {
      return text;
    }
  }

  public RestartPolicy {
    if (maximumRetries.isPresent()) {
      if (name != Name.ON_FAILURE) {
        throw new IllegalArgumentException("only on-failure has a number of retries, not " + name);
      }
      Copies.atLeast(1, maximumRetries.getAsInt(), "a number of retries");
    }
  }

  /** If it ended with a failure, however often. */
  public static RestartPolicy onFailure() {
    return new RestartPolicy(Name.ON_FAILURE, OptionalInt.empty());
  }

  /** If it ended with a failure, {@code maximumRetries} times at most. */
  public static RestartPolicy onFailure(int maximumRetries) {
    return new RestartPolicy(Name.ON_FAILURE, OptionalInt.of(maximumRetries));
  }
}
