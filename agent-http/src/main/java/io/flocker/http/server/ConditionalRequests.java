package io.flocker.http.server;

import io.flocker.http.route.EntityTag;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells whoever has read the same before that nothing has changed (RFC 9110, section 13). */
final class ConditionalRequests {
  private static final int OK = 200; // RFC 9110, sections 15.3.1 and 15.4.5
  private static final int NOT_MODIFIED = 304;
  private static final String IF_NONE_MATCH = "if-none-match";
  private static final String CONTENT_TYPE = "content-type";

  private ConditionalRequests() {}

  /** Whether an answer can be validated: that a read went well. */
  static boolean isFor(RequestHead head, Answer answer) {
    return answer.status() == OK && (head.method().equals("GET") || head.isHead());
  }

  /** The answer to a read with its tag, or 304 if the request names that. */
  static Answer of(RequestHead head, Answer answer) {
    if (!isFor(head, answer)) {
      return answer;
    }
    String known = head.headers().get(IF_NONE_MATCH);
    String given = answer.headers().get(EntityTag.HEADER);
    String tag = given == null ? digest(answer) : given;
    if (known == null || !EntityTag.isListed(tag, known)) {
      return answer.taggedUnlessItIs(tag);
    }
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    headers.put(EntityTag.HEADER, tag);
    headers.remove(CONTENT_TYPE);
    return Answer.empty(NOT_MODIFIED, headers);
  }

  private static String digest(Answer answer) {
    byte[] body = new byte[answer.body().remaining()];
    answer.body().duplicate().get(body);
    return EntityTag.of(body).toString();
  }
}
