package io.flocker.zfs.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamWalkerTest {
  private static final long BASE = 11;
  private static final long FIRST = 22;
  private static final long SECOND = 33;
  private static final SendFlags ALL = new SendFlags(true, true, true, true);
  private static final StreamExpectation UNANNOUNCED =
      StreamExpectation.unannounced(SendFlags.NONE);

  /** Byte orders, as an enum for parameters. */
  enum Order {
    BIG(ByteOrder.BIG_ENDIAN),
    LITTLE(ByteOrder.LITTLE_ENDIAN);

    private final ByteOrder order;

    Order(ByteOrder order) {
      this.order = order;
    }

    ForgedStream stream() {
      return new ForgedStream(order);
    }
  }

  @ParameterizedTest
  @EnumSource
  void walksEveryTypeOfRecordInBothByteOrders(Order order) throws Exception {
    byte[] stream =
        order.stream()
            .begin(BASE, FIRST, 0)
            .object(0, 0)
            .object(44, 0)
            .object(0, 513)
            .bare(RecordType.FREEOBJECTS)
            .write(512)
            .writeCompressed(131_072, 1_001)
            .bare(RecordType.FREE)
            .bare(RecordType.WRITE_BYREF)
            .spill(512, 0)
            .spill(16_384, 700)
            .embedded(1)
            .embedded(112)
            .bare(RecordType.OBJECT_RANGE)
            .bare(RecordType.REDACT)
            .end(FIRST)
            .bytes();

    walk(expecting(FIRST), stream, stream.length);
    walk(expecting(FIRST), stream, 1);
    walk(expecting(FIRST), stream, 313);
  }

  @ParameterizedTest
  @EnumSource
  void walksAPackageOfSeveralSnapshots(Order order) throws Exception {
    walk(expecting(FIRST, SECOND), batch(order).end(0).bytes(), 1_000);
  }

  @Test
  void leavesTheBufferAsItWas() throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Order.LITTLE.stream().begin(BASE, FIRST, 0).bytes());
    bytes.position(0).limit(300);
    StreamWalker walker = new StreamWalker(expecting(FIRST));
    walker.inspect(bytes);

    assertEquals(0, bytes.position());
    assertEquals(300, bytes.limit());
    assertFalse(walker.hasBegun(), "not before the whole head is there");

    walker.inspect(bytes.limit(312).position(300));
    assertTrue(walker.hasBegun());
    assertEquals(300, bytes.position());
  }

  @Test
  @DisplayName("I09 a body that is not a stream is refused by its first record")
  void refusesWhatIsNoStream() {
    byte[] body = new byte[400];
    body[20] = 1;

    refused(TransferFailure.NOT_A_STREAM, expecting(FIRST), body);
  }

  @Test
  @DisplayName("I10 a snapshot other than the planned one is refused")
  void refusesAnotherSnapshot() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().begin(BASE, SECOND, 0).bytes());
  }

  @Test
  void refusesAnotherBase() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().begin(0, FIRST, 0).bytes());
  }

  @Test
  void refusesAForgedSecondBeginInABatch() {
    byte[] forged =
        Order.LITTLE.stream()
            .packageHead()
            .begin(BASE, FIRST, 0)
            .end(FIRST)
            .begin(BASE, SECOND, 0)
            .bytes();

    FailureException failure =
        refused(TransferFailure.STREAM_REFUSED, expecting(FIRST, SECOND), forged);
    assertTrue(failure.detail().contains(new Guid(FIRST).toString()), failure.detail());
  }

  @Test
  void refusesASnapshotMoreThanPlanned() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream()
            .packageHead()
            .begin(BASE, FIRST, 0)
            .end(FIRST)
            .begin(FIRST, SECOND, 0)
            .bytes());
  }

  @Test
  void refusesASnapshotFewerThanPlanned() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST, SECOND),
        Order.LITTLE.stream().begin(BASE, FIRST, 0).end(FIRST).bytes());
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST, SECOND, 44),
        batch(Order.LITTLE).end(0).bytes());
  }

  @Test
  void refusesASecondBeginWithoutAnEnd() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST, SECOND),
        Order.LITTLE.stream().begin(BASE, FIRST, 0).begin(FIRST, SECOND, 0).bytes());
  }

  @Test
  void refusesAnEndOfAnotherSnapshot() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().begin(BASE, FIRST, 0).end(SECOND).bytes());
  }

  @Test
  void refusesAnEndOfAnotherSnapshotInABatch() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST, SECOND),
        Order.LITTLE.stream()
            .packageHead()
            .begin(BASE, FIRST, 0)
            .end(SECOND)
            .begin(FIRST, SECOND, 0)
            .end(SECOND)
            .end(0)
            .bytes());
  }

  @Test
  void refusesABeginWithoutTheMagicNumberInABatch() {
    FailureException failure =
        refused(
            TransferFailure.STREAM_REFUSED,
            expecting(FIRST, SECOND),
            Order.LITTLE.stream()
                .packageHead()
                .begin(BASE, FIRST, 0)
                .end(FIRST)
                .beginWithoutMagic(FIRST, SECOND)
                .bytes());
    assertTrue(failure.detail().contains("magic number at byte 1248"), failure.detail());
  }

  @Test
  void refusesAPackageThatNamesASnapshot() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().packageHead(0, FIRST, 0).bytes());
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().packageHead(BASE, 0, 0).bytes());
  }

  @Test
  void refusesAPackageWithFeaturesThatThePlanDoesNotAllow() {
    refused(
        TransferFailure.STREAM_UNSUPPORTED,
        expecting(FIRST),
        Order.LITTLE.stream().packageHead(0, 0, StreamFeature.DEDUP.bit()).bytes());
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().packageHead(0, 0, StreamFeature.RAW.bit()).bytes());
  }

  @Test
  void refusesAPackageInsideOfAStream() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST, SECOND),
        Order.LITTLE.stream().packageHead().packageHead().bytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, -1, Integer.MAX_VALUE})
  void refusesARecordOfUnknownType(int type) {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().begin(BASE, FIRST, 0).ofType(type).bytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {(16L << 20) + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void refusesAnAbsurdLength(long length) {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().begin(BASE, FIRST, 0).writeOf(length).bytes());
  }

  @Test
  void takesTheLongestBlockThatZfsHas() throws Exception {
    byte[] stream = Order.LITTLE.stream().begin(BASE, FIRST, 0).write(16 << 20).end(FIRST).bytes();

    walk(expecting(FIRST), stream, stream.length);
  }

  @Test
  void refusesDataOutsideOfASnapshot() {
    refused(
        TransferFailure.STREAM_REFUSED,
        expecting(FIRST),
        Order.LITTLE.stream().packageHead().write(512).bytes());
  }

  @Test
  @DisplayName("I11 unknown feature bits are refused by name")
  void refusesUnknownFeatures() {
    long features = StreamFeature.DEDUP.bit() | StreamFeature.LZ4.bit() | 1L << 40;
    FailureException failure =
        refused(
            TransferFailure.STREAM_UNSUPPORTED,
            new StreamExpectation(new Guid(BASE), List.of(new Guid(FIRST)), ALL, false),
            Order.LITTLE.stream().begin(BASE, FIRST, features).bytes());

    assertEquals(List.of("DEDUP", "bit 40"), failure.members().get("features"));
  }

  @Test
  void refusesFlagsThatThePlanDoesNotAllow() {
    for (StreamFeature feature :
        List.of(
            StreamFeature.LARGE_BLOCKS,
            StreamFeature.EMBED_DATA,
            StreamFeature.COMPRESSED,
            StreamFeature.RAW,
            StreamFeature.RESUMING,
            StreamFeature.REDACTED)) {
      refused(
          TransferFailure.STREAM_REFUSED,
          expecting(FIRST),
          Order.LITTLE.stream().begin(BASE, FIRST, feature.bit()).bytes());
    }
  }

  @Test
  void takesWhatEachFlagBringsAlong() throws Exception {
    SendFlags embedded = new SendFlags(false, true, false, false);
    SendFlags compressed = new SendFlags(false, false, true, false);
    SendFlags raw = new SendFlags(false, false, false, true);
    for (SendFlags flags : List.of(embedded, compressed, raw)) {
      for (StreamFeature feature : List.of(StreamFeature.LZ4, StreamFeature.ZSTD)) {
        walkOneOf(flags, feature);
      }
    }
    walkOneOf(embedded, StreamFeature.EMBED_DATA);
    walkOneOf(compressed, StreamFeature.COMPRESSED);
    for (StreamFeature feature :
        List.of(
            StreamFeature.RAW,
            StreamFeature.LARGE_BLOCKS,
            StreamFeature.EMBED_DATA,
            StreamFeature.COMPRESSED)) {
      walkOneOf(raw, feature);
    }
    SendFlags large = new SendFlags(true, false, false, false);
    walkOneOf(large, StreamFeature.LARGE_BLOCKS);
    refused(
        TransferFailure.STREAM_REFUSED,
        new StreamExpectation(new Guid(BASE), List.of(new Guid(FIRST)), large, false),
        one(StreamFeature.LZ4));
  }

  @Test
  @DisplayName("I29 encrypted blocks are refused where they would make a copy unreadable")
  void refusesEncryptedBlocksAlone() throws Exception {
    StreamExpectation plain =
        new StreamExpectation(new Guid(BASE), List.of(new Guid(FIRST)), ALL, false)
            .refusingRaw("its key was changed");
    byte[] notEncrypted = one(StreamFeature.COMPRESSED); // As zfs send -w makes it then.
    walk(plain, notEncrypted, notEncrypted.length);

    FailureException failure =
        refused(StorageFailure.COPY_KEY_CHANGED, plain, one(StreamFeature.RAW));
    assertEquals("its key was changed", failure.detail());
  }

  @Test
  void namesTheSnapshotThatIsNotThePlansAsItsSenderDoes() {
    FailureException failure =
        refused(
            TransferFailure.STREAM_REFUSED,
            expecting(FIRST),
            Order.LITTLE.stream().begin(BASE, SECOND, 0).bytes());
    assertTrue(failure.detail().endsWith(", tank/forged@x"), failure.detail());
  }

  @Test
  void tellsWhatAStreamBuildsOn() throws Exception {
    StreamWalker walker = new StreamWalker(expecting(FIRST, SECOND));
    assertEquals(new Guid(0), walker.base());

    walker.inspect(ByteBuffer.wrap(batch(Order.LITTLE).end(0).bytes()));

    assertEquals(new Guid(BASE), walker.base());
  }

  @Test
  void takesAnUnannouncedStreamWhoseSnapshotsBuildOnEachOther() throws Exception {
    byte[] one = Order.LITTLE.stream().begin(BASE, FIRST, 0).end(FIRST).bytes();
    byte[] two = batch(Order.LITTLE).end(0).bytes();

    walk(UNANNOUNCED, one, one.length);
    walk(UNANNOUNCED, two, two.length);
  }

  @Test
  void refusesAnUnannouncedStreamWithAGapInItsChain() {
    refused(
        TransferFailure.STREAM_REFUSED,
        UNANNOUNCED,
        Order.LITTLE.stream()
            .packageHead()
            .begin(BASE, FIRST, 0)
            .end(FIRST)
            .begin(BASE, SECOND, 0)
            .bytes());
  }

  @Test
  void refusesTheRestOfACutStreamThatNobodyAnnounced() {
    refused(TransferFailure.STREAM_REFUSED, UNANNOUNCED, one(StreamFeature.RESUMING));
  }

  @Test
  void refusesAnUnannouncedPackageOfNothing() {
    refused(
        TransferFailure.STREAM_REFUSED,
        UNANNOUNCED,
        Order.LITTLE.stream().packageHead().end(0).bytes());
  }

  @Test
  void takesTheRestOfACutStreamOnlyWhenItIsPlanned() throws Exception {
    byte[] rest =
        Order.LITTLE.stream().begin(BASE, FIRST, StreamFeature.RESUMING.bit()).end(FIRST).bytes();
    StreamExpectation resumed =
        new StreamExpectation(new Guid(BASE), List.of(new Guid(FIRST)), SendFlags.NONE, true);

    walk(resumed, rest, rest.length);
    refused(TransferFailure.STREAM_REFUSED, expecting(FIRST), rest);
    refused(
        TransferFailure.STREAM_REFUSED,
        resumed,
        Order.LITTLE.stream().begin(BASE, FIRST, 0).bytes());
  }

  @Test
  @DisplayName("I23 bytes after the end are flagged")
  void refusesTrailingBytes() {
    byte[] stream = Order.LITTLE.stream().begin(BASE, FIRST, 0).end(FIRST).bytes();
    byte[] longer = Arrays.copyOf(stream, stream.length + 1);

    FailureException failure = refused(TransferFailure.TRAILING_BYTES, expecting(FIRST), longer);
    assertTrue(failure.detail().endsWith("byte " + stream.length), failure.detail());
  }

  @Test
  void tellsAtWhichByteAStreamWasCut() {
    byte[] whole = batch(Order.LITTLE).end(0).bytes();
    for (int length : new int[] {0, 1, 311, 312, 900, whole.length - 312, whole.length - 1}) {
      FailureException failure =
          refused(
              TransferFailure.STREAM_TRUNCATED,
              expecting(FIRST, SECOND),
              Arrays.copyOf(whole, length));
      assertTrue(failure.detail().contains("byte " + length + ","), failure.detail());
    }
  }

  private static void walkOneOf(SendFlags flags, StreamFeature feature) throws FailureException {
    byte[] stream = one(feature);
    walk(
        new StreamExpectation(new Guid(BASE), List.of(new Guid(FIRST)), flags, false),
        stream,
        stream.length);
  }

  private static byte[] one(StreamFeature feature) {
    return Order.LITTLE.stream().begin(BASE, FIRST, feature.bit()).end(FIRST).bytes();
  }

  private static ForgedStream batch(Order order) {
    return order.stream()
        .packageHead()
        .begin(BASE, FIRST, 0)
        .write(512)
        .end(FIRST)
        .begin(FIRST, SECOND, 0)
        .write(1_024)
        .end(SECOND);
  }

  private static StreamExpectation expecting(long... snapshots) {
    return new StreamExpectation(
        new Guid(BASE),
        Arrays.stream(snapshots).mapToObj(Guid::new).toList(),
        SendFlags.NONE,
        false);
  }

  private static void walk(StreamExpectation expectation, byte[] stream, int chunk)
      throws FailureException {
    StreamWalker walker = new StreamWalker(expectation);
    for (int at = 0; at < stream.length; at += chunk) {
      walker.inspect(ByteBuffer.wrap(stream, at, Math.min(chunk, stream.length - at)));
    }
    walker.end();
  }

  private static FailureException refused(
      Failure expected, StreamExpectation expectation, byte[] stream) {
    FailureException failure =
        assertThrows(FailureException.class, () -> walk(expectation, stream, 4_096));
    assertEquals(expected, failure.failure(), failure.detail());
    return failure;
  }
}
