package io.flocker.zfs.stream;

import static io.flocker.core.failure.TransferFailure.NOT_A_STREAM;
import static io.flocker.core.failure.TransferFailure.STREAM_REFUSED;
import static io.flocker.core.failure.TransferFailure.STREAM_TRUNCATED;
import static io.flocker.core.failure.TransferFailure.TRAILING_BYTES;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.stream.StreamInspector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks the records of a stream as its bytes pass. One thread only; allocates nothing but at a
 * BEGIN.
 *
 * <p>A stream is {@code BEGIN record* END}. With {@code -I} it is a package: {@code BEGIN(compound)
 * END}, then such streams, then one more END. A package that brings a list, as {@code -p} and
 * {@code -R} make one, is refused: {@code zfs receive} would set the properties of that list, which
 * mount a dataset anywhere, share it, or reserve the pool for it; what follows a volume stands in
 * its plan.
 */
public final class StreamWalker implements StreamInspector {
  /** SPA_MAXBLOCKSIZE of {@code include/sys/spa.h}: no payload of a data record is longer. */
  private static final long MAX_PAYLOAD_BYTES = 16L << 20;

  /** The keys of a raw snapshot, or where one that was cut goes on: an nvlist of some KiB. */
  private static final long MAX_BEGIN_BYTES = 1L << 20;

  private enum Place {
    BEFORE_STREAM,
    IN_PACKAGE_HEAD,
    BETWEEN_SNAPSHOTS,
    IN_PACKED_SNAPSHOT,
    IN_SNAPSHOT,
    AFTER_STREAM
  }

  private final RecordHead head = new RecordHead();
  private final BeginJudge judge;
  private Place place = Place.BEFORE_STREAM;
  private long offset;
  private long payloadLeft;

  /** A walker that holds a stream against {@code expectation}. */
  public StreamWalker(StreamExpectation expectation) {
    this.judge = new BeginJudge(expectation);
  }

  @Override
  public void inspect(ByteBuffer bytes) throws FailureException {
    int at = bytes.position();
    while (at < bytes.limit()) {
      if (payloadLeft > 0) {
        int passed = (int) Math.min(payloadLeft, bytes.limit() - at);
        payloadLeft -= passed;
        at += passed;
        offset += passed;
      } else {
        int taken = head.fill(bytes, at);
        at += taken;
        offset += taken;
        judgeHead();
      }
    }
  }

  @Override
  public boolean hasBegun() {
    return place != Place.BEFORE_STREAM;
  }

  @Override
  public Guid base() {
    return judge.base();
  }

  @Override
  public void end() throws FailureException {
    if (place != Place.AFTER_STREAM || !head.isEmpty()) {
      throw STREAM_TRUNCATED.because(
          "the stream ends at byte " + offset + ", before its END record");
    }
  }

  private void judgeHead() throws FailureException {
    if (place == Place.AFTER_STREAM) {
      throw TRAILING_BYTES.because("bytes follow the END record at byte " + (offset - 1));
    }
    if (head.isFull()) {
      if (place == Place.BEFORE_STREAM) {
        findOrder();
      }
      int number = head.typeNumber();
      if (!RecordType.isKnown(number)) {
        throw refused("a record of the unknown type " + Integer.toUnsignedString(number));
      }
      RecordType type = RecordType.of(number);
      place = next(type);
      payloadLeft = payload(type);
      head.clear();
    }
  }

  private void findOrder() throws FailureException {
    ByteOrder order =
        StreamHeader.order(head.view())
            .orElseThrow(() -> NOT_A_STREAM.because("the body does not begin with a BEGIN record"));
    head.order(order);
  }

  private Place next(RecordType type) throws FailureException {
    return switch (type) {
      case BEGIN -> begin();
      case END -> endRecord();
      case OBJECT,
          FREEOBJECTS,
          WRITE,
          FREE,
          WRITE_BYREF,
          SPILL,
          WRITE_EMBEDDED,
          OBJECT_RANGE,
          REDACT -> {
        if (place != Place.IN_SNAPSHOT && place != Place.IN_PACKED_SNAPSHOT) {
          throw refused("a record " + type + " outside of a snapshot");
        }
        yield place;
      }
    };
  }

  private Place begin() throws FailureException {
    if (!StreamHeader.hasMagic(head.view())) {
      throw refused("a BEGIN record without the magic number");
    }
    StreamHeader header = StreamHeader.read(head.view());
    if (place == Place.BEFORE_STREAM && header.isPackage()) {
      judge.judgePackage(header);
      return Place.IN_PACKAGE_HEAD;
    }
    if (header.isPackage()) {
      throw refused("a package inside of a stream");
    }
    boolean isPacked = place == Place.BETWEEN_SNAPSHOTS;
    if (!isPacked && place != Place.BEFORE_STREAM) {
      throw refused("a second BEGIN record before the END of the first");
    }
    judge.judgeSnapshot(header);
    return isPacked ? Place.IN_PACKED_SNAPSHOT : Place.IN_SNAPSHOT;
  }

  private Place endRecord() throws FailureException {
    return switch (place) {
      case IN_PACKAGE_HEAD -> Place.BETWEEN_SNAPSHOTS;
      case IN_PACKED_SNAPSHOT -> {
        judgeEndOfSnapshot();
        yield Place.BETWEEN_SNAPSHOTS;
      }
      case IN_SNAPSHOT -> {
        judgeEndOfSnapshot();
        judge.judgeEnd();
        yield Place.AFTER_STREAM;
      }
      case BETWEEN_SNAPSHOTS -> {
        judge.judgeEnd();
        yield Place.AFTER_STREAM;
      }
      case BEFORE_STREAM, AFTER_STREAM -> throw refused("an END record outside of a stream");
    };
  }

  private void judgeEndOfSnapshot() throws FailureException {
    if (head.endToGuid() != judge.current().bits()) {
      throw refused("an END record of another snapshot than its BEGIN");
    }
  }

  private long payload(RecordType type) throws FailureException {
    long bytes = head.payloadBytes(type);
    long most = type == RecordType.BEGIN ? MAX_BEGIN_BYTES : MAX_PAYLOAD_BYTES;
    if (bytes < 0 || bytes > most) {
      throw refused("a record %s of %s bytes".formatted(type, Long.toUnsignedString(bytes)));
    }
    if (bytes > 0 && place == Place.IN_PACKAGE_HEAD) {
      throw refused("a list of properties, such as zfs send -p and -R make,");
    }
    return bytes;
  }

  private FailureException refused(String what) {
    return STREAM_REFUSED.because(
        "the stream holds " + what + " at byte " + (offset - RecordHead.BYTES));
  }
}
