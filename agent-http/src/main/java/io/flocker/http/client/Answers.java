package io.flocker.http.client;

import io.flocker.core.operation.OperationView;
import io.flocker.core.peer.Peer;
import io.flocker.http.api.PeerDocument;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.TransferDocument;
import io.flocker.http.api.VolumeDocument;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node's answers have around what {@link FlockerClient} returns. One that lacks it cannot be
 * made: the answer is refused as that of a node that does not speak this API.
 */
final class Answers {
  private Answers() {}

  record PlannedWish(WishPlan plan) {
    PlannedWish {
      Objects.requireNonNull(plan, "plan");
    }
  }

  record Streams(List<TransferDocument> transfers) {
    Streams {
      transfers = List.copyOf(transfers);
    }
  }

  record Peers(List<Peer> peers) {
    Peers {
      peers = List.copyOf(peers);
    }
  }

  record SeenPeers(List<PeerDocument> peers) {
    SeenPeers {
      peers = List.copyOf(peers);
    }
  }

  record Volumes(List<VolumeDocument> volumes) {
    Volumes {
      volumes = List.copyOf(volumes);
    }
  }

  record Snapshots(List<SnapshotDocument> snapshots, Optional<String> next) {
    Snapshots {
      snapshots = List.copyOf(snapshots);
    }
  }

  record Operations(List<OperationView> operations) {
    Operations {
      operations = List.copyOf(operations);
    }
  }
}
