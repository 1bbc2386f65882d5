package io.flocker.cli.doctor;

import io.flocker.cli.console.Sentences;
import io.flocker.core.failure.FailureException;

/**
 * What was found.
 *
 * @param check what was looked at: such as {@code pool} or {@code routes}
 * @param text a sentence or two: how it is, and what to do unless that is right
 */
public record Finding(String check, Verdict verdict, String text) {
  static Finding of(String check, Verdict verdict, FailureException why) {
    return new Finding(
        check,
        verdict,
        Sentences.join(
            why.failure().title() + ": " + why.detail(), why.failure().traits().remedy()));
  }

  /** The same, with another sentence at its end. */
  Finding with(String sentence) {
    return new Finding(check, verdict, Sentences.join(text, sentence));
  }
}
