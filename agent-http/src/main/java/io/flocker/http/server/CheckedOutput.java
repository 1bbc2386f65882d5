package io.flocker.http.server;

import io.flocker.http.json.Json;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.schema.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks what is about to be sent, byte for byte. Of each schema the last document that fitted is
 * kept: whoever polls is mostly told the same again, and the same bytes fit again. Any thread may
 * call.
 */
final class CheckedOutput {
  private final SchemaGate gate;
  private final Map<String, byte[]> fitting = new ConcurrentHashMap<>();

  CheckedOutput(SchemaGate gate) {
    this.gate = gate;
  }

  /** What is wrong with a document, which nobody changes any more; empty if it may be sent. */
  List<Violation> violations(String schema, byte[] document) {
    if (Arrays.equals(fitting.get(schema), document)) {
      return List.of();
    }
    List<Violation> violations = gate.checkOutput(schema, Json.read(document));
    if (violations.isEmpty()) {
      fitting.put(schema, document);
    }
    return violations;
  }
}
