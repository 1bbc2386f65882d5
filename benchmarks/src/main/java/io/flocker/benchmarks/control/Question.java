package io.flocker.benchmarks.control;

/**
 * What is asked again and again.
 *
 * @param body empty for none
 * @param target how much of nginx's speed is wanted; 0 where it is only reported
 */
record Question(String name, String method, String path, String body, int status, double target) {
  /** The request's bytes as text. */
  String request() {
    String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    return body.isEmpty()
        ? head + "\r\n"
        : head
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
  }
}
