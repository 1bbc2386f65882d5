package io.flocker.transfer.stream;

import static io.flocker.transfer.stream.Outcomes.answered;
import static io.flocker.transfer.stream.Outcomes.await;
import static io.flocker.transfer.stream.Outcomes.failed;
import static io.flocker.transfer.stream.TransferSettings.HELD_BACK_BYTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.Proof;
import io.flocker.transfer.pipe.EpollLoop;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** A child's output into another child's input, through both halves of the byte mover. */
class WholeStreamTest {
  private static final int LENGTH = 3_000_000;

  /** Of the pipe of a ScriptChild: the most that one read brings. */
  private static final int PIPE_BYTES = 64 * 1024;

  private static final int MIB = 1 << 20;
  private static final String ENDLESS = "printf '<'; exec cat /dev/zero";

  @RegisterExtension final EpollLoop loop = new EpollLoop();
  @TempDir Path directory;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final CompletableFuture<ScriptChild> sending = new CompletableFuture<>();
  private final Wire wire = new Wire(loop.loop());
  private FakeReception reception = new FakeReception("cat", MarkedStream.inspector());

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    loop.run(wire::cut);
    loop.awaitReleased(allocator);
  }

  @Test
  void whatTheSenderWritesTheReceiverReads() throws Exception {
    StreamSender sender =
        transfer(MarkedStream.script(LENGTH), "exec cat > " + file(), Settings.PATIENT);
    SendOutcome.Answered answered = answered(sender);
    assertEquals(200, answered.status());
    assertEquals(LENGTH, answered.bytes());
    assertEquals(LENGTH, sender.bytesSent());
    assertEquals(Optional.of(await(reception.received).proof()), answered.proof());
    assertEquals(Optional.of(new Exit(0)), answered.child().orElseThrow().exit());
    assertEquals(LENGTH, Files.size(file()));
  }

  @Test
  @DisplayName("B12 a stream takes at least as long as its rate has it")
  void keepsToItsRate() throws Exception {
    long rate = 2L * LENGTH; // Bytes a second.
    long begunNanos = System.nanoTime();
    StreamSender sender =
        transfer(MarkedStream.script(LENGTH), "exec cat > " + file(), Settings.sendingAt(rate));

    assertEquals(200, answered(sender).status());

    // A tenth of a second's bytes are free, and the last read may overdraw.
    double leastSeconds = (LENGTH - rate / 10.0 - PIPE_BYTES) / rate;
    double seconds = (System.nanoTime() - begunNanos) / 1e9;
    assertTrue(seconds >= leastSeconds, () -> seconds + " s, at least " + leastSeconds);
    assertEquals(LENGTH, Files.size(file()));
  }

  @Test
  @DisplayName("B13 a stream that is under way takes up another rate")
  void takesUpAnotherRateUnderWay() throws Exception {
    AtomicReference<OptionalLong> rate = new AtomicReference<>(OptionalLong.of(1)); // For years.
    StreamSender sender =
        transfer(
            MarkedStream.script(LENGTH), "exec cat > " + file(), Settings.PATIENT.and(rate::get));
    while (sender.bytesSent() == 0) {
      Thread.onSpinWait();
    }

    rate.set(OptionalLong.empty());

    assertEquals(200, answered(sender).status());
    assertEquals(LENGTH, Files.size(file()));
  }

  @Test
  @DisplayName("I01 a sending child that fails leaves no last chunk, no clean end, and its reason")
  void aSenderThatFailsIsNeverAClearEnd() throws Exception {
    Failure failure = failureOf("echo 'I/O error' >&2; exit 1", Map.of("exit", 1));
    assertEquals(TransferFailure.SENDER_FAILED, failure);
  }

  @Test
  @DisplayName("I02 a sending child that is killed is told with its signal")
  void aSenderThatIsKilledIsNamed() throws Exception {
    Failure failure =
        failureOf("echo 'I/O error' >&2; kill -9 $$", Map.of("exit", 137, "signal", "SIGKILL"));
    assertEquals(TransferFailure.SENDER_FAILED, failure);
  }

  @Test
  @DisplayName("56 I03 a receiving child that fails stops the sender, which gets its stderr")
  void aReceiverThatFailsStopsTheSender() throws Exception {
    StreamSender sender =
        transfer(
            ENDLESS,
            waitingFor(go()) + "head -c 99999 > /dev/null; echo full >&2; exit 1",
            Settings.PATIENT);
    CompletableFuture<Boolean> wasInTime = new CompletableFuture<>();
    var _ =
        await(reception.started)
            .exit()
            .thenRun(() -> {
              var _ = loop.loop().schedule(() -> wasInTime.complete(false), 1, SECONDS);
            });
    var _ = sender.outcome().thenRun(() -> wasInTime.complete(true));
    Files.createFile(go());
    SendOutcome.Answered answered = answered(sender);
    assertTrue(await(wasInTime), "a second after the receiver's end the sender knows of it");
    assertEquals(502, answered.status());
    assertEquals("full\n", answered.body().path("receiver").path("stderr").asString());
    assertEquals(Optional.empty(), answered.proof());
    assertFalse(await(sending).isAlive());
  }

  @Test
  @DisplayName("I04 a refusal in the middle of the body reaches the sender whole")
  void aRefusalInTheMiddleArrives() throws Exception {
    StreamSender sender =
        transfer(
            ENDLESS,
            "exec cat > /dev/null",
            Settings.PATIENT,
            MarkedStream.refusing(TransferFailure.STREAM_REFUSED.because("another"), MIB));
    SendOutcome.Answered answered = answered(sender);
    assertEquals(422, answered.status());
    assertEquals("another", answered.body().path("detail").asString());
    assertFalse(await(sending).isAlive());
  }

  @Test
  @DisplayName("I04 a refusal before the body starts no child")
  void aRefusalBeforeTheBodyStartsNoChild() throws Exception {
    StreamSender sender = sender(ENDLESS, Settings.PATIENT);
    loop.run(() -> sender.response(409, JsonNodeFactory.instance.objectNode()));
    SendOutcome.Answered answered = answered(sender);
    assertEquals(409, answered.status());
    assertEquals(Optional.empty(), answered.child());
    assertFalse(sending.isDone());
  }

  @Test
  void aSuccessBeforeTheEndOfTheBodyIsNone() throws Exception {
    StreamSender sender = sender(ENDLESS, Settings.PATIENT);
    loop.run(() -> wire.connect(sender));
    loop.run(() -> sender.response(200, JsonNodeFactory.instance.objectNode()));
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.PEER_FAILED, failed.failure().failure());
  }

  @Test
  @DisplayName("I12 a MiB of stderr from each child blocks nothing and its tail is kept")
  void muchStderrBlocksNothing() throws Exception {
    String babble = "head -c 1048576 /dev/zero | tr '\\0' e >&2; echo last >&2; ";
    StreamSender sender =
        transfer(
            babble + MarkedStream.script(LENGTH) + "; exit 1",
            babble + "exec cat > " + file(),
            Settings.PATIENT);
    SendOutcome.Failed failed = failed(sender);
    assertTail(failed.failure().members().get("sender"));
    assertTail(await(reception.failed).members().get("receiver"));
  }

  @Test
  @DisplayName("I24 a sending child that does not start is told, and the connection cut")
  void aMissingProgramCutsTheConnection() throws Exception {
    StreamSender sender =
        new StreamSender(
            () -> {
              throw StorageFailure.ZFS_UNAVAILABLE.because("/sbin/zfs: no such file");
            },
            Settings.PATIENT,
            allocator);
    loop.run(() -> wire.connect(sender));
    SendOutcome.Failed failed = failed(sender);
    assertEquals(StorageFailure.ZFS_UNAVAILABLE, failed.failure().failure());
    assertTrue(await(wire.aborted));
  }

  @Test
  @DisplayName("B01 memory stays within a bound that a slow receiver does not move")
  void memoryIsBounded() throws Exception {
    long length = 256L * MIB;
    String slowly = "for i in 1 2 3 4 5; do head -c 4096 > /dev/null; sleep 0.05; done; ";
    StreamSender sender =
        transfer(MarkedStream.script(length), slowly + "exec cat > /dev/null", Settings.PATIENT);
    CompletableFuture<SendOutcome> ended = sender.outcome().toCompletableFuture();
    long mostBytes = 0;
    while (!ended.isDone()) {
      mostBytes = Math.max(mostBytes, loop.call(() -> allocator.metric().usedDirectMemory()));
    }
    assertEquals(200, assertInstanceOf(SendOutcome.Answered.class, ended.join()).status());
    assertEquals(length, await(reception.received).proof().bytes());
    assertTrue(mostBytes < 2 * MIB, "used " + mostBytes);
  }

  @Test
  @DisplayName(
      "B02 a receiver that pauses for longer than the silence limit, with heartbeats, lives")
  void aPausedReceiverIsHealthy() throws Exception {
    TransferSettings settings = Settings.beating(Duration.ofMillis(100), Duration.ofSeconds(1));
    StreamSender sender =
        transfer(MarkedStream.script(LENGTH), waitingFor(go()) + "exec cat > " + file(), settings);
    await(reception.started);
    long resting = System.nanoTime();
    while (System.nanoTime() - resting < 2 * settings.silence().toNanos()) {
      assertTrue(wire.taken.poll(30, SECONDS) < LENGTH);
    }
    assertTrue(sender.bytesTaken() > 0);
    Files.createFile(go());
    assertEquals(200, answered(sender).status());
  }

  @Test
  @DisplayName("B03 a peer that falls silent is given up and the child is gone")
  void aSilentPeerIsGivenUp() throws Exception {
    TransferSettings settings = Settings.beating(Duration.ofMillis(100), Duration.ofMillis(500));
    StreamSender sender = transfer(ENDLESS, "exec sleep 60", settings);
    await(sending);
    await(reception.started);
    loop.run(wire::deafen);
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.PEER_SILENT, failed.failure().failure());
    assertFalse(await(sending).isAlive());
    assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  @DisplayName("B03 a peer that falls silent after the proof is given up too")
  void aPeerThatNeverAnswersIsGivenUp() throws Exception {
    TransferSettings settings = Settings.beating(Duration.ofMillis(100), Duration.ofMillis(500));
    StreamSender sender = sender(MarkedStream.script(10), settings);
    loop.run(() -> wire.connect(sender));
    while (!wire.finished.isDone()) {
      loop.run(() -> sender.interim(Map.of()));
    }
    assertTrue(await(wire.finished).containsKey(Proof.TRAILER));
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.PEER_SILENT, failed.failure().failure());
  }

  @Test
  @DisplayName("B04 cancelling ends both children")
  void cancellingEndsBothChildren() throws Exception {
    StreamSender sender = transfer(ENDLESS, "exec cat > /dev/null", Settings.PATIENT);
    await(reception.started);
    sender.cancel();
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.CANCELLED, failed.failure().failure());
    assertFalse(await(sending).isAlive());
    assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  @DisplayName("B04 what is cancelled before the peer has accepted is never begun")
  void cancellingBeforeTheBodyBeginsNothing() throws Exception {
    StreamSender sender = sender(ENDLESS, Settings.PATIENT);
    sender.cancel();
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.CANCELLED, failed.failure().failure());
    loop.run(() -> wire.connect(sender));
    assertTrue(await(wire.aborted));
    assertFalse(sending.isDone());
  }

  @Test
  @DisplayName("B05 a child blocked in a write to a full pipe ends though it ignores SIGTERM")
  void theReadEndIsClosedBeforeTheChildIsWaitedFor() throws Exception {
    wire.dam(true);
    StreamSender sender =
        transfer("trap '' TERM; printf '<'; exec cat /dev/zero", "exec cat", Settings.PATIENT);
    awaitFullPipe(sender);
    sender.cancel();
    SendOutcome.Failed failed = failed(sender);
    Map<?, ?> child = assertInstanceOf(Map.class, failed.failure().members().get("sender"));
    assertEquals("SIGPIPE", child.get("signal"));
  }

  @Test
  void aSenderThatWritesNothingIsEndedAfterTheStallLimit() throws Exception {
    ScriptChild child = ScriptChild.sending("printf '<'; exec sleep 60");
    reception = new FakeReception("exec cat > /dev/null", MarkedStream.inspector());
    StreamSender sender =
        new StreamSender(() -> child, Settings.stallingAfter(Duration.ofMillis(500)), allocator);
    loop.run(() -> {
      wire.connect(StreamReceiver.open(wire.exchange, reception, Settings.PATIENT, allocator));
      wire.connect(sender);
    });
    assertEquals(TransferFailure.SENDER_FAILED, failed(sender).failure().failure());
    assertFalse(child.isAlive());
    assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
  }

  private Failure failureOf(String ending, Map<String, Object> expected) throws Exception {
    StreamSender sender =
        transfer(
            MarkedStream.script(LENGTH) + "; " + ending, "exec cat > " + file(), Settings.PATIENT);
    SendOutcome.Failed failed = failed(sender);
    Map<?, ?> told = assertInstanceOf(Map.class, failed.failure().members().get("sender"));
    expected.forEach((name, value) -> assertEquals(value, told.get(name)));
    assertEquals("I/O error\n", told.get("stderr"));
    assertFalse(wire.finished.isDone());
    assertTrue(await(wire.aborted));
    assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
    assertTrue(await(reception.failed).members().containsKey("receiver"));
    assertTrue(Files.size(file()) <= LENGTH - HELD_BACK_BYTES);
    return failed.failure().failure();
  }

  private static void assertTail(@Nullable Object member) {
    Map<?, ?> told = assertInstanceOf(Map.class, member);
    String stderr = String.valueOf(told.get("stderr"));
    assertTrue(stderr.endsWith("last\n"));
    assertEquals(32 * 1024, stderr.length());
  }

  private StreamSender transfer(String from, String to, TransferSettings settings)
      throws Exception {
    return transfer(from, to, settings, MarkedStream.inspector());
  }

  private StreamSender transfer(
      String from, String to, TransferSettings settings, MarkedStream inspector) throws Exception {
    reception = new FakeReception(to, inspector);
    StreamSender sender = sender(from, settings);
    loop.run(() -> {
      wire.connect(StreamReceiver.open(wire.exchange, reception, settings, allocator));
      wire.connect(sender);
    });
    return sender;
  }

  private StreamSender sender(String script, TransferSettings settings) {
    return new StreamSender(
        () -> {
          ScriptChild child = ScriptChild.sending(script);
          sending.complete(child);
          return child;
        },
        settings,
        allocator);
  }

  /** Nothing moves any more once the sender has filled what the wire queues. */
  private void awaitFullPipe(StreamSender sender) throws Exception {
    await(sending);
    while (loop.call(wire.upload::isWritable) || sender.bytesSent() == 0) {
      Thread.onSpinWait();
    }
  }

  private static String waitingFor(Path file) {
    return "until [ -e " + file + " ]; do sleep 0.02; done; ";
  }

  private Path file() {
    return directory.resolve("kept");
  }

  private Path go() {
    return directory.resolve("go");
  }
}
