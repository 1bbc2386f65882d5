package io.flocker.http.docker;

import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.http.json.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Documents that come one after the other, a line each, as pull and events have them. What is held
 * is one line and one read. One thread.
 */
final class JsonLines {
  /** The longest line; one of events has a container's labels and little else. */
  static final int MAX_LINE_BYTES = 1024 * 1024;

  private final EngineStream stream;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private byte[] read = {};
  private int position;

  JsonLines(EngineStream stream) {
    this.stream = stream;
  }

  /**
   * Waits for the next document, for as long as the engine gives signs of life.
   *
   * @return empty at the end; what follows the last line break is dropped if it is blank
   */
  Optional<JsonNode> next(Duration patience) throws FailureException {
    while (true) {
      while (position < read.length) {
        byte one = read[position++];
        if (one == '\n') {
          Optional<JsonNode> document = document();
          if (document.isPresent()) {
            return document;
          }
        } else if (line.size() == MAX_LINE_BYTES) {
          throw unreadable("a line is longer than " + MAX_LINE_BYTES + " bytes");
        } else {
          line.write(one);
        }
      }
      Optional<byte[]> more = stream.next(patience);
      if (more.isEmpty()) {
        return document();
      }
      read = more.get();
      position = 0;
    }
  }

  private Optional<JsonNode> document() throws FailureException {
    byte[] bytes = line.toByteArray();
    line.reset();
    try {
      JsonNode document = Json.read(bytes);
      return document.isMissingNode() ? Optional.empty() : Optional.of(document);
    } catch (JacksonException e) {
      throw unreadable(Json.complaint(e)).causedBy(e);
    }
  }

  private FailureException unreadable(String why) {
    return EngineFailure.ENGINE_OUTPUT_UNREADABLE.because(
        "The engine at %s was asked to %s, and its answer cannot be read: %s."
            .formatted(stream.engine(), stream.call().doing(), why));
  }
}
