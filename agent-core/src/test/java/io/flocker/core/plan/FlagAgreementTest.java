package io.flocker.core.plan;

import static io.flocker.core.plan.Listings.NEW_ZFS;
import static io.flocker.core.plan.Listings.OLD_ZFS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.Capabilities;
import io.flocker.core.stream.SendFlags;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlagAgreementTest {
  @Test
  void usesWhatBothEndsKnow() {
    assertEquals(new SendFlags(true, true, true, false), agree(NEW_ZFS, NEW_ZFS));
  }

  @Test
  void usesNothingThatOneEndDoesNotKnow() {
    assertEquals(SendFlags.NONE, agree(NEW_ZFS, OLD_ZFS));
    assertEquals(SendFlags.NONE, agree(OLD_ZFS, NEW_ZFS));
  }

  @Test
  void sparesAPoolWhatItHasNoFeatureFor() {
    assertEquals(
        new SendFlags(false, false, true, false),
        agree(NEW_ZFS, poolWith("lz4_compress", "zstd_compress")));
  }

  @Test
  void sendsNoCompressionThatThePoolCannotRead() {
    assertEquals(
        new SendFlags(true, false, false, false),
        agree(NEW_ZFS, poolWith("large_blocks", "embedded_data", "lz4_compress")));
  }

  @Test
  void keepsLargeBlocksAndRawAsTheChainBegan() {
    SendFlags began = new SendFlags(false, false, false, true);
    assertEquals(
        new SendFlags(false, true, true, true),
        FlagAgreement.between(NEW_ZFS, NEW_ZFS, Optional.of(began), SendWish.USUAL));
    assertEquals(
        new SendFlags(true, false, false, false),
        FlagAgreement.between(
            OLD_ZFS, OLD_ZFS, Optional.of(new SendFlags(true, true, true, false)), SendWish.USUAL));
  }

  @Test
  void doesWithoutCompressedBlocksWhereThatIsWished() {
    assertEquals(
        new SendFlags(true, true, false, false),
        FlagAgreement.between(
            NEW_ZFS, NEW_ZFS, Optional.empty(), new SendWish(Optional.empty(), false)));
  }

  @Test
  void beginsAChainRawWhereThatIsWishedAndGoesOnWithNone() {
    SendWish raw = new SendWish(Optional.of(true), true);

    assertTrue(FlagAgreement.between(NEW_ZFS, NEW_ZFS, Optional.empty(), raw).raw());
    assertFalse(FlagAgreement.between(NEW_ZFS, NEW_ZFS, Optional.of(SendFlags.NONE), raw).raw());
  }

  private static SendFlags agree(Capabilities sender, Capabilities receiver) {
    return FlagAgreement.between(sender, receiver, Optional.empty(), SendWish.USUAL);
  }

  private static Capabilities poolWith(String... features) {
    return new Capabilities(
        "2.3", NEW_ZFS.sendFlags(), Set.of("s"), Set.of(features), true, true, true);
  }
}
