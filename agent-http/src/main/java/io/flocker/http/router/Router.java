package io.flocker.http.router;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Certified;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.Declaration;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** All routes, found by path, caller and method. Immutable; any thread may call. */
public final class Router {
  private static final String GET = "GET";
  private static final String HEAD = "HEAD";
  private static final String OPTIONS = "OPTIONS";
  private static final Pattern VERSION = Pattern.compile("v[0-9]+");

  /** In the order in which they are tried. */
  private final List<Entry> entries;

  /** Of the public API: what a caller of another one is told. */
  private final List<String> versions;

  private final Authorizer authorizer;

  /**
   * Takes the routes of every module.
   *
   * @throws IllegalArgumentException if two are for the same requests
   */
  public Router(Collection<? extends Route> routes, Authorizer authorizer) {
    this.authorizer = authorizer;
    this.entries =
        routes.stream()
            .map(route -> new Entry(PathTemplate.parse(route.path()), route))
            .sorted(Comparator.comparing(entry -> entry.template().shape()))
            .toList();
    this.versions =
        entries.stream()
            .map(entry -> entry.template().segments().getFirst())
            .filter(VERSION.asMatchPredicate())
            .distinct()
            .toList();
    Set<String> taken = new HashSet<>();
    for (Entry entry : entries) {
      if (!taken.add(entry.route().method() + " " + entry.template().shape())) {
        throw new IllegalArgumentException(
            "two routes are for " + entry.route().method() + " " + entry.route().path());
      }
    }
  }

  /**
   * Finds the route for a request; HEAD is served by GET's.
   *
   * @throws FailureException {@code NOT_FOUND}, {@code FORBIDDEN}, {@code NOT_A_PEER}, {@code
   *     METHOD_NOT_ALLOWED}, or {@code MALFORMED_REQUEST} if the query says what the route does not
   *     declare
   */
  public Match route(String method, RequestTarget target, Certified caller)
      throws FailureException {
    if (target.equals(RequestTarget.SERVER)) {
      throw RequestFailure.NOT_FOUND.because("Only OPTIONS can be asked of *.");
    }
    List<Match> all = atPath(target);
    String wanted = method.equals(HEAD) ? GET : method;
    Optional<Match> found =
        all.stream().filter(match -> match.route().method().equals(wanted)).findFirst();
    if (found.isEmpty()) {
      throw RequestFailure.METHOD_NOT_ALLOWED
          .because("There is no " + method + " of " + target.path() + ".")
          .with(Problem.ALLOW, methods(permitted(all, caller)));
    }
    Declaration route = found.get().route().declaration();
    requireNone(authorizer.objection(caller, route));
    requireDeclared(route, target);
    return found.get();
  }

  /** Refuses parameters that the route does not declare: a misspelt one would be ignored. */
  private static void requireDeclared(Declaration route, RequestTarget target)
      throws FailureException {
    if (target.query().isEmpty() || route.isTolerant()) {
      return;
    }
    List<String> declared = route.queryParameters().stream().map(Parameter::name).toList();
    List<String> unknown =
        target.query().keySet().stream().filter(name -> !declared.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw RequestFailure.MALFORMED_REQUEST
          .because(
              "%s %s has no query parameter '%s'; it has %s"
                  .formatted(
                      route.method(),
                      route.path(),
                      String.join("', '", unknown),
                      declared.isEmpty() ? "none" : String.join(", ", declared)))
          .with("unknown", unknown)
          .with("declared", declared);
    }
    requireOnce(route, target);
  }

  /** Refuses a parameter that is given twice: one of its values would be ignored. */
  private static void requireOnce(Declaration route, RequestTarget target) throws FailureException {
    List<String> repeated =
        route.queryParameters().stream()
            .filter(parameter -> !parameter.isRepeatable())
            .map(Parameter::name)
            .filter(name -> target.query().getOrDefault(name, List.of()).size() > 1)
            .toList();
    if (!repeated.isEmpty()) {
      throw RequestFailure.MALFORMED_REQUEST
          .because("'%s' is said more than once".formatted(String.join("', '", repeated)))
          .with("repeated", repeated);
    }
  }

  /**
   * The methods that {@code caller} may use there.
   *
   * @throws FailureException {@code NOT_FOUND}, {@code FORBIDDEN} or {@code NOT_A_PEER}
   */
  public List<String> allowed(RequestTarget target, Certified caller) throws FailureException {
    return methods(permitted(atPath(target), caller));
  }

  /** Those of a path that the caller may use, at least one. */
  private List<Match> permitted(List<Match> all, Certified caller) throws FailureException {
    List<Match> permitted = new ArrayList<>();
    Optional<FailureException> objection = Optional.empty();
    for (Match match : all) {
      Optional<FailureException> why = authorizer.objection(caller, match.route().declaration());
      if (why.isEmpty()) {
        permitted.add(match);
      } else {
        objection = why;
      }
    }
    if (permitted.isEmpty()) {
      requireNone(objection);
    }
    return permitted;
  }

  private static void requireNone(Optional<FailureException> objection) throws FailureException {
    if (objection.isPresent()) {
      throw objection.get();
    }
  }

  /** All routes of the first template that fits, whoever they are for. */
  private List<Match> atPath(RequestTarget target) throws FailureException {
    if (target.equals(RequestTarget.SERVER)) {
      return entries.stream().map(entry -> new Match(entry.route(), Map.of())).toList();
    }
    List<Match> matches = new ArrayList<>();
    String shape = "";
    for (Entry entry : entries) {
      Optional<Map<String, String>> variables = entry.template().match(target.segments());
      if (variables.isPresent() && (matches.isEmpty() || entry.template().shape().equals(shape))) {
        shape = entry.template().shape();
        matches.add(new Match(entry.route(), variables.get()));
      }
    }
    if (matches.isEmpty()) {
      FailureException unknown =
          RequestFailure.NOT_FOUND.because("There is no " + target.path() + ".");
      throw asksForAnotherVersion(target) ? unknown.with("versions", versions) : unknown;
    }
    return matches;
  }

  private boolean asksForAnotherVersion(RequestTarget target) {
    String first = target.segments().getFirst();
    return VERSION.matcher(first).matches() && !versions.contains(first);
  }

  private static List<String> methods(List<Match> matches) {
    Set<String> methods = new TreeSet<>(Set.of(OPTIONS));
    for (Match match : matches) {
      methods.add(match.route().method());
      if (match.route().method().equals(GET)) {
        methods.add(HEAD);
      }
    }
    return List.copyOf(methods);
  }

  private record Entry(PathTemplate template, Route route) {}
}
