package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.GrantChain.Tenure;
import io.flocker.core.grant.GrantChain.UnprovenException;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The copies that this node keeps of other nodes' volumes. Any thread may call, having the volume
 * alone; every method blocks on ZFS.
 */
public final class Replicas {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final EpochMemory epochs;
  private final VolumeRegister register;
  private final GrantKeeper grants;
  private final DatasetRenaming naming;
  private final Fencing fencing;

  /** The replicas among the volumes of {@code catalog}. */
  public Replicas(
      Storage storage, VolumeCatalog catalog, LocalNode home, NodeMemory memory, Fencing fencing) {
    this.fencing = fencing;
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
    this.epochs = memory.epochs();
    this.register = memory.register();
    this.grants = memory.grants();
    this.naming = new DatasetRenaming(catalog);
  }

  /**
   * Judges whether a stream may come in, and says where to. A claim that proves this node to be put
   * out puts it out first; any other changes nothing.
   *
   * @throws FailureException {@code OWNED_HERE}, {@code STALE_EPOCH}, {@code EPOCH_BEYOND_REACH},
   *     {@code VOLUME_DESTROYED}, {@code CONTESTED}, {@code SUPERSEDED}, or {@code VOLUME_EXISTS}
   *     when the dataset's name is another volume's
   */
  public ReplicaTarget admit(Claim claim) throws FailureException {
    if (claim.owner().equals(home.node())) {
      throw OwnershipFailure.OWNED_HERE.because(
          "node " + home.node() + " takes no stream into its own volume " + claim.name());
    }
    fencing.show(claim.lineage(), claim.owner(), claim.epoch(), claim.grants());
    String byName = new DatasetName(claim.owner(), claim.name()).in(storage.poolName());
    Optional<Volume> present = catalog.find(claim.lineage());
    if (present.isEmpty()) {
      present = unrecorded(byName);
    }
    Optional<Dataset> copy = present.map(Volume::dataset);
    catalog
        .records()
        .judge(
            copy.flatMap(Dataset::record),
            new OwnershipEvent.Claimed(
                claim.lineage(),
                claim.owner(),
                claim.epoch(),
                highest(claim),
                present.filter(volume -> volume.role() == Role.CONTESTED).isPresent(),
                doubt(copy.flatMap(Dataset::record), claim)));
    refuseDestroyed(claim);
    return new ReplicaTarget(copy.map(Dataset::name).orElse(byName), copy);
  }

  /**
   * Makes a copy that is here fit for a stream: whatever somebody set by hand, or an older flockerd
   * gave it, must not keep the stream out. What the volume is set to follows.
   *
   * @param properties what the volume is set to, as far as its owner says
   * @param dataset full name, as {@link #admit} said it
   */
  public void makeFit(String dataset, Map<String, String> properties) throws FailureException {
    storage.seal(dataset, properties);
  }

  /**
   * Records after a receive whose copy the dataset is; keeps everybody else from writing what
   * changes hands so. What it is called follows.
   */
  public void record(Claim claim, Dataset copy) throws FailureException {
    String wanted = new DatasetName(claim.owner(), claim.name()).in(storage.poolName());
    OwnershipEvent received = received(claim, copy);
    if (catalog.records().wouldChange(copy, received)) {
      // What led to the record was proven when it was written, and nobody tells it anew.
      long known = copy.record().map(OwnershipRecord::epoch).orElse(0L);
      grants.remember(
          claim.lineage(), new Tenure(claim.owner(), claim.epoch()), claim.grants().after(known));
    }
    var _ = catalog.records().apply(copy, received);
    naming.follow(copy.name(), wanted);
  }

  /** Whether the record of a copy says already what the claim does. */
  public boolean isRecorded(Claim claim, Dataset copy) throws FailureException {
    return copy.record().isPresent() && !catalog.records().wouldChange(copy, received(claim, copy));
  }

  private OwnershipEvent received(Claim claim, Dataset copy) throws FailureException {
    return new OwnershipEvent.Received(
        claim.lineage(),
        claim.owner(),
        claim.epoch(),
        highest(claim),
        claim.operation(),
        copy.guid(),
        doubt(copy.record(), claim));
  }

  /** Tells which snapshots have come in with a stream. */
  public void received(VolumeId volume, List<Snapshot> snapshots) {
    catalog.events().received(volume, snapshots);
  }

  /** Only a later owner, who took the volume over elsewhere, can bring it back here. */
  private void refuseDestroyed(Claim claim) throws FailureException {
    OptionalLong destroyed = register.tombstone(claim.lineage());
    if (destroyed.isPresent() && claim.epoch() <= destroyed.getAsLong()) {
      throw OwnershipFailure.VOLUME_DESTROYED.because(
          "volume "
              + claim.lineage()
              + " was destroyed here at epoch "
              + destroyed.getAsLong()
              + ", the stream is of epoch "
              + claim.epoch());
    }
  }

  /** A replica of the time before records, which its owner now tells the lineage of. */
  private Optional<Volume> unrecorded(String dataset) throws FailureException {
    Optional<Volume> there = catalog.at(dataset);
    if (there.isPresent() && there.get().dataset().record().isPresent()) {
      throw there.get().head().inTheWay(home.node());
    }
    return there;
  }

  /**
   * The epoch that a stream must not be behind. What this node was given, and its pool has lost
   * since, is sent again by who gave it, in the same handoff, as of before.
   */
  private long highest(Claim claim) throws FailureException {
    long highest = epochs.highest(claim.lineage());
    boolean isSentAgain =
        claim.epoch() + 1 == highest
            && grants
                .at(claim.lineage(), highest)
                .filter(given -> given.operation().equals(claim.operation()))
                .filter(given -> given.from().equals(claim.owner()))
                .filter(given -> given.to().equals(home.node()))
                .isPresent();
    return isSentAgain ? claim.epoch() : highest;
  }

  /**
   * Why it is not proven that the volume came to its owner; a first use takes the owner's word as
   * far as that reaches.
   */
  private Optional<String> doubt(Optional<OwnershipRecord> record, Claim claim) {
    if (record.isEmpty()) {
      return firstDoubt(claim);
    }
    if (claim.epoch() <= record.get().epoch()) {
      return Optional.empty();
    }
    Tenure known = new Tenure(record.get().node(), record.get().epoch());
    Tenure claimed = new Tenure(claim.owner(), claim.epoch());
    try {
      var _ = grants.prove(claim.lineage(), known, claimed, claim.grants());
      return Optional.empty();
    } catch (UnprovenException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> firstDoubt(Claim claim) {
    Tenure owner = new Tenure(claim.owner(), claim.epoch());
    return Epochs.isWithinReach(0, claim.epoch())
            || Epochs.isWithinReach(0, grants.begin(claim.lineage(), owner, claim.grants()))
        ? Optional.empty()
        : Optional.of("nothing leads there from epoch " + Epochs.MOST_AHEAD);
  }
}
