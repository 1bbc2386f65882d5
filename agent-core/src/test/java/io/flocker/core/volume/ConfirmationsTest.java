package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Confirmations.Word;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
  private static final VolumeId VOLUME = VolumeId.random();
  private static final NodeId PEER = NodeId.random();
  private static final UUID RECORD = UUID.randomUUID();

  private final FakeConfirmations journal = new FakeConfirmations();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final Confirmations confirmations = new Confirmations(journal, () -> now);

  @Test
  void whatAPeerHasConfirmedIsKnownAfterTheNextStart() throws Exception {
    assertTrue(confirmations.confirm(VOLUME, RECORD, PEER));
    assertFalse(confirmations.confirm(VOLUME, RECORD, PEER), "it is written once");

    Confirmations next = new Confirmations(journal, () -> now);

    assertTrue(next.has(VOLUME, RECORD, PEER));
    assertFalse(next.has(VOLUME, UUID.randomUUID(), PEER), "that is said of another record");
    assertFalse(next.has(VOLUME, RECORD, NodeId.random()));
  }

  /** A later owner of the volume is another record, and the peer's word is one about the volume. */
  @Test
  void whoHasEverConfirmedIsHeldToItAndThatGoesOnToTheNextOwner() throws Exception {
    boolean _ = confirmations.confirm(VOLUME, RECORD, PEER);
    boolean _ = confirmations.await(VOLUME, UUID.randomUUID(), PEER, "it is down");
    assertTrue(confirmations.hasEver(VOLUME, PEER));
    assertFalse(confirmations.hasEver(VOLUME, NodeId.random()));
    assertFalse(confirmations.hasEver(VolumeId.random(), PEER));

    FakeConfirmations others = new FakeConfirmations();
    new Confirmations(others, () -> now).inherit(VOLUME, confirmations.ever(VOLUME));
    Confirmations next = new Confirmations(others, () -> now);
    assertTrue(next.hasEver(VOLUME, PEER));
    assertEquals(List.of(), next.of(VOLUME, UUID.randomUUID()), "it said nothing of this record");
    next.retain(List.of());
    assertFalse(next.hasEver(VOLUME, PEER));
  }

  @Test
  void sinceWhenAPeerIsWaitedForIsTold() throws Exception {
    Instant first = now;
    assertTrue(confirmations.await(VOLUME, RECORD, PEER, "it is down"));
    now = now.plusSeconds(60);
    assertFalse(confirmations.await(VOLUME, RECORD, PEER, "it is down still"));
    assertEquals(
        List.of(
            new Word(
                PEER,
                RECORD,
                Optional.empty(),
                Optional.of(first),
                Optional.of("it is down still"))),
        confirmations.of(VOLUME, RECORD));

    boolean _ = confirmations.confirm(VOLUME, RECORD, PEER);

    assertEquals(
        List.of(new Word(PEER, RECORD, Optional.of(now), Optional.empty(), Optional.empty())),
        confirmations.of(VOLUME, RECORD));
    assertEquals(List.of(), confirmations.of(VOLUME, UUID.randomUUID()));
  }

  @Test
  void nobodyWaitsForAPeerThatIsNone() {
    boolean _ = confirmations.await(VOLUME, RECORD, PEER, "it is down");
    confirmations.takenOut(PEER);
    assertEquals(List.of(), confirmations.of(VOLUME, RECORD));
  }

  @Test
  void whatHasGoneIsForgotten() throws Exception {
    boolean _ = confirmations.confirm(VOLUME, RECORD, PEER);
    confirmations.retain(List.of());
    assertEquals(List.of(), journal.list());
    assertFalse(confirmations.has(VOLUME, RECORD, PEER));
  }
}
