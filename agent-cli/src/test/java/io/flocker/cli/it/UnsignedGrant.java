package io.flocker.cli.it;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.AcquireRequest;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a node says that gives a volume away and shows no signature for it. */
final class UnsignedGrant {
  private UnsignedGrant() {}

  /** One of an operation of its own, with nothing that could be left out. */
  static AcquireRequest of(
      VolumeName name, NodeId giver, NodeId owner, long epoch, Guid finalSnapshot) {
    return new AcquireRequest(
        name,
        giver,
        owner,
        epoch,
        UUID.randomUUID(),
        finalSnapshot,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
