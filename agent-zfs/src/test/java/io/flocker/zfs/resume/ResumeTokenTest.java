package io.flocker.zfs.resume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.ResumeState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that OpenZFS 2.3.2 made; expected values are those of its {@code zfs send -nvt}. */
class ResumeTokenTest {
  private static final String FULL =
      "1-8f2e17309-b8-789c636064000310a500c4ec50360710e72765a52697303030419460caa7a515a7968064b4e0"
          + "f26c48f2499525a9c540fa828a0e56fd25f9e9a5992940f3257f2d38fca3cc4403499e132c9f97989b0aa4"
          + "13f3b2f58b1c121990000010721586";
  private static final String INCREMENT =
      "1-d9568e0cb-e0-789c636064000310a501c49c50360710a715e5e7a69766a630400193e4af05877f94992800d9"
          + "ec48eaf293b252934b18181aa0ea30e4d3d28a534b40325a70793624f9a4ca92d46290b8890e56fd25f910"
          + "579836b4b04ac425efd14092e704cbe725e6a602e9c4bc6cfd2287240624000071251bcf";
  private static final String COMPRESSED =
      "1-b984d5fc7-f0-789c636064000310a500c4ec50360710e72765a52697303030419460caa7a515a7968064b4e0"
          + "f26c48f2499525a9c540fa828a0e56fd25f9e9a5992940f3257f2d38fca3cc4403499e132c9f97989b0aa4"
          + "13f3b2f58b1c12a1ce609080ea87b93b35372935253f1b6c3e379278727e6e41516a7131500a0e0089f81cf0";

  private static final String RAW =
      "1-d50f2b74d-f0-789c636064000310a500c4ec50360710e72765a52697303030419460caa7a515a79630c"
          + "001489e0d493ea9b224b518484fe1c3aebf243fbd34338581a1f168ddcab74702423590e439c1f27989b9a"
          + "9403a312f5b3f352fd92111610e3703c2ddc9f9b90545a9c5c5f9d9103109a83b60f24589e530290600acc"
          + "71d00";

  @Test
  @DisplayName("R03 the token of a full stream")
  void decodesTheTokenOfAFullStream() throws Exception {
    assertEquals(
        new ResumeState(
            FULL,
            "tank/r@a",
            Guid.parse("3476f8c3a0fa1902"),
            Optional.empty(),
            0x2c24d0,
            false,
            false,
            false,
            false),
        ResumeToken.decode(FULL));
  }

  @Test
  @DisplayName("R03 the token of an increment")
  void decodesTheTokenOfAnIncrement() throws Exception {
    ResumeState state = ResumeToken.decode(INCREMENT);

    assertEquals("tank/r@b", state.toName());
    assertEquals(Guid.parse("bc635e1805848035"), state.to());
    assertEquals(Optional.of(Guid.parse("3476f8c3a0fa1902")), state.from());
    assertEquals(0x2c3420, state.bytes());
  }

  @Test
  @DisplayName("R03 the flags of a token")
  void decodesFlags() throws Exception {
    ResumeState state = ResumeToken.decode(COMPRESSED);

    assertTrue(state.isEmbedded() && state.isCompressed());
    assertTrue(!state.isLargeBlocks() && !state.isRaw());
    assertTrue(ResumeToken.decode(RAW).isRaw());
    assertEquals(Guid.parse("5550c4eda97ec581"), ResumeToken.decode(RAW).to());
  }

  @ParameterizedTest
  @DisplayName("R04 corrupt: invalid format")
  @ValueSource(
      strings = {"", "-", "none", "1-", "1-8f2e17309", "1-xyz-b8-00", "1--b8-00", " 1-2-3-"})
  void refusesAnotherForm(String token) {
    corrupt("invalid format", token);
  }

  @Test
  @DisplayName("R04 corrupt: invalid version")
  void refusesAnotherVersion() {
    corrupt("invalid version 2", "2" + FULL.substring(1));
  }

  @Test
  @DisplayName("R04 corrupt: payload is not hex-encoded")
  void refusesAPayloadThatIsNotHex() {
    corrupt("payload is not hex-encoded", FULL.substring(0, FULL.length() - 1) + "g");
    corrupt("payload is not hex-encoded", FULL.substring(0, FULL.length() - 1));
  }

  @Test
  @DisplayName("R04 corrupt: one flipped bit of the checksum or the payload")
  void refusesAFlippedBit() {
    corrupt("incorrect checksum", FULL.replaceFirst("8f2e17309", "8f2e17308"));
    corrupt("incorrect checksum", FULL.replaceFirst("789c", "789d"));
  }

  @Test
  @DisplayName("R04 corrupt: decompression failed")
  void refusesWhatCannotBeInflated() {
    corrupt("decompression failed", token(new byte[] {1, 2, 3, 4}, 10));
    corrupt("decompression failed", FULL.replaceFirst("-b8-", "-b9-"));
  }

  @Test
  @DisplayName("R04 corrupt: nvlist_unpack failed")
  void refusesAListThatCannotBeUnpacked() throws Exception {
    corrupt("nvlist_unpack failed", token(deflated(new byte[] {0, 1, 0, 0}), 4));
    corrupt("nvlist_unpack failed", token(deflated(new byte[] {9, 1, 0, 0}), 4));
    byte[] endless =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(1, (byte) 1)
            .putInt(12, -5)
            .array();
    corrupt("nvlist_unpack failed", token(deflated(endless), endless.length));
  }

  @Test
  void refusesAListWithoutASnapshot() throws Exception {
    byte[] empty = ByteBuffer.allocate(16).put(1, (byte) 1).array();

    corrupt("no toname", token(deflated(empty), empty.length));
  }

  @Test
  void refusesWhatClaimsToBeLarge() {
    corrupt("its list has", FULL.replaceFirst("-b8-", "-7fffffff-"));
    corrupt("longer than", "1-".repeat(50_000));
  }

  private static void corrupt(String how, String token) {
    FailureException failure =
        assertThrows(FailureException.class, () -> ResumeToken.decode(token));
    assertEquals(StorageFailure.RESUME_TOKEN_CORRUPT, failure.failure());
    assertTrue(failure.detail().startsWith("resume token is corrupt (" + how), failure.detail());
  }

  /** A token whose checksum is right. */
  private static String token(byte[] compressed, int length) {
    long sum = 0;
    ByteBuffer words = ByteBuffer.wrap(compressed).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= Integer.BYTES) {
      sum += Integer.toUnsignedLong(words.getInt());
    }
    return "1-%x-%x-%s".formatted(sum, length, HexFormat.of().formatHex(compressed));
  }

  private static byte[] deflated(byte[] plain) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
