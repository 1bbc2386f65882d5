package io.flocker.http.describe;

/** What the statuses that we answer mean (RFC 9110, section 15). */
final class Statuses {
  private Statuses() {}

  static String phrase(int status) {
    return switch (status) {
      case 200 -> "Done; this is it.";
      case 201 -> "Made; this is it.";
      case 202 -> "Started; this is how far it is.";
      case 204 -> "Done.";
      case 304 -> "Not changed since.";
      default -> "Status " + status + ".";
    };
  }
}
