package io.flocker.zfs.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The head of one record, 312 bytes: {@code struct dmu_replay_record} of {@code
 * include/sys/zfs_ioctl.h}, whose layout the offsets below follow. Filled again and again, so that
 * walking a stream allocates nothing. One thread only.
 */
final class RecordHead {
  static final int BYTES = 312;

  // All types.
  private static final int TYPE = 0;
  private static final int PAYLOAD_LENGTH = 4;

  // struct drr_object
  private static final int OBJECT_BONUS_LENGTH = 28;
  private static final int OBJECT_RAW_BONUS_LENGTH = 36;

  // struct drr_write
  private static final int WRITE_LOGICAL_SIZE = 32;
  private static final int WRITE_COMPRESSION = 50;
  private static final int WRITE_COMPRESSED_SIZE = 96;

  // struct drr_spill
  private static final int SPILL_LENGTH = 16;
  private static final int SPILL_COMPRESSED_SIZE = 40;

  // struct drr_write_embedded
  private static final int EMBEDDED_PHYSICAL_SIZE = 52;

  // struct drr_end
  private static final int END_TO_GUID = 40;

  private final byte[] bytes = new byte[BYTES];
  private final ByteBuffer head = ByteBuffer.wrap(bytes);
  private int filled;

  /** Takes what it still needs of {@code source} from {@code at} on, and says how much that was. */
  int fill(ByteBuffer source, int at) {
    int taken = Math.min(BYTES - filled, source.limit() - at);
    source.get(at, bytes, filled, taken);
    filled += taken;
    return taken;
  }

  boolean isFull() {
    return filled == BYTES;
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /** Makes room for the next head. */
  void clear() {
    filled = 0;
  }

  void order(ByteOrder order) {
    head.order(order);
  }

  /** The number of its type, which may be unknown. */
  int typeNumber() {
    return head.getInt(TYPE);
  }

  /** All of it, for {@link StreamHeader}. */
  ByteBuffer view() {
    return head;
  }

  /** The snapshot that an END closes; 0 in those of the package. */
  long endToGuid() {
    return head.getLong(END_TO_GUID);
  }

  /**
   * How many bytes follow the head: DRR_*_PAYLOAD_SIZE of {@code include/sys/zfs_ioctl.h}, and as
   * {@code module/zfs/dmu_recv.c} reads them. Negative or absurd where the stream says so.
   */
  long payloadBytes(RecordType type) {
    return switch (type) {
      case BEGIN -> Integer.toUnsignedLong(head.getInt(PAYLOAD_LENGTH));
      case OBJECT -> objectBytes();
      case WRITE ->
          head.getLong(
              head.get(WRITE_COMPRESSION) == 0 ? WRITE_LOGICAL_SIZE : WRITE_COMPRESSED_SIZE);
      case SPILL -> {
        long compressed = head.getLong(SPILL_COMPRESSED_SIZE);
        yield compressed == 0 ? head.getLong(SPILL_LENGTH) : compressed;
      }
      case WRITE_EMBEDDED -> roundUp(Integer.toUnsignedLong(head.getInt(EMBEDDED_PHYSICAL_SIZE)));
      case FREEOBJECTS, FREE, END, WRITE_BYREF, OBJECT_RANGE, REDACT -> 0;
    };
  }

  private long objectBytes() {
    long raw = Integer.toUnsignedLong(head.getInt(OBJECT_RAW_BONUS_LENGTH));
    return raw == 0 ? roundUp(Integer.toUnsignedLong(head.getInt(OBJECT_BONUS_LENGTH))) : raw;
  }

  /** P2ROUNDUP(size, 8). */
  private static long roundUp(long size) {
    return (size + 7) & ~7L;
  }
}
