package io.flocker.transfer.find;

import io.flocker.core.deploy.converge.NamedVolumes;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.FindAnswer;
import io.flocker.transfer.protocol.FindRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the volumes of this node that others name, those too that are about to be made. Blocks on
 * ZFS; any thread may call.
 */
public final class FindService {
  private final NodeVolumes node;
  private final Set<VolumeName> making = ConcurrentHashMap.newKeySet();

  /** Finds those of {@code node}. */
  public FindService(NodeVolumes node) {
    this.node = node;
  }

  /** What a peer is told that asks. */
  public FindAnswer answer(FindRequest request) throws FailureException {
    NamedVolumes named =
        new NamedVolumes(new HashSet<>(request.names()), new HashSet<>(request.ids()));
    return new FindAnswer(
        here(named).stream()
            .map(volume ->
                new FindAnswer.Found(
                    volume.id(),
                    volume.name(),
                    volume.role(),
                    volume.owner(),
                    volume.maximumSizeBytes()))
            .toList(),
        request.names().stream().filter(making::contains).toList());
  }

  /**
   * Says to all who ask that a volume of that name is about to be made here, until it is closed.
   * Whoever makes one says so first, and asks then: of two nodes that would make one of the same
   * name at once at least one hears of the other.
   *
   * @throws FailureException {@code VOLUME_LOCKED} if somebody here makes one already
   */
  public Making making(VolumeName name) throws FailureException {
    if (!making.add(name)) {
      throw OwnershipFailure.VOLUME_LOCKED.because("a volume " + name + " is being made here");
    }
    return () -> {
      var _ = making.remove(name);
    };
  }

  /** A volume that is being made, until this is closed. */
  @FunctionalInterface
  public interface Making extends AutoCloseable {
    @Override
    void close();
  }

  /** All of {@code named} that have a dataset here. */
  public List<LocalVolume> here(NamedVolumes named) throws FailureException {
    Set<VolumeId> ids = new LinkedHashSet<>();
    for (VolumeHead head : node.catalog().known()) {
      if (named.includes(head.id(), head.name())) {
        ids.add(head.id());
      }
    }
    List<LocalVolume> found = new ArrayList<>();
    for (VolumeId id : ids) {
      node.catalog().find(id).map(this::local).ifPresent(found::add);
    }
    return found;
  }

  private LocalVolume local(Volume volume) {
    long limitBytes = volume.dataset().limitBytes();
    Path folder =
        volume
            .dataset()
            .mountpoint()
            .filter(_ -> volume.dataset().isMounted())
            .orElseGet(() -> node.home().mountpoint(volume.name()));
    return new LocalVolume(
        volume.id(),
        volume.name(),
        volume.role(),
        volume.owner(),
        limitBytes == 0 ? OptionalLong.empty() : OptionalLong.of(limitBytes),
        node.mounter().status(volume),
        folder);
  }
}
