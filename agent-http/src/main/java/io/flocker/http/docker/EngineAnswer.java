package io.flocker.http.docker;

import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.http.json.Json;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the engine answered.
 *
 * @param engine where it listens
 * @param call what it answers
 */
record EngineAnswer(
    EngineSocket engine, EngineCall call, int status, HttpHeaders headers, ByteBuffer body) {
  private static final int REFUSAL = 400; // RFC 9110, section 15.5
  private static final int NOT_FOUND = 404;

  boolean isRefusal() {
    return isRefusal(status);
  }

  static boolean isRefusal(int status) {
    return status >= REFUSAL;
  }

  boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /** The engine's own words for a refusal; its status if it has none. */
  String words() {
    try {
      return Json.read(body).path("message").asString("status " + status);
    } catch (JacksonException _) {
      return "status " + status;
    }
  }

  /** The same answer, if it is no refusal. */
  EngineAnswer required() throws FailureException {
    if (isRefusal()) {
      throw refusal(EngineFailure.ENGINE_FAILED);
    }
    return this;
  }

  /** The document that it brought. */
  JsonNode document() throws FailureException {
    try {
      return Json.read(body);
    } catch (JacksonException e) {
      throw unreadable(Json.complaint(e)).causedBy(e);
    }
  }

  /** What was asked failed because of that, in the engine's own words. */
  FailureException refusal(EngineFailure failure) {
    return failure
        .because(
            "The engine at %s could not %s: %s".formatted(engine, call.doing(), sentence(words())))
        .with("engineStatus", status);
  }

  /** It makes no sense. */
  FailureException unreadable(String why) {
    return EngineFailure.ENGINE_OUTPUT_UNREADABLE.because(
        "The engine at %s was asked to %s, and its answer cannot be read: %s."
            .formatted(engine, call.doing(), why));
  }

  private static String sentence(String words) {
    String text = words.strip();
    return text.endsWith(".") ? text : text + ".";
  }
}
