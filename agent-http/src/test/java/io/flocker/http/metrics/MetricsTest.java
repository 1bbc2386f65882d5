package io.flocker.http.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationObserver.Moment;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.MissingNode;

class MetricsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Metrics metrics = new Metrics();

  @Test
  @DisplayName("X12 names, labels and types of metrics stay as they are")
  void namesLabelsAndTypesStayAsTheyAre() throws Exception {
    metrics.responded("GET", "/v1/volumes/{id}", 200, SECOND);
    metrics.ran("zfs get", SECOND);
    metrics.transferred(TransferDirection.OUT, true, SECOND);
    metrics.transferBytes(direction -> direction == TransferDirection.IN ? 5 : 7);
    metrics.changed(Moment.PHASE, user(), operation(new UUID(0, 1), OperationState.RUNNING));
    metrics.changed(Moment.PHASE, user(), operation(new UUID(0, 2), OperationState.QUEUED));
    metrics.changed(Moment.PHASE, user(), operation(new UUID(0, 2), OperationState.SUCCEEDED));
    metrics.gauge("flocker_zfs_stuck_commands", "Stuck", () -> 2);
    metrics.counter("flocker_log_dropped_messages", "Lost", () -> 3);
    metrics.info("flocker_build", "Built", new TreeMap<>(Map.of("version", "1", "java", "25")));

    List<String> told =
        read().lines().filter(line -> !line.startsWith("#") && !line.contains("_bucket{")).toList();

    assertEquals(
        List.of(
            "flocker_build_info{java=\"25\",version=\"1\"} 1",
            "flocker_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/volumes/{id}\",status=\"200\"}"
                + " 1",
            "flocker_http_request_duration_seconds_sum{method=\"GET\",route=\"/v1/volumes/{id}\",status=\"200\"}"
                + " 1.0",
            "flocker_log_dropped_messages_total 3.0",
            "flocker_operations{kind=\"push\",state=\"running\"} 1.0",
            "flocker_operations_ended_total{kind=\"push\",state=\"failed\"} 0.0",
            "flocker_operations_ended_total{kind=\"push\",state=\"succeeded\"} 1.0",
            "flocker_transfer_bytes_total{direction=\"in\"} 5.0",
            "flocker_transfer_bytes_total{direction=\"out\"} 7.0",
            "flocker_transfer_duration_seconds_count{direction=\"out\",outcome=\"succeeded\"} 1",
            "flocker_transfer_duration_seconds_sum{direction=\"out\",outcome=\"succeeded\"} 1.0",
            "flocker_zfs_command_duration_seconds_count{command=\"zfs get\"} 1",
            "flocker_zfs_command_duration_seconds_sum{command=\"zfs get\"} 1.0",
            "flocker_zfs_stuck_commands 2.0"),
        told);
  }

  @Test
  void anEndIsCountedOnce() throws Exception {
    OperationView view = operation(new UUID(0, 1), OperationState.FAILED);
    metrics.changed(Moment.PHASE, user(), operation(view.id(), OperationState.RUNNING));
    metrics.changed(Moment.PHASE, user(), view);
    metrics.changed(Moment.PHASE, user(), view);

    String told = read();

    assertTrue(
        told.contains("flocker_operations_ended_total{kind=\"push\",state=\"failed\"} 1.0"), told);
    assertTrue(!told.contains("flocker_operations{"), told);
  }

  private String read() throws Exception {
    JsonRoute route = (JsonRoute) metrics.route();
    JsonRequest request =
        new JsonRequest(user(), Map.of(), Map.of(), Map.of(), MissingNode.getInstance());
    RawBody body = assertInstanceOf(RawBody.class, route.handler().handle(request).body());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", body.mediaType());
    return StandardCharsets.UTF_8.decode(body.bytes().duplicate()).toString();
  }

  private static Principal user() {
    return new Principal.User("alice");
  }

  private static OperationView operation(UUID id, OperationState state) {
    return new OperationView(
        id,
        "push",
        state,
        Optional.of(VolumeId.random()),
        Optional.empty(),
        Instant.EPOCH,
        Optional.empty(),
        "sending",
        0,
        OptionalLong.empty(),
        0,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
