package io.flocker.http.server;

import io.flocker.http.json.Json;
import io.flocker.http.route.EntityTag;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.schema.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes what is about to be sent, and checks it byte for byte. Of each schema the last document
 * that fitted is kept, if it is not too long, with its tag: whoever polls is mostly told the same
 * again, an equal body is the same document, and the same bytes fit again. Any thread may call.
 */
final class CheckedOutput {
  /**
   * A document as it would be sent.
   *
   * @param document read through duplicates only
   * @param tag empty if anything is wrong with it
   */
  record Checked(ByteBuffer document, String tag, List<Violation> violations) {}

  /** Twice a list of 1,000 volumes; what is longer would take too much of a small heap. */
  private static final int MOST_KEPT_BYTES = 1 << 20;

  private record Fitting(Object body, Checked checked) {}

  private final SchemaGate gate;
  private final Map<String, Fitting> fitting = new ConcurrentHashMap<>();

  CheckedOutput(SchemaGate gate) {
    this.gate = gate;
  }

  /** Writes a body, which nobody changes any more. */
  Checked check(String schema, Object body) {
    Fitting last = fitting.get(schema);
    if (last != null && last.body().equals(body)) {
      return last.checked();
    }
    byte[] document = Json.write(body);
    Checked checked =
        last != null && last.checked().document().equals(ByteBuffer.wrap(document))
            ? last.checked()
            : judged(schema, document);
    if (checked.violations().isEmpty() && document.length <= MOST_KEPT_BYTES) {
      fitting.put(schema, new Fitting(body, checked));
    }
    return checked;
  }

  private Checked judged(String schema, byte[] document) {
    List<Violation> violations = gate.checkOutput(schema, Json.read(document));
    String tag = violations.isEmpty() ? EntityTag.of(document).toString() : "";
    return new Checked(ByteBuffer.wrap(document), tag, violations);
  }
}
