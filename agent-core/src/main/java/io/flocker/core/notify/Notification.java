package io.flocker.core.notify;

import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody is told.
 *
 * @param id the same for each try
 * @param time when it was seen
 * @param node who tells it
 * @param before the state that was told last; empty if none was known
 */
public record Notification(
    UUID id, Instant time, NodeId node, Optional<String> before, Standing standing) {
  /** As programs and servers get it: one JSON object. */
  public String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", id);
    document.put(
        "type",
        standing.subject().peer().isPresent() ? "replication.changed" : "volume.role-changed");
    document.put("time", time);
    document.put("node", node);
    document.put("volume", standing.subject().volume());
    standing.name().ifPresent(name -> document.put("name", name));
    standing.subject().peer().ifPresent(peer -> document.put("peer", peer));
    before.ifPresent(state -> document.put("before", state));
    document.put("state", standing.state());
    document.put("since", standing.since());
    document.putAll(standing.details());
    return JsonMappers.WIRE.writeValueAsString(document);
  }
}
