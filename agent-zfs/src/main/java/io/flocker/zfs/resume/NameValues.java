package io.flocker.zfs.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A packed name-value list in its native encoding: {@code nvlist_pack(NV_ENCODE_NATIVE)} of {@code
 * module/nvpair/nvpair.c}; numbers, strings and flags of the top level.
 */
final class NameValues {
  private static final int NATIVE_ENCODING = 0; // NV_ENCODE_NATIVE
  private static final int LITTLE_ENDIAN = 1; // nvs_header_t.nvh_endian
  private static final int LIST_HEAD_BYTES = 8; // nvl_version, nvl_nvflag
  private static final int PAIR_HEAD_BYTES = 16; // sizeof (nvpair_t)
  private static final int BOOLEAN = 1; // DATA_TYPE_BOOLEAN
  private static final int UINT64 = 8; // DATA_TYPE_UINT64
  private static final int STRING = 9; // DATA_TYPE_STRING

  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, String> strings = new HashMap<>();
  private final Set<String> flags = new HashSet<>();

  private NameValues() {}

  /**
   * Unpacks a list.
   *
   * @throws IllegalArgumentException when it is none
   */
  static NameValues unpack(byte[] packed) {
    NameValues list = new NameValues();
    try {
      list.readAll(ByteBuffer.wrap(packed));
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("it ends early", e);
    }
    return list;
  }

  OptionalLong number(String name) {
    Long value = numbers.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  Optional<String> string(String name) {
    return Optional.ofNullable(strings.get(name));
  }

  boolean hasFlag(String name) {
    return flags.contains(name);
  }

  private void readAll(ByteBuffer packed) {
    if (packed.get() != NATIVE_ENCODING) {
      throw new IllegalArgumentException("it is not in the native encoding");
    }
    packed.order(packed.get() == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    packed.position(Integer.BYTES + LIST_HEAD_BYTES);
    for (int size = packed.getInt(); size != 0; size = packed.getInt()) {
      int start = packed.position() - Integer.BYTES;
      if (size < PAIR_HEAD_BYTES || size > packed.capacity() - start) {
        throw new IllegalArgumentException("it holds a pair of " + size + " bytes");
      }
      read(packed.slice(start, size).order(packed.order()));
      packed.position(start + size);
    }
  }

  /** Reads one pair: size, name's length, reserve, count, type, name, value; both 8-aligned. */
  private void read(ByteBuffer pair) {
    int nameBytes = pair.getShort(4);
    int type = pair.getInt(12);
    String name = string(pair, PAIR_HEAD_BYTES, nameBytes);
    int value = (PAIR_HEAD_BYTES + nameBytes + 7) & ~7;
    switch (type) {
      case BOOLEAN -> flags.add(name);
      case UINT64 -> numbers.put(name, pair.getLong(value));
      case STRING -> strings.put(name, string(pair, value, pair.capacity() - value));
      default -> {
        // Redaction lists and what later versions add: of no use here.
      }
    }
  }

  private static String string(ByteBuffer pair, int start, int bytes) {
    byte[] text = new byte[Math.max(bytes, 0)];
    pair.get(start, text);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, UTF_8);
  }
}
