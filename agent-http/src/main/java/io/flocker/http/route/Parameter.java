package io.flocker.http.route;

import java.util.Optional;

/**
 * One thing beside the body that a request says, or one header that its response bears.
 *
 * @param schema the schema file and the definition in it, such as {@code common.json#/$defs/uuid}
 * @param isRequired whether a request without it is refused
 * @param isRepeatable whether one request may say it several times
 * @param example a value; empty where the schema's own first example will do
 */
public record Parameter(
    Place place,
    String name,
    String schema,
    String description,
    boolean isRequired,
    boolean isRepeatable,
    Optional<String> example) {
  /** How long an answer may take while nothing has happened; of routes that change nothing. */
  public static final String WAIT = "wait";

  private static final String SHARED = "common.json#/$defs/";

  /** Where a parameter is. */
  public enum Place {
    PATH,
    QUERY,
    HEADER
  }

  /**
   * A variable of the path template.
   *
   * @param shared which of {@code common.json}'s definitions its value fits
   */
  public static Parameter path(String name, String shared, String description) {
    return of(Place.PATH, name, shared, description);
  }

  /** A query parameter that may be absent. */
  public static Parameter query(String name, String shared, String description) {
    return of(Place.QUERY, name, shared, description);
  }

  /** A header that may be absent. */
  public static Parameter header(String name, String shared, String description) {
    return of(Place.HEADER, name, shared, description);
  }

  /** The same, which every request has to bear. */
  public Parameter required() {
    return new Parameter(place, name, schema, description, true, isRepeatable, example);
  }

  /** The same, which a request may say several times. */
  public Parameter repeatable() {
    return new Parameter(place, name, schema, description, isRequired, true, example);
  }

  /** The same with an example of its own. */
  public Parameter withExample(String value) {
    return new Parameter(
        place, name, schema, description, isRequired, isRepeatable, Optional.of(value));
  }

  private static Parameter of(Place place, String name, String shared, String description) {
    return new Parameter(
        place, name, SHARED + shared, description, place == Place.PATH, false, Optional.empty());
  }
}
