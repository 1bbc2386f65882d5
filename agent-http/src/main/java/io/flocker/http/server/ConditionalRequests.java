package io.flocker.http.server;

import io.flocker.http.route.EntityTag;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers 304 to a caller who has the current representation already (RFC 9110, section 13). */
final class ConditionalRequests {
  private static final int OK = 200; // RFC 9110, sections 15.3.1 and 15.4.5
  private static final int NOT_MODIFIED = 304;
  private static final String IF_NONE_MATCH = "if-none-match";
  private static final String CONTENT_TYPE = "content-type";

  private ConditionalRequests() {}

  /** Whether a response can be validated: that of a read that went well. */
  static boolean isFor(RequestHead head, FinalResponse response) {
    return response.status() == OK && (head.method().equals("GET") || head.isHead());
  }

  /** The response to a read with its tag, or 304 if the request names that tag. */
  static FinalResponse of(RequestHead head, FinalResponse response) {
    if (!isFor(head, response)) {
      return response;
    }
    String known = head.headers().get(IF_NONE_MATCH);
    String given = response.headers().get(EntityTag.HEADER);
    String tag = given == null ? digest(response) : given;
    if (known == null || !EntityTag.isListed(tag, known)) {
      return response.withTagIfAbsent(tag);
    }
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.put(EntityTag.HEADER, tag);
    headers.remove(CONTENT_TYPE);
    return FinalResponse.empty(NOT_MODIFIED, headers);
  }

  private static String digest(FinalResponse response) {
    byte[] body = new byte[response.body().remaining()];
    response.body().duplicate().get(body);
    return EntityTag.of(body).toString();
  }
}
