package io.flocker.http.route;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers.
 *
 * @param body anything Jackson writes; null for none
 */
public record JsonResponse(int status, @Nullable Object body, Map<String, String> headers) {
  /** 200 with a body. */
  public static JsonResponse ok(Object body) {
    return new JsonResponse(200, body, Map.of());
  }

  /** 201 with a body and where the new thing is. */
  public static JsonResponse created(String location, Object body) {
    return new JsonResponse(201, body, Map.of("Location", location));
  }

  /** 202 with a body and where to ask for the outcome. */
  public static JsonResponse accepted(String location, Object body) {
    return new JsonResponse(202, body, Map.of("Location", location));
  }

  /** The same, with what tells whether it has changed. */
  public JsonResponse tagged(EntityTag tag) {
    return with(EntityTag.HEADER, tag.toString());
  }

  /** The same with one header more. */
  public JsonResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new JsonResponse(status, body, more);
  }

  /** 204. */
  public static JsonResponse noContent() {
    return new JsonResponse(204, null, Map.of());
  }
}
