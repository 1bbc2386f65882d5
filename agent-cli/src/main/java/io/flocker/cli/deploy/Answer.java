package io.flocker.cli.deploy;

import io.flocker.core.failure.FailureException;
import java.util.Optional;

/** What came of a question to a node. */
public sealed interface Answer<T> {
  /** It has answered. */
  record Given<T>(T value) implements Answer<T> {}

  /** It has refused, or tried and failed. */
  record Refused<T>(FailureException problem) implements Answer<T> {}

  /**
   * It was not reached, or is left out.
   *
   * @param why a sentence for people, with what to look at
   */
  record Silent<T>(String why) implements Answer<T> {}

  /** What it has answered; empty if it has not. */
  default Optional<T> given() {
    return this instanceof Given<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /** Why there is no answer, for people; empty where there is one. */
  default Optional<String> trouble() {
    return switch (this) {
      case Given<T> _ -> Optional.empty();
      case Refused<T>(FailureException problem) ->
          Optional.of(problem.failure().title() + ": " + problem.detail());
      case Silent<T>(String why) -> Optional.of(why);
    };
  }
}
