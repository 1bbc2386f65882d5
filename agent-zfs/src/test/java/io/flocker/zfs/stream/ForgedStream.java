package io.flocker.zfs.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Streams put together record by record, in either byte order. */
final class ForgedStream {
  private static final long MAGIC = 0x2F5bacbacL;
  private static final int SUBSTREAM = 1;
  private static final int COMPOUND = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ByteOrder order;

  ForgedStream(ByteOrder order) {
    this.order = order;
  }

  ForgedStream begin(long from, long to, long features) {
    return begin(SUBSTREAM, from, to, features);
  }

  ForgedStream packageHead() {
    return packageHead(0, 0, 0);
  }

  ForgedStream packageHead(long from, long to, long features) {
    return begin(COMPOUND, from, to, features).end(0);
  }

  /** A BEGIN that only its type makes one. */
  ForgedStream beginWithoutMagic(long from, long to) {
    return add(head(RecordType.BEGIN).putLong(16, SUBSTREAM).putLong(40, to).putLong(48, from));
  }

  ForgedStream end(long guid) {
    return add(head(RecordType.END).putLong(40, guid));
  }

  ForgedStream write(int length) {
    return add(head(RecordType.WRITE).putLong(32, length)).payload(length);
  }

  ForgedStream writeCompressed(int logical, int compressed) {
    return add(head(RecordType.WRITE)
            .putLong(32, logical)
            .put(50, (byte) 15)
            .putLong(96, compressed))
        .payload(compressed);
  }

  ForgedStream writeOf(long announced) {
    return add(head(RecordType.WRITE).putLong(32, announced));
  }

  ForgedStream embedded(int physical) {
    return add(head(RecordType.WRITE_EMBEDDED).putInt(52, physical))
        .payload((physical + 7) / 8 * 8);
  }

  ForgedStream spill(int length, int compressed) {
    return add(head(RecordType.SPILL).putLong(16, length).putLong(40, compressed))
        .payload(compressed == 0 ? length : compressed);
  }

  ForgedStream object(int bonus, int rawBonus) {
    return add(head(RecordType.OBJECT).putInt(28, bonus).putInt(36, rawBonus))
        .payload(rawBonus == 0 ? (bonus + 7) / 8 * 8 : rawBonus);
  }

  /** A record that no payload follows. */
  ForgedStream bare(RecordType type) {
    return add(head(type));
  }

  ForgedStream ofType(int number) {
    return add(ByteBuffer.allocate(RecordHead.BYTES).order(order).putInt(0, number));
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  private ForgedStream begin(int headerType, long from, long to, long features) {
    ByteBuffer head =
        head(RecordType.BEGIN)
            .putLong(8, MAGIC)
            .putLong(16, features << 2 | headerType)
            .putLong(40, to)
            .putLong(48, from);
    head.put(56, "tank/forged@x".getBytes(UTF_8));
    return add(head);
  }

  private ByteBuffer head(RecordType type) {
    int number = List.of(RecordType.values()).indexOf(type);
    return ByteBuffer.allocate(RecordHead.BYTES).order(order).putInt(0, number);
  }

  private ForgedStream add(ByteBuffer head) {
    byte[] copy = new byte[head.capacity()];
    head.get(0, copy);
    bytes.writeBytes(copy);
    return this;
  }

  /** Bytes that would be taken for heads if a length were wrong. */
  private ForgedStream payload(int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 0xee);
    bytes.writeBytes(payload);
    return this;
  }
}
