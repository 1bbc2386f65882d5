package io.flocker.http.describe;

import io.flocker.core.failure.Failure;
import java.util.Comparator;
import java.util.List;

/** Every type of problem: what it means, and what to do about it. */
final class ProblemCatalogue {
  private ProblemCatalogue() {}

  static void write(Html main) {
    main.element(
        "section",
        List.of("id", "problems"),
        section -> {
          section.element("h2", "Problems");
          section.element(
              "p",
              line ->
                  line.text("The member ")
                      .element("code", "type")
                      .text(" is ")
                      .element("code", Failure.TYPE_PREFIX)
                      .text(" and one of these; it never changes its meaning."));
          section.element(
              "dl",
              List.of("class", "catalogue"),
              list ->
                  Failure.all().stream()
                      .sorted(Comparator.comparing(Failure::type))
                      .forEach(failure -> entry(list, failure)));
        });
  }

  /** Where the page speaks of it. */
  static String id(Failure failure) {
    return "problem-" + slug(failure);
  }

  /** What its type ends with. */
  static String slug(Failure failure) {
    return failure.type().substring(Failure.TYPE_PREFIX.length());
  }

  private static void entry(Html list, Failure failure) {
    list.element(
        "dt",
        List.of("id", id(failure)),
        term ->
            term.span("status", Integer.toString(failure.status()))
                .raw(" ")
                .element("code", slug(failure))
                .raw(" ")
                .span("light", "side " + failure.side() + ", retry " + failure.retry()));
    list.element(
        "dd",
        meaning -> meaning.element("strong", failure.title() + ".").text(" " + failure.remedy()));
  }
}
