package io.flocker.core.deploy.format;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** What is said of files that cannot be used. */
final class Refusals {
  private Refusals() {}

  /** Every problem, a line each. */
  static List<String> of(Executable reading) {
    return assertThrows(FormatException.class, reading).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  /** Of an application file. */
  static List<String> ofApplications(String text) {
    return of(() -> WishReader.applications(SourceFile.of("application.yml", text)));
  }
}
