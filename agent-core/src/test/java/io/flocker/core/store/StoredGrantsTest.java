package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantBook;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCredentials;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoredGrantsTest {
  private static final VolumeId VOLUME = VolumeId.random();
  private static final NodeId FROM = NodeId.random();

  private final Credentials owner = TestCredentials.of(FROM);

  @TempDir private Path folder;

  @Test
  void whatWasSignedOutlivesTheDaemonAndIsStillSigned() throws Exception {
    SignedGrant second = signed(VOLUME, 2);
    SignedGrant first = signed(VOLUME, 1);
    SignedGrant ofAnother = signed(VolumeId.random(), 1);
    try (Database database = Database.open(folder)) {
      new StoredGrants(database).add(List.of(second, first, ofAnother));
    }

    try (Database database = Database.open(folder)) {
      List<SignedGrant> kept = new StoredGrants(database).of(VOLUME);
      assertEquals(List.of(first, second), kept);
      for (SignedGrant grant : kept) {
        assertEquals(List.of(), grant.objection(owner.authority()).stream().toList());
      }
    }
  }

  @Test
  void whatWasNotCarriedOutGivesWayToTheNextOfItsEpoch() throws Exception {
    SignedGrant later = signed(VOLUME, 1);
    try (Database database = Database.open(folder)) {
      StoredGrants grants = new StoredGrants(database);
      grants.add(List.of(signed(VOLUME, 1)));
      grants.add(List.of(later));

      assertEquals(List.of(later), grants.of(VOLUME));
    }
  }

  @Test
  void theOldestGoWhenNobodyCanNeedThem() throws Exception {
    SignedGrant second = signed(VOLUME, 2);
    SignedGrant last = signed(VOLUME, GrantBook.LONGEST + 1L);
    try (Database database = Database.open(folder)) {
      StoredGrants grants = new StoredGrants(database);
      grants.add(List.of(signed(VOLUME, 1), second));
      grants.add(List.of(last));

      assertEquals(List.of(second, last), grants.of(VOLUME));
    }
  }

  private SignedGrant signed(VolumeId volume, long epoch) {
    Grant grant =
        new Grant(
            volume, epoch, FROM, NodeId.random(), UUID.randomUUID(), new Guid(7), Instant.now());
    return SignedGrant.by(owner, grant);
  }
}
