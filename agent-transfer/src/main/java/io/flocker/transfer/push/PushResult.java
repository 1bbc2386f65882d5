package io.flocker.transfer.push;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a push has done.
 *
 * @param latest the newest snapshot that both sides have now
 * @param streams in order; none if the peer was up to date
 */
public record PushResult(NodeId peer, Guid latest, List<SentStream> streams) {
  /** Bytes of all streams. */
  public long bytes() {
    return streams.stream().mapToLong(SentStream::bytes).sum();
  }

  /** What the operation tells of it. */
  public Map<String, Object> toMembers() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("peer", peer);
    members.put("latest", latest);
    members.put("bytes", bytes());
    members.put("streams", streams);
    return members;
  }
}
