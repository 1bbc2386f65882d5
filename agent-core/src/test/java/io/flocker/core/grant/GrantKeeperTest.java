package io.flocker.core.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.GrantChain.Tenure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrantKeeperTest {
  private static final NodeId A = NodeId.parse("00000000-0000-4000-8000-00000000000a");
  private static final NodeId B = NodeId.parse("00000000-0000-4000-8000-00000000000b");
  private static final VolumeId VOLUME = VolumeId.random();
  private static final UUID HANDOFF = UUID.randomUUID();
  private static final Guid LAST = new Guid(7);

  private final Credentials credentials = TestCredentials.of(A);
  private final FakeGrants book = new FakeGrants();

  @Test
  void whatNobodyWouldBelieveIsNotSigned() throws Exception {
    FailureException refused =
        assertThrows(
            FailureException.class,
            () -> keeper(beforeTheCertificate()).sign(VOLUME, 1, A, B, HANDOFF, LAST));
    assertEquals(OwnershipFailure.NOT_GRANTED, refused.failure());
    assertTrue(refused.detail().contains("Look at the clock"), refused::detail);
    assertEquals(List.of(), book.of(VOLUME));

    keeper(Instant.now()).sign(VOLUME, 1, A, B, HANDOFF, LAST);
    assertEquals(1, book.of(VOLUME).size());
  }

  @Test
  void aVolumeIsCreatedWhateverTheClockSaysAndSignedOnceItIsRight() throws Exception {
    keeper(beforeTheCertificate()).signCreation(VOLUME, A, HANDOFF, false);
    assertEquals(List.of(), book.of(VOLUME));

    keeper(Instant.now()).signCreation(VOLUME, A, HANDOFF, false);
    assertEquals(1, book.of(VOLUME).size());
  }

  @Test
  void whatIsWrittenDownAndBelievedIsNotSignedAgain() throws Exception {
    keeper(Instant.now()).sign(VOLUME, 1, A, B, HANDOFF, LAST);
    List<SignedGrant> first = book.of(VOLUME);
    keeper(Instant.now().plusSeconds(9)).sign(VOLUME, 1, A, B, HANDOFF, LAST);
    assertEquals(first, book.of(VOLUME));
  }

  @Test
  void whatAnOlderFlockerdSignedByAWrongClockIsSignedAgain() throws Exception {
    Grant early = new Grant(VOLUME, 1, A, B, HANDOFF, LAST, beforeTheCertificate());
    book.add(List.of(SignedGrant.by(credentials, early)));
    GrantKeeper keeper = keeper(Instant.now());
    keeper.sign(VOLUME, 1, A, B, HANDOFF, LAST);
    assertTrue(keeper.objection(book.of(VOLUME).getFirst()).isEmpty());
  }

  @Test
  void thePastIsTakenFromWhoTellsItAsFarAsItLedToTheOwnerAndIsNotKnown() throws Exception {
    SignedGrant created = creation(A);
    SignedGrant given = signed(A, 1, A, B);
    SignedGrant back = signed(B, 2, B, A);
    GrantKeeper keeper = keeper(Instant.now());

    keeper.learnPast(VOLUME, new Tenure(A, 2), chain(creation(B), given, back));
    assertEquals(List.of(given, back), book.of(VOLUME), "B's own creation led to nobody");
    keeper.learnPast(VOLUME, new Tenure(A, 2), chain(created, signed(A, 1, A, B), back));
    assertEquals(List.of(created, given, back), book.of(VOLUME));
    assertEquals(Optional.of(created), keeper.creation(VOLUME));
  }

  /** A stranger brought a volume of that id, and nothing came of it; what he showed is kept. */
  @Test
  void whatLedToSomebodyElseIsNoKnowledgeOfThePast() throws Exception {
    NodeId stranger = NodeId.random();
    SignedGrant created = creation(A);
    SignedGrant given = signed(A, 1, A, B);
    SignedGrant back = signed(B, 2, B, A);
    GrantKeeper keeper = keeper(Instant.now());
    keeper.keep(List.of(creation(stranger), signed(stranger, 1, stranger, stranger)));

    keeper.learnPast(VOLUME, new Tenure(A, 2), chain(created, given, back));

    assertEquals(List.of(created, given, back), book.of(VOLUME));
    SignedGrant other = signed(stranger, 1, stranger, B);
    keeper.learnPast(VOLUME, new Tenure(A, 2), chain(creation(stranger), other, back));
    assertEquals(List.of(created, given, back), book.of(VOLUME), "it is known how B came to it");
  }

  private static GrantChain chain(SignedGrant... grants) {
    return new GrantChain(List.of(grants));
  }

  private static SignedGrant creation(NodeId by) {
    return SignedGrant.by(
        TestCredentials.of(by),
        new Grant(VOLUME, 0, by, by, HANDOFF, Grant.FRESH_ID, Instant.now()));
  }

  private static SignedGrant signed(NodeId by, long epoch, NodeId from, NodeId to) {
    return SignedGrant.by(
        TestCredentials.of(by),
        new Grant(VOLUME, epoch, from, to, UUID.randomUUID(), LAST, Instant.now()));
  }

  private GrantKeeper keeper(Instant now) {
    return new GrantKeeper(() -> credentials, book, () -> now);
  }

  private Instant beforeTheCertificate() {
    return credentials.certificate().getNotBefore().toInstant().minus(Duration.ofDays(1));
  }
}
