package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.EntityTag;
import io.flocker.http.route.RawBody;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A final response, ready to be written.
 *
 * @param body empty for none; read through duplicates only
 */
record Answer(int status, Map<String, String> headers, ByteBuffer body) {
  private static final String CONTENT_TYPE = "content-type";

  static Answer json(int status, Map<String, String> headers, byte[] document) {
    return json(status, headers, ByteBuffer.wrap(document));
  }

  static Answer json(int status, Map<String, String> headers, ByteBuffer document) {
    return new Answer(status, withType(headers, "application/json"), document);
  }

  static Answer json(int status, Object document) {
    return json(status, Map.of(), Json.write(document));
  }

  static Answer raw(int status, Map<String, String> headers, RawBody body) {
    return new Answer(status, withType(headers, body.mediaType()), body.bytes());
  }

  static Answer empty(int status, Map<String, String> headers) {
    return new Answer(status, headers, ByteBuffer.allocate(0));
  }

  /** The problem document of a failure that {@code self} tells. */
  static Answer of(FailureException failure, Principal self) {
    Problem problem =
        Problem.of(self instanceof Principal.Node node ? failure.toldBy(node.id()) : failure);
    return new Answer(
        problem.status(),
        withType(problem.headers(), Problem.MEDIA_TYPE),
        ByteBuffer.wrap(problem.toBytes()));
  }

  /** The same answer with that tag, if it has none of its own. */
  Answer taggedUnlessItIs(String tag) {
    if (headers.containsKey(EntityTag.HEADER)) {
      return this;
    }
    Map<String, String> tagged = new LinkedHashMap<>(headers);
    tagged.put(EntityTag.HEADER, tag);
    return new Answer(status, tagged, body);
  }

  private static Map<String, String> withType(Map<String, String> headers, String mediaType) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(CONTENT_TYPE, mediaType);
    return all;
  }
}
