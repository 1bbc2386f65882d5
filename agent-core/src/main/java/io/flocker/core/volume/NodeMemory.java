package io.flocker.core.volume;

import io.flocker.core.event.EventSink;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.state.StateDisk;
import java.io.IOException;
import java.nio.file.Path;

/** What a node keeps beside its pool, which outlives its daemon. */
public record NodeMemory(
    EpochMemory epochs,
    PeerBook peers,
    PeerCursors cursors,
    NodeJournals journals,
    GrantKeeper grants,
    StateDisk disk) {
  /**
   * Opens the files of the state folder.
   *
   * @throws IOException naming the file that cannot be read
   */
  public static NodeMemory open(
      Path folder, NodeId self, EventSink events, NodeJournals journals, GrantKeeper grants)
      throws IOException {
    return new NodeMemory(
        EpochMemory.open(folder),
        PeerBook.open(folder, self, events),
        PeerCursors.open(folder),
        journals,
        grants,
        new StateDisk(folder));
  }

  /** What users wrote about volumes, and which were destroyed. */
  public VolumeRegister register() {
    return journals.register();
  }
}
