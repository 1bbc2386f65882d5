package io.flocker.http.api;

import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.replicate.CopyStatus;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;

/** All that is on a node; see {@code state.json}. */
record StateDocument(
    NodeId node,
    UUID bootId,
    NodeDocument.PoolDocument pool,
    List<VolumeDocument> volumes,
    Map<VolumeId, List<SnapshotDocument>> snapshots,
    List<TransferDocument> transfers,
    List<OperationView> operations,
    SortedSet<Integer> usedPorts,
    ConvergenceStatus convergence,
    List<CopyStatus> copies) {}
