package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.volume.VolumeName;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Grants a volume to a peer: {@code POST /node/v1/volumes/{id}/acquire}. May be repeated.
 *
 * @param releasedBy who owned it until now
 * @param owner to whom it is released: the node that is asked
 * @param epoch of the released record: one more than before
 * @param operation the handoff
 * @param finalSnapshot guid of the last snapshot that {@code releasedBy} took
 * @param cursors the snapshot that each other peer of the volume has last, so that the new owner
 *     keeps it
 * @param metadata what users wrote about the volume; empty where the node that grants does not tell
 * @param properties what the volume is set to, so that the new owner's is; empty where the node
 *     that grants does not tell
 * @param grants that it was given, and how {@code releasedBy} came to own it, signed; empty where
 *     the node that grants signs nothing
 * @param confirmed who has ever confirmed the volume at {@code releasedBy} or who owned it before,
 *     and by which operation it was last: none of them can have created it; empty where the node
 *     that grants does not tell
 * @param creation that a node created the volume and made up its id, signed, so that no other can
 *     have created it; empty where the node that grants has nothing of the kind
 * @param replication what is said about its copies; empty where the node that grants does not tell
 * @param chains by peer, how the streams are made that its copy consists of, that of {@code owner}
 *     too; empty where the node that grants does not tell
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AcquireRequest(
    VolumeName name,
    NodeId releasedBy,
    NodeId owner,
    long epoch,
    UUID operation,
    Guid finalSnapshot,
    Map<NodeId, Guid> cursors,
    Optional<Map<String, String>> metadata,
    Optional<Map<String, String>> properties,
    Optional<GrantDocument> grants,
    Optional<Map<NodeId, UUID>> confirmed,
    Optional<GrantDocument> creation,
    Optional<Handover> replication,
    Optional<Map<NodeId, ChainFlags>> chains) {
  public AcquireRequest {
    properties = properties.map(VolumeProperties::filter);
    confirmed = confirmed.map(Map::copyOf);
    chains = chains.map(Map::copyOf);
  }

  /** One that does not tell how copies are made. */
  public AcquireRequest(
      VolumeName name,
      NodeId releasedBy,
      NodeId owner,
      long epoch,
      UUID operation,
      Guid finalSnapshot,
      Map<NodeId, Guid> cursors,
      Optional<Map<String, String>> metadata,
      Optional<Map<String, String>> properties,
      Optional<GrantDocument> grants,
      Optional<Map<NodeId, UUID>> confirmed,
      Optional<GrantDocument> creation,
      Optional<Handover> replication) {
    this(
        name,
        releasedBy,
        owner,
        epoch,
        operation,
        finalSnapshot,
        cursors,
        metadata,
        properties,
        grants,
        confirmed,
        creation,
        replication,
        Optional.empty());
  }
}
