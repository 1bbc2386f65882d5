package io.flocker.zfs.stream;

import static io.flocker.core.failure.TransferFailure.STREAM_REFUSED;
import static io.flocker.core.failure.TransferFailure.STREAM_UNSUPPORTED;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import java.util.EnumSet;
import java.util.Set;

/**
 * Holds every BEGIN against the plan: the chain of guids, and what the sender may have used. One
 * thread only.
 */
final class BeginJudge {
  /** What every stream may have: it follows from the data, and no flag of ours asks for it. */
  private static final Set<StreamFeature> ORDINARY =
      EnumSet.of(
          StreamFeature.SA_SPILL,
          StreamFeature.LARGE_DNODE,
          StreamFeature.LONGNAME,
          StreamFeature.LARGE_MICROZAP);

  /** What is understood, and never part of a plan. */
  private static final Set<StreamFeature> NEVER_PLANNED =
      EnumSet.of(StreamFeature.REDACTED, StreamFeature.HOLDS, StreamFeature.RESUMING);

  private final StreamExpectation expectation;
  private final Set<StreamFeature> allowed;
  private int begun;
  private Guid base = Guid.NONE;
  private Guid current = Guid.NONE;

  BeginJudge(StreamExpectation expectation) {
    this.expectation = expectation;
    this.allowed = allowed(expectation);
  }

  /** Judges the BEGIN of a package. */
  void judgePackage(StreamHeader header) throws FailureException {
    judgeFeatures(header);
    if (!header.to().equals(Guid.NONE) || !header.from().equals(Guid.NONE)) {
      throw STREAM_REFUSED.because(
          "a package names the guids " + header.from() + " and " + header.to());
    }
  }

  /** Judges the BEGIN of a snapshot. */
  void judgeSnapshot(StreamHeader header) throws FailureException {
    judgeFeatures(header);
    if (expectation.isAnnounced()) {
      judgePlanned(header);
    } else {
      judgeUnannounced(header);
    }
    if (begun == 0) {
      base = header.from();
    }
    current = header.to();
    begun++;
  }

  private void judgePlanned(StreamHeader header) throws FailureException {
    if (begun == expectation.snapshots().size()) {
      throw STREAM_REFUSED.because(
          "the stream brings one snapshot more than the plan, " + header.toName());
    }
    Guid to = expectation.snapshots().get(begun);
    Guid from = begun == 0 ? expectation.from() : expectation.snapshots().get(begun - 1);
    if (!header.to().equals(to)) {
      throw STREAM_REFUSED.because(
          "the plan says snapshot %s, the stream brings %s, %s"
              .formatted(to, header.to(), header.toName()));
    }
    if (!header.from().equals(from)) {
      throw STREAM_REFUSED.because(
          "the plan builds %s on %s, the stream on %s".formatted(to, from, header.from()));
    }
    boolean isResuming = (header.features() & StreamFeature.RESUMING.bit()) != 0;
    if (isResuming != expectation.isResumed()) {
      throw STREAM_REFUSED.because(
          isResuming
              ? "the stream is the rest of one that was cut, and the plan has none"
              : "the plan continues a stream that was cut, and this one starts anew");
    }
  }

  /** Nobody said what comes, but each snapshot has to build on the one before. */
  private void judgeUnannounced(StreamHeader header) throws FailureException {
    if (begun > 0 && !header.from().equals(current)) {
      throw STREAM_REFUSED.because(
          "the stream brings %s, and then %s, which builds on %s"
              .formatted(current, header.to(), header.from()));
    }
    if ((header.features() & StreamFeature.RESUMING.bit()) != 0) {
      throw STREAM_REFUSED.because("the stream is the rest of one that was cut");
    }
  }

  /** What the first snapshot builds on; 0 for nothing, and before there is one. */
  Guid base() {
    return base;
  }

  /** The snapshot whose records are on their way. */
  Guid current() {
    return current;
  }

  /** Judges the end of the whole stream. */
  void judgeEnd() throws FailureException {
    int planned = Math.max(1, expectation.snapshots().size());
    if (begun < planned) {
      throw STREAM_REFUSED.because(
          "the stream ends after %d of %d snapshots".formatted(begun, planned));
    }
  }

  private void judgeFeatures(StreamHeader header) throws FailureException {
    boolean isRaw = (header.features() & StreamFeature.RAW.bit()) != 0;
    if (isRaw && expectation.rawRefusal().isPresent()) {
      throw StorageFailure.COPY_KEY_CHANGED.because(expectation.rawRefusal().get());
    }
    long unknown =
        header.features() & ~(StreamFeature.bits(ORDINARY) | StreamFeature.bits(byFlags()));
    unknown &= ~StreamFeature.bits(NEVER_PLANNED);
    if (unknown != 0) {
      throw STREAM_UNSUPPORTED
          .because("the stream has the features " + StreamFeature.names(unknown))
          .with("features", StreamFeature.names(unknown));
    }
    long forbidden = header.features() & ~StreamFeature.bits(allowed);
    if (forbidden != 0) {
      throw STREAM_REFUSED
          .because("the plan does not allow the features " + StreamFeature.names(forbidden))
          .with("features", StreamFeature.names(forbidden));
    }
  }

  private static Set<StreamFeature> byFlags() {
    return features(new SendFlags(true, true, true, true));
  }

  private static Set<StreamFeature> allowed(StreamExpectation expectation) {
    Set<StreamFeature> allowed = features(expectation.flags());
    allowed.addAll(ORDINARY);
    if (expectation.isResumed()) {
      allowed.add(StreamFeature.RESUMING);
    }
    return allowed;
  }

  /** What each flag may bring: {@code setup_featureflags} of {@code module/zfs/dmu_send.c}. */
  private static Set<StreamFeature> features(SendFlags flags) {
    Set<StreamFeature> features = EnumSet.noneOf(StreamFeature.class);
    if (flags.largeBlocks() || flags.raw()) {
      features.add(StreamFeature.LARGE_BLOCKS);
      features.add(StreamFeature.SWITCH_TO_LARGE_BLOCKS);
    }
    if (flags.embedded() || flags.raw()) {
      features.add(StreamFeature.EMBED_DATA);
    }
    if (flags.compressed() || flags.raw()) {
      features.add(StreamFeature.COMPRESSED);
    }
    if (flags.embedded() || flags.compressed() || flags.raw()) {
      features.add(StreamFeature.LZ4);
      features.add(StreamFeature.ZSTD);
    }
    if (flags.raw()) {
      features.add(StreamFeature.RAW);
    }
    return features;
  }
}
