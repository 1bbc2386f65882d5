package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.json.Json;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.route.EntityTag;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.schema.Violation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the body of a response and checks it against its schema. The last valid document of each
 * schema is kept with its tag, unless it is long: whoever polls mostly gets the same again, and
 * neither an equal body nor equal bytes have to be checked again. Any thread may call.
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

  /** What was made to be written, and the text. */
  private static final long COPIES = 3;

  /** Half of what a list of 1,000 volumes takes. */
  private static final int LONG_DOCUMENT = 1 << 18;

  private static final Duration TURN = Duration.ofSeconds(20);

  private record Fitting(Object body, Checked checked) {}

  private final SchemaGate gate;
  private final Map<String, Fitting> fitting = new ConcurrentHashMap<>();
  private final ReentrantLock longDocuments = new ReentrantLock(true);

  CheckedOutput(SchemaGate gate) {
    this.gate = gate;
  }

  /**
   * Writes a body, which nobody changes any more.
   *
   * @param payment pays for what is written
   * @throws FailureException if there is no room for that, or it waits in vain to be checked
   */
  Checked check(String schema, Object body, SharedBudget.Payment payment) throws FailureException {
    Fitting last = fitting.get(schema);
    if (last != null && last.body().equals(body)) {
      return last.checked();
    }
    byte[] document = Json.write(body);
    payment.pay(COPIES * document.length);
    Checked checked =
        last != null && last.checked().document().equals(ByteBuffer.wrap(document))
            ? last.checked()
            : judgedInTurn(schema, document);
    if (checked.violations().isEmpty() && document.length <= MOST_KEPT_BYTES) {
      fitting.put(schema, new Fitting(body, checked));
    }
    return checked;
  }

  /** The tree of a long document takes many times its text: there is one at a time. */
  private Checked judgedInTurn(String schema, byte[] document) throws FailureException {
    if (document.length <= LONG_DOCUMENT) {
      return judged(schema, document);
    }
    try {
      if (!longDocuments.tryLock(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
        throw RequestFailure.NODE_BUSY.because("Other long answers are being made.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RequestFailure.NODE_BUSY.because("Nobody waits for the answer any more.").causedBy(e);
    }
    try {
      return judged(schema, document);
    } finally {
      longDocuments.unlock();
    }
  }

  private Checked judged(String schema, byte[] document) {
    List<Violation> violations = gate.checkOutput(schema, Json.read(document));
    String tag = violations.isEmpty() ? EntityTag.of(document).toString() : "";
    return new Checked(ByteBuffer.wrap(document), tag, violations);
  }
}
