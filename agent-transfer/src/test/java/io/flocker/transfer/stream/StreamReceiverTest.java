package io.flocker.transfer.stream;

import static io.flocker.transfer.stream.Outcomes.await;
import static io.flocker.transfer.stream.TransferSettings.HELD_BACK_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.Proof;
import io.flocker.core.stream.StreamInspector;
import io.flocker.transfer.pipe.EpollLoop;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The test plays the sender, well or badly. */
class StreamReceiverTest {
  private static final int LENGTH = 100_000;
  private static final int CHUNK = 8_192;

  @RegisterExtension final EpollLoop loop = new EpollLoop();
  @TempDir Path directory;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final byte[] stream = MarkedStream.ofLength(LENGTH);
  private final Wire wire = new Wire(loop.loop());

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    loop.run(wire::cut);
    loop.awaitReleased(allocator);
  }

  @Test
  void passesAProvenStreamOnWholeAndAnswersWhatTheReceptionSays() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    send(stream);
    finish(proofOf(stream));
    assertEquals(200, await(wire.response).status());
    assertTrue(await(wire.response).body().path("isReceived").asBoolean());
    assertArrayEquals(stream, kept());
    assertEquals(LENGTH, await(reception.received).proof().bytes());
    assertEquals(Optional.of(new Exit(0)), await(reception.received).child().exit());
    assertEquals(LENGTH, reception.progress);
  }

  @Test
  void aStreamShorterThanWhatIsHeldBackArrivesToo() throws Exception {
    byte[] tiny = MarkedStream.ofLength(2);
    receive(keeping());
    send(tiny);
    finish(proofOf(tiny));
    assertEquals(200, await(wire.response).status());
    assertArrayEquals(tiny, kept());
  }

  @Test
  @DisplayName("30 54 I05 a connection that is lost in the middle is a truncated stream")
  void aLostConnectionTruncates() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    sendAllButTheProof(stream);
    loop.run(wire::cut);
    assertFailedUnproven(reception, TransferFailure.STREAM_TRUNCATED);
    assertFalse(wire.response.isDone());
  }

  @Test
  @DisplayName("I06 a body that ends cleanly but too short is not proven")
  void aShortBodyIsUnproven() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    sendAllButTheProof(Arrays.copyOf(stream, LENGTH - 1));
    finish(proofOf(stream));
    assertEquals("urn:flocker:problem:unproven", await(wire.response).type());
    assertFailedUnproven(reception, TransferFailure.UNPROVEN);
  }

  @Test
  @DisplayName("I06 a sender that lies about the count is not believed")
  void aWrongCountIsUnproven() throws Exception {
    Proof honest = proofOf(stream);
    assertUnproven(new Proof(0, LENGTH + 1, honest.crc32c()));
  }

  @Test
  @DisplayName("I08 a checksum that does not agree is not proven")
  void aWrongChecksumIsUnproven() throws Exception {
    assertUnproven(new Proof(0, LENGTH, proofOf(stream).crc32c() ^ 1));
  }

  @Test
  @DisplayName("I01 a sender that vouches for a failed child is not believed, and quoted")
  void aFailedSenderIsUnproven() throws Exception {
    FailureException failure = assertUnproven(new Proof(1, LENGTH, proofOf(stream).crc32c()));
    assertEquals(Map.of("exit", 1), failure.members().get("sender"));
  }

  @Test
  @DisplayName("I07 a body without trailers is not proven")
  void aMissingTrailerIsUnproven() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    sendAllButTheProof(stream);
    loop.run(() -> wire.upload.finish(Map.of()));
    assertEquals("urn:flocker:problem:unproven", await(wire.response).type());
    assertFailedUnproven(reception, TransferFailure.UNPROVEN);
  }

  @Test
  @DisplayName("I07 a trailer that is no proof is not proven")
  void anIllegibleTrailerIsUnproven() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    sendAllButTheProof(stream);
    loop.run(() -> wire.upload.finish(Map.of(Proof.TRAILER, "trust me")));
    assertEquals("urn:flocker:problem:unproven", await(wire.response).type());
    assertFailedUnproven(reception, TransferFailure.UNPROVEN);
  }

  @Test
  @DisplayName("I09 what is no stream is refused before a child is started")
  void noChildForWhatIsNoStream() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    send(new byte[CHUNK]);
    assertEquals("urn:flocker:problem:not-a-stream", await(wire.response).type());
    assertEquals(Map.of(), await(reception.failed).members());
    assertFalse(reception.started.isDone());
  }

  @Test
  void anEmptyBodyIsNoStream() throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    finish(proofOf(new byte[0]));
    assertEquals("urn:flocker:problem:not-a-stream", await(wire.response).type());
    assertFalse(reception.started.isDone());
  }

  @Test
  void aBodyThatNeverBeginsIsNoStreamAndFillsNoMemory() throws Exception {
    StreamInspector undecided =
        new StreamInspector() {
          @Override
          public void inspect(ByteBuffer bytes) {}

          @Override
          public boolean hasBegun() {
            return false;
          }

          @Override
          public void end() {}
        };
    FakeReception reception = new FakeReception("cat", undecided);
    receive(reception);
    send(new byte[2 << 20]);
    assertEquals("urn:flocker:problem:not-a-stream", await(wire.response).type());
    assertFalse(reception.started.isDone());
  }

  @Test
  @DisplayName("I10 a record that was not announced ends the child and passes nothing on")
  void anUnannouncedRecordIsRefused() throws Exception {
    FailureException refusal = TransferFailure.STREAM_REFUSED.because("another toguid");
    FakeReception reception = keeping(MarkedStream.refusing(refusal, LENGTH / 2));
    receive(reception);
    send(Arrays.copyOf(stream, LENGTH / 4));
    awaitKept(LENGTH / 4 - HELD_BACK_BYTES);
    send(Arrays.copyOfRange(stream, LENGTH / 4, LENGTH));
    assertEquals("urn:flocker:problem:stream-refused", await(wire.response).type());
    FailureException why = await(reception.failed);
    assertEquals(TransferFailure.STREAM_REFUSED, why.failure());
    assertTrue(why.members().containsKey("receiver"));
    assertTrue(kept().length <= LENGTH / 2 - HELD_BACK_BYTES);
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  @DisplayName("I11 a stream that needs unknown features is refused before a child is started")
  void unknownFeaturesAreRefused() throws Exception {
    FailureException refusal = TransferFailure.STREAM_UNSUPPORTED.because("feature bits 1 << 40");
    FakeReception reception = keeping(MarkedStream.refusing(refusal, 0));
    receive(reception);
    send(stream);
    Wire.Response response = await(wire.response);
    assertEquals("urn:flocker:problem:stream-unsupported", response.type());
    assertEquals("feature bits 1 << 40", response.body().path("detail").asString());
    assertFalse(reception.started.isDone());
  }

  @Test
  @DisplayName("I17 a snapshot that is not the announced one is the reception's to refuse")
  void theReceptionHasTheLastWord() throws Exception {
    receive(
        new FakeReception("cat > kept", MarkedStream.inspector()) {
          @Override
          public Child start() throws FailureException {
            return ScriptChild.receiving("cat > /dev/null; echo odd >&2");
          }

          @Override
          public Object received(Received stream) throws FailureException {
            throw TransferFailure.WRONG_GUID.because("guid 2 instead of 1");
          }
        });
    send(stream);
    finish(proofOf(stream));
    Wire.Response response = await(wire.response);
    assertEquals("urn:flocker:problem:wrong-guid", response.type());
    assertEquals("odd\n", response.body().path("receiver").path("stderr").asString());
  }

  @Test
  void aReceptionThatBreaksIsAnsweredAllTheSame() throws Exception {
    receive(
        new FakeReception("cat > /dev/null", MarkedStream.inspector()) {
          @Override
          public Object received(Received stream) {
            throw new IllegalStateException("a bug");
          }
        });
    send(stream);
    finish(proofOf(stream));
    assertEquals("urn:flocker:problem:internal-error", await(wire.response).type());
  }

  @Test
  @DisplayName("I23 bytes after the end of the stream are flagged and do not reach the child")
  void trailingBytesAreFlagged() throws Exception {
    byte[] longer = Arrays.copyOf(stream, LENGTH + 1);
    FakeReception reception = keeping();
    receive(reception);
    send(longer);
    finish(proofOf(longer));
    assertEquals("urn:flocker:problem:trailing-bytes", await(wire.response).type());
    assertFailedUnproven(reception, TransferFailure.TRAILING_BYTES);
  }

  @Test
  @DisplayName("29 I24 a child that does not start is answered with the reason")
  void aMissingProgramIsAnswered() throws Exception {
    FakeReception reception =
        new FakeReception("", MarkedStream.inspector()) {
          @Override
          public Child start() throws FailureException {
            throw StorageFailure.ZFS_UNAVAILABLE.because("/sbin/zfs: no such file");
          }
        };
    receive(reception);
    send(stream);
    assertEquals("urn:flocker:problem:zfs-unavailable", await(wire.response).type());
    assertEquals(StorageFailure.ZFS_UNAVAILABLE, await(reception.failed).failure());
  }

  @Test
  @DisplayName("I24 a child that hangs and takes nothing is ended after the stall limit")
  void aChildThatTakesNothingIsEnded() throws Exception {
    FakeReception reception = new FakeReception("exec sleep 60", MarkedStream.inspector()).ahead();
    receive(reception, Settings.stallingAfter(Duration.ofMillis(500)));
    send(MarkedStream.ofLength(1 << 20));
    assertEquals("urn:flocker:problem:receiver-failed", await(wire.response).type());
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  @DisplayName("I24 a child that is stopped with the whole stream is told of, and ended in the end")
  void aChildThatDoesNotEndIsEnded() throws Exception {
    FakeReception reception =
        new FakeReception("cat > /dev/null; kill -STOP $$", MarkedStream.inspector()).ahead();
    receive(reception, Settings.stallingAfter(Duration.ofSeconds(3)));
    send(stream);
    finish(proofOf(stream));
    assertTrue(await(reception.given));
    Wire.Response response = await(wire.response);
    assertEquals("urn:flocker:problem:receiver-failed", response.type());
    assertTrue(
        response.body().path("detail").asString().contains("given the whole stream"),
        response::toString);
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  void aSenderThatStallsIsEndedAfterTheStallLimit() throws Exception {
    FakeReception reception = keeping().ahead();
    receive(reception, Settings.stallingAfter(Duration.ofSeconds(3)));
    send(Arrays.copyOf(stream, CHUNK));
    assertEquals("urn:flocker:problem:peer-silent", await(wire.response).type());
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  void aSenderThatBringsNothingAndSaysNothingIsEnded() throws Exception {
    FakeReception reception = keeping().ahead().heard();
    receive(reception, Settings.idleAfter(Duration.ofSeconds(1)));
    send(Arrays.copyOf(stream, CHUNK));
    Wire.Response response = await(wire.response);
    assertEquals("urn:flocker:problem:peer-silent", response.type());
    assertTrue(
        response.body().path("detail").asString().contains("not said that its child is at work"),
        response::toString);
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  void aSenderWhoseChildIsAtWorkIsWaitedFor() throws Exception {
    FakeReception reception = keeping().ahead().heard();
    Duration idle = Duration.ofSeconds(2);
    StreamReceiver receiver = receive(reception, Settings.idleAfter(idle));
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < idle.multipliedBy(2).toNanos()) {
      receiver.senderHeard();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    send(stream);
    finish(proofOf(stream));
    assertEquals(200, await(wire.response).status());
  }

  @Test
  @DisplayName("B04 a cancelled reception ends its child and says so")
  void aCancelledReceptionEndsItsChild() throws Exception {
    FakeReception reception = keeping();
    StreamReceiver receiver = receive(reception);
    sendAllButTheProof(stream);
    receiver.end(TransferFailure.CANCELLED.because("enough"));
    assertEquals("urn:flocker:problem:cancelled", await(wire.response).type());
    assertFailedUnproven(reception, TransferFailure.CANCELLED);
  }

  @Test
  @DisplayName("B10 a child that closes its stdin after the proof and exits 0 has done well")
  void aChildThatHasHadEnoughHasDoneWell() throws Exception {
    FakeReception reception =
        new FakeReception(
            "head -c " + (LENGTH - 1) + " > /dev/null; exec <&-; sleep 0.2", // closes, then ends
            MarkedStream.inspector());
    receive(reception, Settings.gracious());
    send(stream);
    finish(proofOf(stream));
    assertEquals(200, await(wire.response).status());
    assertEquals(LENGTH, await(reception.received).proof().bytes());
  }

  @Test
  @DisplayName("B10 a child that exits 0 before the stream has ended has not received it")
  void aChildThatExitsBeforeTheEndHasFailed() throws Exception {
    FakeReception reception =
        new FakeReception("head -c 10 > /dev/null; echo done >&2", MarkedStream.inspector());
    receive(reception);
    send(stream);
    Wire.Response response = await(wire.response);
    assertEquals("urn:flocker:problem:receiver-failed", response.type());
    assertEquals(0, response.body().path("receiver").path("exit").asInt(-1));
    assertEquals("done\n", response.body().path("receiver").path("stderr").asString());
  }

  @Test
  void aChildThatClosesItsStdinAndStaysIsEnded() throws Exception {
    FakeReception reception =
        new FakeReception("exec <&-; exec sleep 60", MarkedStream.inspector());
    receive(reception);
    send(stream);
    assertEquals("urn:flocker:problem:receiver-failed", await(wire.response).type());
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  void aChildThatFailsAtTheEndFailsTheStream() throws Exception {
    receive(new FakeReception("cat > /dev/null; exit 3", MarkedStream.inspector()));
    send(stream);
    finish(proofOf(stream));
    Wire.Response response = await(wire.response);
    assertEquals("urn:flocker:problem:receiver-failed", response.type());
    assertEquals(3, response.body().path("receiver").path("exit").asInt());
  }

  @Test
  void aProvenStreamIsReceivedThoughTheSenderHasGone() throws Exception {
    FakeReception reception =
        new FakeReception(
            "cat > " + file() + "; until [ -e " + go() + " ]; do sleep 0.02; done",
            MarkedStream.inspector());
    receive(reception);
    send(stream);
    finish(proofOf(stream));
    awaitKept(LENGTH);
    loop.run(wire::cut);
    Files.createFile(go());
    assertEquals(LENGTH, await(reception.received).proof().bytes());
    assertFalse(wire.response.isDone());
  }

  @Test
  void whatNobodyHasToVouchForIsTakenOnceItHasItsOwnEnd() throws Exception {
    FakeReception reception = keeping().unvouched();
    receive(reception);
    send(stream);
    loop.run(() -> wire.upload.finish(Map.of()));
    assertEquals(200, await(wire.response).status());
    assertArrayEquals(stream, kept());
    assertEquals(proofOf(stream), await(reception.received).proof(), "what came");
  }

  @Test
  void whatNobodyVouchesForAndHasNoEndIsTruncated() throws Exception {
    FakeReception reception = keeping().unvouched();
    receive(reception);
    sendAllButTheProof(Arrays.copyOf(stream, LENGTH - 1));
    loop.run(() -> wire.upload.finish(Map.of()));
    assertEquals(TransferFailure.STREAM_TRUNCATED.type(), await(wire.response).type());
    assertFailedUnproven(reception, TransferFailure.STREAM_TRUNCATED);
  }

  private FailureException assertUnproven(Proof lie) throws Exception {
    FakeReception reception = keeping();
    receive(reception);
    sendAllButTheProof(stream);
    finish(lie);
    assertEquals("urn:flocker:problem:unproven", await(wire.response).type());
    return assertFailedUnproven(reception, TransferFailure.UNPROVEN);
  }

  /** The child never saw the end, is gone, and the failure tells how it ended. */
  private FailureException assertFailedUnproven(FakeReception reception, TransferFailure failure)
      throws Exception {
    FailureException why = await(reception.failed);
    assertEquals(failure, why.failure());
    Map<?, ?> receiver = assertInstanceOf(Map.class, why.members().get("receiver"));
    assertTrue(receiver.containsKey("exit"));
    assertTrue(kept().length <= LENGTH - HELD_BACK_BYTES, "kept " + kept().length);
    assertFalse(await(reception.started).isAlive());
    assertFalse(reception.received.isDone());
    return why;
  }

  private FakeReception keeping() {
    return keeping(MarkedStream.inspector());
  }

  private FakeReception keeping(MarkedStream inspector) {
    return new FakeReception("exec cat > " + file(), inspector);
  }

  private StreamReceiver receive(FakeReception reception) throws Exception {
    return receive(reception, Settings.PATIENT);
  }

  private StreamReceiver receive(FakeReception reception, TransferSettings settings)
      throws Exception {
    return loop.call(() -> {
      StreamReceiver receiver = StreamReceiver.open(wire.exchange, reception, settings, allocator);
      wire.connect(receiver);
      return receiver;
    });
  }

  /** Until the child has had what it may have. */
  private void sendAllButTheProof(byte[] bytes) throws Exception {
    send(bytes);
    awaitKept(bytes.length - HELD_BACK_BYTES);
  }

  private void send(byte[] bytes) throws Exception {
    loop.run(() -> {
      for (int at = 0; at < bytes.length; at += CHUNK) {
        int length = Math.min(CHUNK, bytes.length - at);
        wire.upload.write(allocator.directBuffer(length).writeBytes(bytes, at, length));
      }
    });
  }

  private void finish(Proof proof) throws Exception {
    loop.run(() -> wire.upload.finish(Map.of(Proof.TRAILER, proof.toString())));
  }

  private static Proof proofOf(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return new Proof(0, bytes.length, (int) sum.getValue());
  }

  private Path file() {
    return directory.resolve("kept");
  }

  private Path go() {
    return directory.resolve("go");
  }

  private byte[] kept() throws Exception {
    return Files.exists(file()) ? Files.readAllBytes(file()) : new byte[0];
  }

  /** The child is another process: what it has written is seen by looking. */
  private void awaitKept(int length) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (kept().length < length) {
      assertTrue(System.nanoTime() < deadline, "kept only " + kept().length);
      Thread.onSpinWait();
    }
  }
}
