package io.flocker.transfer.handoff;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.transfer.push.SentStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a handoff has done.
 *
 * @param owner who owns the volume now
 * @param epoch of the new owner's record
 * @param finalSnapshot the last snapshot that the old owner took
 * @param mountpoint where the volume is mounted at the new owner; empty where nobody was left to
 *     hear it
 * @param streams in order: first beside the running users, then what they changed meanwhile
 */
public record HandoffResult(
    NodeId owner,
    long epoch,
    Guid finalSnapshot,
    Optional<String> mountpoint,
    List<SentStream> streams) {
  /** What the operation tells of it. */
  public Map<String, Object> toMembers() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("owner", owner);
    members.put("epoch", epoch);
    members.put("finalSnapshot", finalSnapshot);
    mountpoint.ifPresent(path -> members.put("mountpoint", path));
    members.put("bytes", streams.stream().mapToLong(SentStream::bytes).sum());
    members.put("streams", streams);
    return members;
  }
}
