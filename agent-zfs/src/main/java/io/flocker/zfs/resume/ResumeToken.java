package io.flocker.zfs.resume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.ResumeState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The value of {@code receive_resume_token}: {@code 1-<checksum>-<length>-<payload>}, all in hex;
 * the payload is a name-value list under zlib. As {@code zfs_send_resume_token_to_nvlist} of {@code
 * lib/libzfs/libzfs_sendrecv.c} reads it, with its words for the six ways to be corrupt.
 */
public final class ResumeToken {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,9})-([0-9a-fA-F]{1,16})-([0-9a-fA-F]{1,8})-(.*)", Pattern.DOTALL);
  private static final int VERSION = 1; // ZFS_SEND_RESUME_TOKEN_VERSION
  private static final int MAX_LENGTH = 64 * 1024;
  private static final int MAX_PACKED_BYTES = 1024 * 1024;

  private ResumeToken() {}

  /** Decodes {@code token}, or says in which way it is corrupt. */
  public static ResumeState decode(String token) throws FailureException {
    if (token.length() > MAX_LENGTH) {
      throw corrupt("longer than " + MAX_LENGTH + " characters");
    }
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      throw corrupt("invalid format");
    }
    if (Integer.parseInt(form.group(1)) != VERSION) {
      throw corrupt("invalid version " + form.group(1));
    }
    byte[] compressed = payload(form.group(4));
    if (checksum(compressed) != Long.parseUnsignedLong(form.group(2), 16)) {
      throw corrupt("incorrect checksum");
    }
    long packedBytes = Long.parseLong(form.group(3), 16);
    if (packedBytes > MAX_PACKED_BYTES) {
      throw corrupt("its list has " + packedBytes + " bytes");
    }
    return state(token, unpack(inflate(compressed, (int) packedBytes)));
  }

  private static byte[] payload(String hex) throws FailureException {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException _) {
      throw corrupt("payload is not hex-encoded");
    }
  }

  /** The first word of fletcher-4: the sum of all whole 32-bit words, little-endian. */
  private static long checksum(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long sum = 0;
    while (words.remaining() >= Integer.BYTES) {
      sum += Integer.toUnsignedLong(words.getInt());
    }
    return sum;
  }

  private static byte[] inflate(byte[] compressed, int packedBytes) throws FailureException {
    byte[] packed = new byte[packedBytes];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(compressed);
      if (inflater.inflate(packed) != packedBytes) {
        throw corrupt("decompression failed");
      }
      return packed;
    } catch (DataFormatException _) {
      throw corrupt("decompression failed");
    }
  }

  private static NameValues unpack(byte[] packed) throws FailureException {
    try {
      return NameValues.unpack(packed);
    } catch (IllegalArgumentException e) {
      throw corrupt("nvlist_unpack failed: " + e.getMessage());
    }
  }

  private static ResumeState state(String token, NameValues values) throws FailureException {
    OptionalLong from = values.number("fromguid");
    return new ResumeState(
        token,
        values.string("toname").orElseThrow(() -> corrupt("no toname")),
        new Guid(values.number("toguid").orElseThrow(() -> corrupt("no toguid"))),
        from.stream().mapToObj(Guid::new).findFirst(),
        values.number("bytes").orElse(0),
        values.hasFlag("largeblockok"),
        values.hasFlag("embedok"),
        values.hasFlag("compressok"),
        values.hasFlag("rawok"));
  }

  private static FailureException corrupt(String how) {
    return StorageFailure.RESUME_TOKEN_CORRUPT.because("resume token is corrupt (" + how + ")");
  }
}
