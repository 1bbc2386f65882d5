package io.flocker.http.server;

import io.flocker.http.json.Json;
import io.flocker.http.route.EntityTag;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.schema.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks what is about to be sent, byte for byte. Of each schema the last document that fitted is
 * kept, with its tag: whoever polls is mostly told the same again, and the same bytes fit again.
 * Any thread may call.
 */
final class CheckedOutput {
  private record Fitting(ByteBuffer document, String tag) {}

  private final SchemaGate gate;
  private final Map<String, Fitting> fitting = new ConcurrentHashMap<>();

  CheckedOutput(SchemaGate gate) {
    this.gate = gate;
  }

  /** What is wrong with a document, which nobody changes any more; empty if it may be sent. */
  List<Violation> violations(String schema, byte[] document) {
    if (kept(schema, document).isPresent()) {
      return List.of();
    }
    List<Violation> violations = gate.checkOutput(schema, Json.read(document));
    if (violations.isEmpty()) {
      fitting.put(
          schema, new Fitting(ByteBuffer.wrap(document), EntityTag.of(document).toString()));
    }
    return violations;
  }

  /** The tag of a document that fits. */
  String tag(String schema, byte[] document) {
    return kept(schema, document)
        .map(Fitting::tag)
        .orElseGet(() -> EntityTag.of(document).toString());
  }

  private Optional<Fitting> kept(String schema, byte[] document) {
    return Optional.ofNullable(fitting.get(schema))
        .filter(last -> last.document().equals(ByteBuffer.wrap(document)));
  }
}
