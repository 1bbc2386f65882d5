package io.flocker.http.metrics;

import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import io.flocker.http.server.RequestObserver;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Counts and measures what a node does. Any thread may call, event loops too; nothing blocks. */
public final class Metrics implements OperationObserver, RequestObserver {
  private static final String MEDIA_TYPE = "text/plain";
  private static final String FORMAT = MEDIA_TYPE + "; version=0.0.4; charset=utf-8";

  /** From a list out of the memory to a transfer of many hours. */
  private static final double[] SECONDS = {
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600, 3_600, 36_000
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram requests =
      histogram(
          "flocker_http_request_duration", "Requests, by their route", "method", "route", "status");
  private final Histogram commands =
      histogram("flocker_zfs_command_duration", "Commands of ZFS that ended", "command");
  private final Histogram transfers =
      histogram("flocker_transfer_duration", "Streams that ended", "direction", "outcome");
  private final Counter ended =
      Counter.builder()
          .name("flocker_operations_ended")
          .help("Operations that ended, since the daemon's start")
          .labelNames("kind", "state")
          .register(registry);
  private final Map<UUID, Going> going = new ConcurrentHashMap<>();

  private record Going(String kind, String state) {}

  /** Metrics of nothing yet. */
  public Metrics() {
    var _ =
        GaugeWithCallback.builder()
            .name("flocker_operations")
            .help("Operations that have not ended")
            .labelNames("kind", "state")
            .callback(callback ->
                going.values().stream()
                    .collect(Collectors.groupingBy(one -> one, Collectors.counting()))
                    .forEach(
                        (one, count) -> callback.call((double) count, one.kind(), one.state())))
            .register(registry);
  }

  /** The route, to be served. */
  public Route route() {
    return JsonRoute.get("getMetrics", "/metrics")
        .permits("metrics:read", Route.PUBLIC)
        .summary("Tell the metrics")
        .description("What can be counted of this node, in the text format of Prometheus.")
        .answersRaw(200, MEDIA_TYPE)
        .servedBy(this::read);
  }

  /**
   * Tells what stays as it is, as labels of a value that is always 1; its name ends with {@code
   * _info} when it is told.
   *
   * @param labels by their names
   */
  public void info(String name, String help, SortedMap<String, String> labels) {
    Info.builder()
        .name(name)
        .help(help)
        .labelNames(labels.keySet().toArray(String[]::new))
        .register(registry)
        .setLabelValues(labels.values().toArray(String[]::new));
  }

  /** Tells a value that goes up and down. */
  public void gauge(String name, String help, DoubleSupplier value) {
    var _ =
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .callback(callback -> callback.call(value.getAsDouble()))
            .register(registry);
  }

  /** Where the values of a metric with labels are told. */
  @FunctionalInterface
  public interface Values {
    /** Tells one; as many {@code labels} as the metric has. */
    void tell(double value, String... labels);
  }

  /**
   * Tells values that go up and down, one for each set of labels.
   *
   * @param labels their names
   * @param values tells those that there are now
   */
  public void gauges(String name, String help, List<String> labels, Consumer<Values> values) {
    var _ =
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .labelNames(labels.toArray(String[]::new))
            .callback(callback -> values.accept(callback::call))
            .register(registry);
  }

  /** Tells a value that only goes up; its name ends with {@code _total} when it is told. */
  public void counter(String name, String help, DoubleSupplier value) {
    var _ =
        CounterWithCallback.builder()
            .name(name)
            .help(help)
            .callback(callback -> callback.call(value.getAsDouble()))
            .register(registry);
  }

  /** Tells how many bytes went where. */
  public void transferBytes(ToLongFunction<TransferDirection> bytes) {
    var _ =
        CounterWithCallback.builder()
            .name("flocker_transfer_bytes")
            .help("Bytes of streams, since the daemon's start")
            .labelNames("direction")
            .callback(callback -> {
              for (TransferDirection direction : TransferDirection.values()) {
                callback.call((double) bytes.applyAsLong(direction), direction.toString());
              }
            })
            .register(registry);
  }

  @Override
  public void responded(String method, String route, int status, Duration lasted) {
    requests
        .labelValues(method, route, Integer.toString(status))
        .observe(Unit.nanosToSeconds(lasted.toNanos()));
  }

  /** A stream has ended. */
  public void transferred(TransferDirection direction, boolean isGood, Duration lasted) {
    transfers
        .labelValues(direction.toString(), isGood ? "succeeded" : "failed")
        .observe(Unit.nanosToSeconds(lasted.toNanos()));
  }

  /**
   * A command of ZFS has ended.
   *
   * @param command program and subcommand, such as {@code zfs get}
   */
  public void ran(String command, Duration lasted) {
    commands.labelValues(command).observe(Unit.nanosToSeconds(lasted.toNanos()));
  }

  @Override
  public void changed(Moment moment, Principal owner, OperationView operation) {
    String state = operation.state().toString();
    if (!operation.state().isEnd()) {
      going.put(operation.id(), new Going(operation.kind(), state));
      // Told as 0 from the start: else nobody sees the first failure as an increase.
      var _ = ended.labelValues(operation.kind(), OperationState.FAILED.toString());
    } else if (going.remove(operation.id()) != null) {
      ended.labelValues(operation.kind(), state).inc();
    }
  }

  private JsonResponse read(JsonRequest request) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    return JsonResponse.ok(new RawBody(FORMAT, ByteBuffer.wrap(text.toByteArray())));
  }

  private Histogram histogram(String name, String help, String... labels) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .unit(Unit.SECONDS)
        .labelNames(labels)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }
}
