package io.flocker.zfs.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of zfs-fuse 0.7.0 and OpenZFS 2.3.2, walked to their last byte. */
class RecordedStreamTest {
  private static final Guid NOTHING = new Guid(0);
  private static final SendFlags LEC = new SendFlags(true, true, true, false);
  private static final SendFlags L = new SendFlags(true, false, false, false);
  private static final SendFlags RAW = new SendFlags(false, false, false, true);

  private static final Guid FUSE_A = Guid.parseDecimal("12262580431864732036");
  private static final Guid FUSE_B = Guid.parseDecimal("10533470601676800986");
  private static final Guid FUSE_C = Guid.parseDecimal("3959381129565742577");
  private static final Guid A = Guid.parseDecimal("6096969873576737831");
  private static final Guid B = Guid.parseDecimal("6254635607424915161");
  private static final Guid C = Guid.parseDecimal("5996455990595483633");
  private static final Guid RAW_A = Guid.parseDecimal("13600533202075627906");
  private static final Guid RAW_B = Guid.parseDecimal("2683846885528824845");
  private static final Guid FREE_FROM = Guid.parseDecimal("4124984716591821252");
  private static final Guid FREE_TO = Guid.parseDecimal("6869812677631284775");

  private static final Guid SPILL = Guid.parseDecimal("15669628479634590667");
  private static final Guid EMBEDDED = Guid.parseDecimal("14100923216043312959");
  private static final Guid CUT_A = Guid.parseDecimal("975089239969290770");
  private static final Guid CUT_B = Guid.parseDecimal("381645388662136465");
  private static final Guid CUT_RAW = Guid.parseDecimal("6147630016390677889");

  static Stream<Arguments> recorded() {
    return Stream.of(
        row("zfs-fuse-full", SendFlags.NONE, NOTHING, FUSE_A),
        row("zfs-fuse-inc", SendFlags.NONE, FUSE_A, FUSE_B),
        row("zfs-fuse-one", SendFlags.NONE, FUSE_A, FUSE_B),
        row("zfs-fuse-batch", SendFlags.NONE, FUSE_A, FUSE_B, FUSE_C),
        row("openzfs-full", SendFlags.NONE, NOTHING, A),
        row("openzfs-full-Lec", LEC, NOTHING, A),
        row("openzfs-inc", SendFlags.NONE, A, B),
        row("openzfs-inc-bookmark", SendFlags.NONE, A, B),
        row("openzfs-batch", SendFlags.NONE, A, B, C),
        row("openzfs-batch-Lec", LEC, A, B, C),
        row("openzfs-free", L, FREE_FROM, FREE_TO),
        row("openzfs-raw", RAW, NOTHING, RAW_A),
        row("openzfs-raw-inc", RAW, RAW_A, RAW_B),
        row("openzfs-spill", SendFlags.NONE, NOTHING, SPILL),
        row("openzfs-spill-L", L, NOTHING, SPILL),
        row("openzfs-inc-Lec", LEC, SPILL, EMBEDDED),
        row("openzfs-inc-plain", SendFlags.NONE, SPILL, EMBEDDED),
        rest("openzfs-resume-full", SendFlags.NONE, NOTHING, CUT_A),
        rest("openzfs-resume-inc", SendFlags.NONE, CUT_A, CUT_B),
        rest("openzfs-resume-Lec", LEC, NOTHING, CUT_A),
        rest("openzfs-resume-raw", RAW, NOTHING, CUT_RAW));
  }

  private static Arguments rest(String name, SendFlags flags, Guid from, Guid snapshot) {
    return Arguments.of(name, new StreamExpectation(from, List.of(snapshot), flags, true));
  }

  private static Arguments row(String name, SendFlags flags, Guid from, Guid... snapshots) {
    return Arguments.of(name, new StreamExpectation(from, List.of(snapshots), flags, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recorded")
  void isWalkedToItsEnd(String name, StreamExpectation expectation) throws Exception {
    walk(expectation, RecordedStream.read(name));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recorded")
  void isMissedWhenItsLastByteIsMissing(String name, StreamExpectation expectation) {
    byte[] stream = RecordedStream.read(name);
    FailureException failure =
        assertThrows(
            FailureException.class,
            () -> walk(expectation, Arrays.copyOf(stream, stream.length - 1)));

    assertEquals(TransferFailure.STREAM_TRUNCATED, failure.failure());
  }

  @Test
  void isRefusedWhenItIsRedacted() {
    byte[] stream = RecordedStream.read("openzfs-redacted");
    StreamExpectation full = new StreamExpectation(NOTHING, List.of(A), SendFlags.NONE, false);

    FailureException failure = assertThrows(FailureException.class, () -> walk(full, stream));
    assertEquals(TransferFailure.STREAM_REFUSED, failure.failure());
    assertEquals(List.of("REDACTED"), failure.members().get("features"));
  }

  /**
   * Received, its properties would be set: a mountpoint, a share, a reservation of all there is.
   */
  @ParameterizedTest
  @ValueSource(strings = {"openzfs-props", "openzfs-repl"})
  void isRefusedWhenItBringsProperties(String name) {
    StreamExpectation planned =
        new StreamExpectation(NOTHING, List.of(A, B, C), SendFlags.NONE, false);
    for (StreamExpectation any : List.of(planned, StreamExpectation.unannounced(LEC))) {
      FailureException failure =
          assertThrows(FailureException.class, () -> walk(any, RecordedStream.read(name)));

      assertEquals(TransferFailure.STREAM_REFUSED, failure.failure());
      assertTrue(failure.detail().contains("zfs send -p"), failure.detail());
    }
  }

  @Test
  void isRefusedRawWhereThePlanIsPlain() {
    StreamExpectation plain = new StreamExpectation(NOTHING, List.of(RAW_A), LEC, false);

    FailureException failure =
        assertThrows(FailureException.class, () -> walk(plain, RecordedStream.read("openzfs-raw")));
    assertEquals(List.of("RAW"), failure.members().get("features"));
  }

  private static void walk(StreamExpectation expectation, byte[] stream) throws FailureException {
    StreamWalker walker = new StreamWalker(expectation);
    walker.inspect(ByteBuffer.wrap(stream).asReadOnlyBuffer());
    walker.end();
  }
}
