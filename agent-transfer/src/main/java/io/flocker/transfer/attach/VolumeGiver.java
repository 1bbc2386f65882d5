package io.flocker.transfer.attach;

import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.converge.VolumeMoves;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.SilentFileSystemException;
import io.flocker.core.volume.MountFolder;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeInUse;
import io.flocker.transfer.handoff.VolumeUsers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives a peer that asks for it a volume of this node's which nobody uses here, where this node is
 * willing to. Blocks until it is handed off; any thread may call.
 */
public final class VolumeGiver {
  /** Why a volume has to stay where it is; empty if it need not. */
  @FunctionalInterface
  public interface Claim {
    Optional<String> on(Volume volume);
  }

  private final NodeVolumes node;
  private final VolumeUsers users;
  private final MountBook book;
  private final VolumeMoves moves;
  private final Claim claim;
  private final boolean isWilling;

  /**
   * Gives volumes of {@code node}.
   *
   * @param claim tells which ones are wished here
   * @param isWilling whether any volume is given at all
   */
  public VolumeGiver(
      NodeVolumes node,
      VolumeUsers users,
      MountBook book,
      VolumeMoves moves,
      Claim claim,
      boolean isWilling) {
    this.node = node;
    this.users = users;
    this.book = book;
    this.moves = moves;
    this.claim = claim;
    this.isWilling = isWilling;
  }

  /**
   * Hands a volume off to the peer that asks for it. Once that has begun it is finished, whether
   * the peer waits for it or not.
   *
   * @throws FailureException {@code KEPT_BY_OWNER}, {@code NOT_OWNER}, {@code VOLUME_IN_USE},
   *     {@code VOLUME_LOCKED}, or whatever a handoff fails with; nothing was changed then
   */
  public void give(NodeId to, VolumeId id) throws FailureException, InterruptedException {
    Volume volume = node.catalog().requireOwned(id);
    if (!isWilling) {
      throw kept(volume, "its flockerd gives away only what it is told to");
    }
    Optional<String> reason = claim.on(volume);
    if (reason.isPresent()) {
      throw kept(volume, reason.get());
    }
    requireUnheld(volume);
    try (MountBook.Leave _ = book.leave(id)) {
      moves.handOff(id, to, new Cancellation());
    }
  }

  private FailureException kept(Volume volume, String reason) {
    return OwnershipFailure.KEPT_BY_OWNER.because(
        "node %s does not give %s away: %s".formatted(node.self(), volume.name(), reason));
  }

  /** Told before anything is sent; the handoff itself looks again, once nobody can come anew. */
  private void requireUnheld(Volume volume) throws FailureException {
    Optional<Path> mounted =
        volume.dataset().mountpoint().filter(_ -> volume.dataset().isMounted());
    if (mounted.isPresent()) {
      try {
        VolumeInUse.refuse(volume.dataset(), users.beyond(mounted.get()));
      } catch (SilentFileSystemException | InterruptedIOException e) {
        throw MountFolder.unusable(mounted.get(), "cannot find the users of " + mounted.get(), e);
      } catch (IOException e) {
        throw OwnershipFailure.VOLUME_LOCKED
            .because(volume.name() + " is just being unmounted: " + e.getMessage())
            .causedBy(e);
      }
    }
  }
}
