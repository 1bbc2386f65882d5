package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.http.api.VolumeDocument;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How long it takes from an fsync to the snapshot that the peer is proven to have, printed: see
 * {@code benchmarks/README.md}. Minutes of {@code FLOCKER_LAG_MINUTES}, else a few writes.
 */
@Timeout(3_600)
class ReplicationLagIT {
  private static final Duration LOOK = Duration.ofMillis(25);
  private static final int FEW = 8;
  private static final int BYTES = 4_096;

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private final Random random = new Random(1);

  @Test
  @DisplayName("S01 each fsync comes to be in a snapshot that the peer is proven to have")
  void provesEachWrite() throws Exception {
    TestNode owner = NODES.first();
    VolumeDocument volume = owner.create("replication.lag");
    var _ = owner.client().putReplication(volume.id(), Policy.to(List.of(NODES.second().id())));
    Await.until("the first copy", () -> last(owner).isPresent());
    List<Long> millis = new ArrayList<>();
    Optional<Duration> time =
        Optional.ofNullable(System.getenv("FLOCKER_LAG_MINUTES"))
            .map(minutes -> Duration.ofMinutes(Long.parseLong(minutes)));
    long end = System.nanoTime() + time.orElse(Duration.ZERO).toNanos();
    while (millis.size() < FEW || System.nanoTime() < end) {
      Instant written = write(TestNode.folder(volume));
      millis.add(Duration.between(written, proof(owner, written).proven()).toMillis());
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_000)).toNanos());
    }

    millis.sort(Long::compare);
    String report =
        "fsync to proven snapshot, %d writes of 4 KiB: median %d ms, p99 %d ms, longest %d ms%n"
            .formatted(
                millis.size(),
                millis.get(millis.size() / 2),
                millis.get(millis.size() * 99 / 100),
                millis.getLast());
    System.out.print(report);
    String file = System.getProperty("flocker.report", "");
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), report);
    }
    assertEquals(
        Content.of(TestNode.folder(volume)),
        Zfs.content(
            NODES.second().pool(),
            NODES.second().volume(volume.id()).dataset()
                + "@"
                + TestNode.latest(NODES.second().volume(volume.id())).name()));
  }

  /** Writes one page of a file, and tells when it was on disk. */
  private Instant write(Path folder) throws Exception {
    byte[] page = new byte[BYTES];
    random.nextBytes(page);
    try (FileChannel file =
        FileChannel.open(
            folder.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int _ = file.write(ByteBuffer.wrap(page), (long) random.nextInt(64) * BYTES);
      file.force(true);
    }
    return Instant.now();
  }

  /** The first arrival that was snapshotted after {@code written}. */
  private static Arrival proof(TestNode owner, Instant written) throws Exception {
    while (true) {
      Optional<Arrival> last = last(owner).filter(arrival -> !arrival.taken().isBefore(written));
      if (last.isPresent()) {
        return last.get();
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static Optional<Arrival> last(TestNode owner) throws Exception {
    return owner.client().copies().stream().findFirst().flatMap(CopyStatus::last);
  }
}
