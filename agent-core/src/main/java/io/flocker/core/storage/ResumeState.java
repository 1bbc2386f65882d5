package io.flocker.core.storage;

import io.flocker.core.id.Guid;
import io.flocker.core.stream.SendFlags;
import java.util.Optional;

/**
 * What a resume token says.
 *
 * @param token the token itself
 * @param toName full name of the snapshot at the sender, as of when the stream was made
 * @param to guid of that snapshot
 * @param from guid of the base; empty for a full stream
 * @param bytes how far the receiver had come
 */
public record ResumeState(
    String token,
    String toName,
    Guid to,
    Optional<Guid> from,
    long bytes,
    boolean isLargeBlocks,
    boolean isEmbedded,
    boolean isCompressed,
    boolean isRaw) {
  /**
   * The same of a stream that was sent raw though its token does not say so: that of a dataset
   * which is not encrypted.
   */
  public ResumeState ofRaw() {
    return new ResumeState(
        token, toName, to, from, bytes, isLargeBlocks, isEmbedded, isCompressed, true);
  }

  /** How the stream was made, and goes on being made. */
  public SendFlags flags() {
    return new SendFlags(isLargeBlocks, isEmbedded, isCompressed, isRaw);
  }
}
