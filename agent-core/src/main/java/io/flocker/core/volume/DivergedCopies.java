package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.time.InstantSource;
import java.util.Map;

/**
 * Keeps copies that have changed by themselves under other names, so that new ones can be begun.
 * Nothing is destroyed. Any thread may call; every method blocks on ZFS.
 */
public final class DivergedCopies {
  private final String pool;
  private final VolumeCatalog catalog;
  private final InstantSource clock;

  /** Those of the volumes of {@code catalog}, which are in {@code pool}. */
  public DivergedCopies(String pool, VolumeCatalog catalog, InstantSource clock) {
    this.pool = pool;
    this.catalog = catalog;
    this.clock = clock;
  }

  /** How many copies of what {@code owner} calls {@code name} have been set aside here. */
  public long count(NodeId owner, VolumeName name) throws FailureException {
    return catalog.known().stream()
        .filter(head -> head.role() == Role.SUPERSEDED && head.owner().equals(owner))
        .filter(head -> SetAsideName.isOfDiverged(name, head.name()))
        .count();
  }

  /**
   * Sets a copy aside: it is nobody's volume then, read-only, listed, and free to be cloned or
   * destroyed by who works here. The caller has the volume alone.
   *
   * @param copy a replica, as its owner sees it
   * @return the same, as it is called from then on
   * @throws FailureException {@code NOT_OWNER} unless it is one; then nothing has changed
   */
  public Volume setAside(Volume copy) throws FailureException {
    OwnershipEvent event = new OwnershipEvent.Diverged(copy.owner(), copy.epoch());
    var _ =
        catalog.records().wouldChange(copy.dataset(), event); // Refused before anything is renamed.
    String before = copy.dataset().name();
    VolumeName name =
        SetAsideName.is(copy.name())
            ? copy.name() // An end of the daemon came between.
            : SetAsideName.ofDiverged(copy.name(), clock.instant());
    String dataset = new DatasetName(copy.owner(), name).in(pool);
    var _ =
        AllOrNothing.make(change -> {
          if (!before.equals(dataset)) {
            change.onFailure(() -> catalog.rename(dataset, before));
            catalog.rename(before, dataset);
          }
          return catalog.records().apply(at(dataset).dataset(), event);
        });
    Volume aside = AllOrNothing.afterwards(() -> at(dataset));
    catalog.events().created(aside);
    Action.message(
        MessageType.VOLUME_SET_ASIDE,
        Map.of(
            "volume", copy.id().toString(),
            "dataset", dataset,
            "owner", copy.owner().toString()));
    return aside;
  }

  private Volume at(String dataset) throws FailureException {
    return catalog
        .at(dataset)
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("the dataset " + dataset + " is gone"));
  }
}
