package io.flocker.core.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.grant.GrantChain.Tenure;
import io.flocker.core.grant.GrantChain.UnprovenException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.pki.ClusterAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A, B and C are nodes of one cluster; the volume is A's at epoch 0, and then B's, and then C's.
 */
class GrantChainTest {
  private static final NodeId A = NodeId.parse("00000000-0000-4000-8000-00000000000a");
  private static final NodeId B = NodeId.parse("00000000-0000-4000-8000-00000000000b");
  private static final NodeId C = NodeId.parse("00000000-0000-4000-8000-00000000000c");
  private static final VolumeId VOLUME = VolumeId.random();

  @TempDir Path folder;

  private TestCluster cluster;
  private Credentials a;
  private Credentials b;
  private ClusterAuthority authority;

  @BeforeEach
  void make() throws Exception {
    cluster = TestCluster.create(Files.createDirectory(folder.resolve("ours")));
    a = cluster.node(A);
    b = cluster.node(B);
    authority = a.authority();
  }

  @Test
  void eachOwnersSignatureLeadsToTheNext() throws Exception {
    SignedGrant first = SignedGrant.by(a, grant(1, A, B));
    SignedGrant second = SignedGrant.by(b, grant(2, B, C));
    GrantChain chain = new GrantChain(List.of(second, first));

    assertEquals(List.of(first, second), leading(chain, at(A, 0), at(C, 2)).grants());
    assertEquals(List.of(second), leading(chain, at(B, 1), at(C, 2)).grants());
    assertEquals(List.of(first), leading(chain, at(A, 0), at(B, 1)).grants());
  }

  @Test
  void whoHeardOfNothingBeforeTakesTheEndThatHangsTogether() {
    SignedGrant first = SignedGrant.by(a, grant(1, A, B));
    SignedGrant second = SignedGrant.by(b, grant(2, B, C));
    SignedGrant forged = SignedGrant.by(b, grant(1, A, B));
    assertEquals(List.of(first, second), endingIn(at(C, 2), first, second));
    assertEquals(List.of(second), endingIn(at(C, 2), forged, second));
    assertEquals(List.of(), endingIn(at(A, 2), first, second));
    assertEquals(List.of(), endingIn(at(C, 3), first, second));
  }

  private List<SignedGrant> endingIn(Tenure owner, SignedGrant... shown) {
    return new GrantChain(List.of(shown)).endingIn(authority, VOLUME, owner).grants();
  }

  @Test
  void whatNobodyGrantedIsUnproven() {
    GrantChain none = GrantChain.EMPTY;
    assertUnproven("epoch 1: no grant by node " + A, none, at(A, 0), at(C, 1));
    GrantChain first = new GrantChain(List.of(SignedGrant.by(a, grant(1, A, B))));
    assertUnproven("epoch 2: no grant by node " + B, first, at(A, 0), at(C, 2));
    assertUnproven("it was granted to node " + B, first, at(A, 0), at(C, 1));
  }

  @Test
  void nobodySignsForTheOwner() throws Exception {
    Credentials c = cluster.node(C);
    assertUnproven(
        "signed by node-" + C,
        new GrantChain(List.of(SignedGrant.by(c, grant(1, A, C)))),
        at(A, 0),
        at(C, 1));
    assertUnproven(
        "the grant is by node " + C + ", the owner was " + A,
        new GrantChain(List.of(SignedGrant.by(c, grant(1, C, C)))),
        at(A, 0),
        at(C, 1));
    assertUnproven(
        "signed by user-c",
        new GrantChain(List.of(SignedGrant.by(cluster.user("c"), grant(1, A, C)))),
        at(A, 0),
        at(C, 1));
  }

  @Test
  void anOperatorsTakeoverStandsAlone() throws Exception {
    Credentials operator = cluster.user("op", CertifiedPermission.TAKEOVER);
    SignedGrant first = SignedGrant.by(a, grant(1, A, B));
    SignedGrant taken = SignedGrant.by(operator, grant(5, B, C));
    SignedGrant next = SignedGrant.by(cluster.node(C), grant(6, C, A));
    GrantChain chain = new GrantChain(List.of(first, taken, next));

    assertEquals(List.of(taken), leading(chain, at(A, 0), at(C, 5)).grants());
    assertEquals(List.of(taken, next), leading(chain, at(B, 3), at(A, 6)).grants());
    assertEquals(List.of(next), leading(chain, at(C, 5), at(A, 6)).grants());
    SignedGrant again = SignedGrant.by(operator, grant(9, A, B));
    GrantChain twice = new GrantChain(List.of(taken, again));
    assertEquals(List.of(again), leading(twice, at(A, 0), at(B, 9)).grants());
    assertUnproven("it was granted to node " + C, chain, at(A, 0), at(B, 5));
  }

