package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.operation.OperationView;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.http.api.VolumeDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A daemon is killed while its {@code zfs set} gives a volume away, and that goes on without it, as
 * nothing prevents but a service manager.
 */
@Timeout(300)
class LeftCommandIT {
  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual());

  @AfterEach
  void heal() throws Exception {
    NODES.first().heal();
  }

  @Test
  @DisplayName("A command that never ends is ended before the next daemon settles what was given")
  void neverComesLate() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "left.stalled");
    Content content = Moves.content(NODES.first(), volume);
    Gate gate = Gate.at(NODES.first());
    OperationView handoff = beginUntil(gate, volume);
    long command = gate.awaitReached();
    NODES.first().daemon().kill();
    NODES.first().heal();
    NODES.first().start();

    NODES.first().succeed(handoff);
    Moves.requireOwner(NODES.second(), volume, 1);
    NODES.second().handOff(volume.id(), NODES.first());
    gate.open();
    ProcessHandle.of(command).ifPresent(late -> late.onExit().join());

    Moves.requireOwner(NODES.first(), volume, 2);
    Moves.requireReplica(NODES.second(), volume, NODES.first(), 2);
    assertEquals(NODES.first().id(), Moves.record(NODES.first(), volume.id()).node());
    assertEquals(content, Moves.content(NODES.first(), volume));
  }

  @Test
  @DisplayName("A command that ends by itself is waited for, and nothing is decided before")
  void isWaitedFor() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "left.slow");
    String before = Zfs.property(volume.dataset(), OwnershipRecord.PROPERTY);
    Gate gate = Gate.at(NODES.first());
    OperationView handoff = beginUntil(gate, volume);
    long command = gate.awaitReached();
    NODES.first().daemon().kill();
    NODES.first().heal();
    NODES.first().begin();
    NODES.first().awaitLogged("\"flocker:child:left\"", " " + volume.dataset());
    assertEquals(before, Zfs.property(volume.dataset(), OwnershipRecord.PROPERTY));
    gate.open();
    ProcessHandle.of(command).ifPresent(late -> late.onExit().join());
    NODES.first().daemon().awaitReady();

    NODES.first().succeed(handoff);
    Moves.requireOwner(NODES.second(), volume, 1);
  }

  /** Begins a handoff whose release waits at the gate. */
  private static OperationView beginUntil(Gate gate, VolumeDocument volume) throws Exception {
    NODES
        .first()
        .faults(
            """
            case "$*" in
              set\\ flocker:owner=*\\ released\\ *)
                %s
                ;;
            esac
            """
                .formatted(gate.shell()));
    return NODES.first().client().handoff(volume.id(), NODES.second().id());
  }
}
