package io.flocker.zfs.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.Guid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a BEGIN record says: {@code struct drr_begin} of {@code include/sys/zfs_ioctl.h}.
 *
 * @param order byte order of the machine that made the stream
 * @param isPackage whether this opens a compound stream, whose parts have BEGINs of their own
 * @param features bits of {@link StreamFeature}
 * @param to guid of the snapshot that it brings; 0 for a package
 * @param from guid of the snapshot that it builds on; 0 for a full stream or a package
 * @param toName full name of the snapshot at the sender
 */
public record StreamHeader(
    ByteOrder order, boolean isPackage, long features, Guid to, Guid from, String toName) {
  private static final long MAGIC = 0x2F5bacbacL; // DMU_BACKUP_MAGIC
  private static final int BEGIN = 0; // DRR_BEGIN
  private static final int COMPOUND_STREAM = 2; // DMU_COMPOUNDSTREAM
  private static final int HEADER_TYPE_MASK = 3; // DMU_GET_STREAM_HDRTYPE
  private static final int FEATURES_SHIFT = 2; // DMU_GET_FEATUREFLAGS

  private static final int TYPE_OFFSET = 0;
  private static final int MAGIC_OFFSET = 8;
  private static final int VERSION_INFO_OFFSET = 16;
  private static final int TO_GUID_OFFSET = 40;
  private static final int FROM_GUID_OFFSET = 48;
  private static final int TO_NAME_OFFSET = 56;
  private static final int TO_NAME_BYTES = 256; // MAXNAMELEN

  /** The byte order of the stream that begins with {@code head}; empty if it is none. */
  static Optional<ByteOrder> order(ByteBuffer head) {
    ByteBuffer big = head.duplicate().order(ByteOrder.BIG_ENDIAN);
    if (big.getInt(TYPE_OFFSET) != BEGIN) {
      return Optional.empty();
    }
    long magic = big.getLong(MAGIC_OFFSET);
    if (magic == MAGIC) {
      return Optional.of(ByteOrder.BIG_ENDIAN);
    }
    return Long.reverseBytes(magic) == MAGIC
        ? Optional.of(ByteOrder.LITTLE_ENDIAN)
        : Optional.empty();
  }

  /** Whether {@code head}, a BEGIN read in its order, has the magic number. */
  static boolean hasMagic(ByteBuffer head) {
    return head.getLong(MAGIC_OFFSET) == MAGIC;
  }

  /** Reads a BEGIN; {@code head} has the stream's order. */
  static StreamHeader read(ByteBuffer head) {
    long versionInfo = head.getLong(VERSION_INFO_OFFSET);
    return new StreamHeader(
        head.order(),
        (versionInfo & HEADER_TYPE_MASK) == COMPOUND_STREAM,
        versionInfo >>> FEATURES_SHIFT,
        new Guid(head.getLong(TO_GUID_OFFSET)),
        new Guid(head.getLong(FROM_GUID_OFFSET)),
        toName(head));
  }

  private static String toName(ByteBuffer head) {
    byte[] name = new byte[TO_NAME_BYTES];
    head.get(TO_NAME_OFFSET, name);
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    return new String(name, 0, length, UTF_8);
  }
}
