package io.flocker.cli.daemon;

import io.flocker.cli.command.Version;
import io.flocker.core.deploy.converge.Convergence;
import io.flocker.core.event.EventHub;
import io.flocker.core.log.Logging;
import io.flocker.core.os.FileCalls;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.Verified;
import io.flocker.core.volume.PoolWatch;
import io.flocker.http.metrics.Metrics;
import io.flocker.http.net.Buffers;
import io.flocker.http.net.EventLoops;
import io.flocker.http.server.HttpsServer;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.zfs.ZfsStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the daemon tells of itself beside what requests and transfers count. */
final class Gauges {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);
  private static final double NANOS = 1e9;

  private Gauges() {}

  static void measure(
      Metrics metrics,
      ZfsStorage storage,
      TransferBoard board,
      EventHub events,
      HttpsServer server) {
    metrics.transferBytes(board::bytes);
    metrics.gauge(
        "flocker_zfs_stuck_commands",
        "Commands that not even KILL could end",
        () -> storage.stuckChildren().size());
    metrics.gauge(
        "flocker_stuck_file_calls",
        "Calls that a file system has not answered in time, and does not yet",
        () -> FileCalls.ofThisProcess().size());
    metrics.gauge(
        "flocker_http_connections", "Connections that are open", () -> server.connections());
    metrics.counter(
        "flocker_http_refused_handshakes",
        "Connections that ended before their callers were let in",
        () -> (double) server.refusedHandshakes());
    metrics.gauge(
        "flocker_event_listeners", "Connections that events are sent to", events::listeners);
    metrics.gauge(
        "flocker_direct_memory_bytes",
        "Memory outside of the heap that buffers take",
        () -> (double) Buffers.directMemoryBytes());
    metrics.counter(
        "flocker_log_dropped_messages",
        "Messages that the log has lost",
        () -> (double) Logging.dropped());
  }

  /** What it is, and what keeps it busy. */
  static void measure(Metrics metrics, ZfsStorage storage, EventLoops loops) {
    metrics.info(
        "flocker_build",
        "What runs",
        new TreeMap<>(Map.of("version", Version.number(), "java", Runtime.version().toString())));
    metrics.gauge(
        "flocker_event_loop_delay_seconds",
        "How long the slowest event loop took to come to what it was asked for now, at most 1",
        () -> loops.delay(LONGEST_DELAY).toNanos() / NANOS);
    metrics.gauge(
        "flocker_children",
        "Programs that run for the daemon: commands, streams, hooks",
        () -> ProcessHandle.current().children().count());
    metrics.gauges(
        "flocker_queue_length",
        "What waits: commands until they may run, messages until they are written",
        List.of("queue"),
        values -> {
          values.tell(storage.waitingCommands(), "zfs");
          values.tell(Logging.waiting(), "log");
        });
  }

  /** What its watches have seen. */
  static void measure(Metrics metrics, PoolWatch pool, CertificateReload certificates) {
    metrics.gauge(
        "flocker_pool_mounted_datasets",
        "Datasets of the pool that are mounted, by the last look",
        pool::mounted);
    metrics.gauge(
        "flocker_certificate_refused",
        "Whether there are new certificates that cannot be used",
        () -> certificates.warning().isPresent() ? 1 : 0);
    metrics.gauge(
        "flocker_certificate_end_timestamp_seconds",
        "When the node's certificate ends, in seconds since 1970",
        () -> certificates.current().certificate().getNotAfter().toInstant().getEpochSecond());
  }

  /** How far the wish is. */
  static void measure(Metrics metrics, Convergence convergence) {
    metrics.gauge(
        "flocker_objects_not_as_wished",
        "Applications, volumes and routes that are not as the wish wants them",
        () -> (double) convergence.notAsWished());
  }

  /** How far behind copies are. */
  static void measure(Metrics metrics, Replication replication) {
    List<String> labels = List.of("volume", "peer");
    metrics.gauges(
        "flocker_replication_lag_seconds",
        "How old the first change is that a peer does not have of a volume",
        labels,
        values -> replication.status().forEach(copy -> tell(values, copy, copy.lagSeconds())));
    metrics.gauges(
        "flocker_replication_max_lag_seconds",
        "How far behind the volume's policy lets the copy be",
        labels,
        values -> replication.status().forEach(copy -> tell(values, copy, copy.maxLagSeconds())));
    metrics.gauges(
        "flocker_replication_lag_bytes",
        "About how many bytes are to be sent to a peer of a volume, where that is known",
        labels,
        values ->
            replication
                .status()
                .forEach(copy ->
                    copy.lagBytes().ifPresent(bytes -> tell(values, copy, (double) bytes))));
    metrics.gauges(
        "flocker_replication_last_complete_timestamp",
        "When the last snapshot was taken that a peer has whole, in seconds since 1970",
        labels,
        values ->
            replication
                .status()
                .forEach(copy ->
                    copy.last()
                        .ifPresent(
                            last -> tell(values, copy, last.taken().toEpochMilli() / 1_000.0))));
    metrics.gauges(
        "flocker_replication_verified_timestamp",
        "When a copy was last compared with what its owner has, in seconds since 1970",
        labels,
        values ->
            replication
                .status()
                .forEach(copy ->
                    verified(copy)
                        .ifPresent(
                            last -> tell(values, copy, last.at().toEpochMilli() / 1_000.0))));
    metrics.gauges(
        "flocker_replication_drift",
        "Whether a copy was found not to have what its owner has, when that was last compared",
        labels,
        values ->
            replication
                .status()
                .forEach(copy ->
                    verified(copy)
                        .ifPresent(last -> tell(values, copy, last.drift().isPresent() ? 1 : 0))));
  }

  /** What nobody could be told of yet. */
  static void measure(Metrics metrics, Notifying notifying) {
    metrics.gauges(
        "flocker_notifications_waiting",
        "Copies and volumes that stand otherwise than a target of notify was told last",
        List.of("target"),
        values ->
            notifying
                .notifiers()
                .forEach(notifier -> values.tell(notifier.waiting(), notifier.target())));
  }

  private static Optional<Verified> verified(CopyStatus copy) {
    return copy.verification().flatMap(CopyStatus.Verification::last);
  }

  private static void tell(Metrics.Values values, CopyStatus copy, double value) {
    values.tell(value, copy.volume().toString(), copy.peer().toString());
  }
}