  @Test
  void whoMayNotTakeVolumesProvesNothing() throws Exception {
    for (Credentials nobody :
        List.of(
            cluster.user("plain"),
            cluster.user("judge", CertifiedPermission.RESOLVE),
            cluster.local(C))) {
      assertUnproven(
          "or a user whose certificate has the permission takeover",
          new GrantChain(List.of(SignedGrant.by(nobody, grant(1, A, C)))),
          at(A, 0),
          at(C, 1));
    }
  }

  @Test
  void whoCreatedAVolumeIsItsFirstOwner() {
    SignedGrant created = SignedGrant.by(a, grant(0, A, A));
    SignedGrant first = SignedGrant.by(a, grant(1, A, B));
    assertEquals(List.of(created, first), endingIn(at(B, 1), first, created));
    assertThrows(IllegalArgumentException.class, () -> grant(0, A, B));
  }

  @Test
  void anotherClustersNodeOfThatNameIsNobody() throws Exception {
    TestCluster other = TestCluster.create(Files.createDirectory(folder.resolve("other")));
    assertUnproven(
        "is not of this cluster",
        new GrantChain(List.of(SignedGrant.by(other.node(A), grant(1, A, C)))),
        at(A, 0),
        at(C, 1));
  }

  @Test
  void aCertificateCountsAsOfTheTimeOfSigning() throws Exception {
    Credentials expired = cluster.nodeOfOneDay(A, Duration.ofDays(2));
    Instant then = Instant.now().minus(Duration.ofDays(2)).plusSeconds(60);
    SignedGrant old = SignedGrant.by(expired, grant(1, A, B, VOLUME, then));
    assertEquals(List.of(old), leading(new GrantChain(List.of(old)), at(A, 0), at(B, 1)).grants());

    assertUnproven(
        "not in force",
        new GrantChain(List.of(SignedGrant.by(expired, grant(1, A, B)))),
        at(A, 0),
        at(B, 1));
  }

  @Test
  void aSignatureIsOfOneTextOnly() {
    SignedGrant toB = SignedGrant.by(a, grant(1, A, B));
    SignedGrant toC = new SignedGrant(grant(1, A, C), toB.signer(), toB.signature());
    assertUnproven(
        "its signature is of another text", new GrantChain(List.of(toC)), at(A, 0), at(C, 1));
    SignedGrant noBase64 = new SignedGrant(toB.grant(), toB.signer(), "?");
    assertUnproven(
        "its signature is of another text", new GrantChain(List.of(noBase64)), at(A, 0), at(B, 1));
    SignedGrant ofAnother = SignedGrant.by(a, grant(1, A, B, VolumeId.random(), Instant.now()));
    assertUnproven("no grant by node " + A, new GrantChain(List.of(ofAnother)), at(A, 0), at(B, 1));
  }

  private GrantChain leading(GrantChain chain, Tenure known, Tenure claimed)
      throws UnprovenException {
    return chain.leading(authority, VOLUME, known, claimed);
  }

  private void assertUnproven(String why, GrantChain chain, Tenure known, Tenure claimed) {
    UnprovenException unproven =
        assertThrows(UnprovenException.class, () -> leading(chain, known, claimed));
    assertTrue(String.valueOf(unproven.getMessage()).contains(why), unproven::getMessage);
  }

  private static Tenure at(NodeId owner, long epoch) {
    return new Tenure(owner, epoch);
  }

  private static Grant grant(long epoch, NodeId from, NodeId to) {
    return grant(epoch, from, to, VOLUME, Instant.now());
  }

  private static Grant grant(long epoch, NodeId from, NodeId to, VolumeId volume, Instant at) {
    return new Grant(volume, epoch, from, to, UUID.randomUUID(), new Guid(7), at);
  }
}
