package io.flocker.core.transfer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.Step;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.volume.Claim;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One stream as the sender announces it: the body of {@code POST /node/v1/transfers}, see
 * FORMATS.md. Members that this version does not know are ignored unless {@code must} lists them.
 *
 * @param id of the transfer; the sender chooses it
 * @param lineage the volume
 * @param name what people call the volume
 * @param owner who may write it, as far as the sender knows
 * @param epoch of the sender's record
 * @param operation that the transfer is part of
 * @param kind what the stream is to the receiver
 * @param from the snapshot that the stream builds on; absent for a full stream
 * @param snapshots what the stream brings, oldest first; never empty
 * @param flags how the stream is made
 * @param estimateBytes length of the stream, where ZFS could say
 * @param bytesBefore how much of a resumed stream has arrived before
 * @param properties what the volume is set to: at most compression, recordsize and refquota; a copy
 *     follows those that are named
 * @param grants how the owner came to own the volume, since the epoch that the receiver knows
 * @param must members that the receiver has to understand or else refuse the transfer
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TransferPlan(
    UUID id,
    VolumeId lineage,
    VolumeName name,
    NodeId owner,
    long epoch,
    UUID operation,
    StreamKind kind,
    Optional<Guid> from,
    List<SnapshotReference> snapshots,
    SendFlags flags,
    OptionalLong estimateBytes,
    OptionalLong bytesBefore,
    @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, String> properties,
    Optional<GrantDocument> grants,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> must) {
  public TransferPlan {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(flags, "flags");
    snapshots = List.copyOf(Objects.requireNonNull(snapshots, "snapshots"));
    properties = VolumeProperties.filter(properties);
    must = List.copyOf(must);
    if (epoch < 0) {
      throw new IllegalArgumentException("an epoch is 0 or more, not " + epoch);
    }
    if (snapshots.isEmpty()) {
      throw new IllegalArgumentException("a stream brings at least one snapshot");
    }
    switch (Objects.requireNonNull(kind, "kind")) {
      case FULL -> requireBase(from, false);
      case INCREMENTAL -> requireBase(from, true);
      case RESUME -> {}
    }
  }

  /** Announces {@code step} of a plan for {@code volume}. */
  public static TransferPlan of(
      Step step,
      Volume volume,
      UUID operation,
      OptionalLong estimateBytes,
      Map<String, String> properties,
      GrantChain grants) {
    return new TransferPlan(
        UUID.randomUUID(),
        volume.id(),
        volume.name(),
        volume.owner(),
        volume.epoch(),
        operation,
        StreamKind.of(step),
        step.from(),
        step.brings().stream().map(SnapshotReference::of).toList(),
        step.flags(),
        estimateBytes,
        step instanceof Step.Resume resume
            ? OptionalLong.of(resume.state().bytes())
            : OptionalLong.empty(),
        properties,
        grants.grants().isEmpty() ? Optional.empty() : Optional.of(GrantDocument.of(grants)),
        List.of());
  }

  /** The snapshot that the stream ends with. */
  public SnapshotReference last() {
    return snapshots.getLast();
  }

  /** What the sender says about the volume. */
  public Claim claim() {
    return new Claim(
        lineage,
        name,
        owner,
        epoch,
        operation,
        grants.map(GrantDocument::chain).orElse(GrantChain.EMPTY));
  }

  /** What the records of the stream have to say. */
  public StreamExpectation expectation() {
    return new StreamExpectation(
        from.orElse(Guid.NONE),
        snapshots.stream().map(SnapshotReference::guid).toList(),
        flags,
        kind == StreamKind.RESUME);
  }

  /**
   * Refuses a plan that demands more than this version knows; it knows no demand yet.
   *
   * @throws FailureException {@code UNSUPPORTED_REQUIREMENT}
   */
  public void requireUnderstood() throws FailureException {
    if (!must.isEmpty()) {
      throw RequestFailure.UNSUPPORTED_REQUIREMENT.because(
          "transfer " + id + " demands " + String.join(", ", must));
    }
  }

  private static void requireBase(Optional<Guid> from, boolean isWanted) {
    if (from.isPresent() != isWanted) {
      throw new IllegalArgumentException(
          isWanted ? "an incremental stream has a 'from'" : "a full stream has no 'from'");
    }
  }
}
