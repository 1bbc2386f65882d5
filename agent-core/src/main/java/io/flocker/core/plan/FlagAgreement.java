package io.flocker.core.plan;

import io.flocker.core.storage.Capabilities;
import io.flocker.core.stream.SendFlags;
import java.util.Optional;
import java.util.Set;

/**
 * What both ends of a stream can live with.
 *
 * <p>A flag is used only if both ends' ZFS lists it and the receiver's pool has the features that
 * its streams need (zpool-features(7)). {@code -L} and {@code -w} stay as the chain of increments
 * began, where that is known: ZFS refuses, and before 2.0 could corrupt, a chain that changes them.
 */
final class FlagAgreement {
  private static final String LARGE_BLOCKS = "large_blocks";
  private static final String ENCRYPTION = "encryption";
  private static final String EMBEDDED_DATA = "embedded_data";
  private static final Set<String> COMPRESSIONS = Set.of("lz4_compress", "zstd_compress");

  private FlagAgreement() {}

  /** Whether both ends can do with raw streams. */
  static boolean canRaw(Capabilities sender, Capabilities receiver) {
    return bothKnow("w", sender, receiver) && receiver.poolFeatures().contains(ENCRYPTION);
  }

  /** The flags of the next stream of a chain; {@code chain} is empty for a new or unknown one. */
  static SendFlags between(
      Capabilities sender, Capabilities receiver, Optional<SendFlags> chain, SendWish wish) {
    boolean canEmbed = receiver.poolFeatures().contains(EMBEDDED_DATA);
    boolean canLargeBlocks = receiver.poolFeatures().contains(LARGE_BLOCKS);
    boolean readsCompressed = readsCompressed(sender, receiver);
    return new SendFlags(
        chain.map(SendFlags::largeBlocks).orElse(bothKnow("L", sender, receiver) && canLargeBlocks),
        bothKnow("e", sender, receiver) && canEmbed && readsCompressed,
        wish.isCompressed() && bothKnow("c", sender, receiver) && readsCompressed,
        chain.map(SendFlags::raw).orElse(wish.raw().orElse(false)));
  }

  private static boolean bothKnow(String flag, Capabilities sender, Capabilities receiver) {
    return sender.sendFlags().contains(flag) && receiver.sendFlags().contains(flag);
  }

  /** A compression that the sender's pool lacks cannot be in its stream. */
  private static boolean readsCompressed(Capabilities sender, Capabilities receiver) {
    return COMPRESSIONS.stream()
        .filter(sender.poolFeatures()::contains)
        .allMatch(receiver.poolFeatures()::contains);
  }
}
