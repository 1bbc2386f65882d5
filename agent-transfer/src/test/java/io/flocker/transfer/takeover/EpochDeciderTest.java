package io.flocker.transfer.takeover;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.ownership.EpochDecider;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.takeover.Takeover.Reason;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** No epoch comes to be but by who decides them: the first node has a volume, the second a copy. */
class EpochDeciderTest {
  private static final Principal CALLER = new Principal.User("operator");
  private static final String WHY = "two of three do not answer";
  private static final EpochDecider REFUSAL =
      (_, _) -> {
        throw OwnershipFailure.PEERS_UNANSWERED.because(WHY);
      };

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
  }

  @Test
  void eachIsAskedForOnceAndBeforeItIsSigned() throws Exception {
    List<String> decided = new CopyOnWriteArrayList<>();
    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      EpochDecider own = node.decider;
      node.decider =
          (known, next) -> {
            assertFalse(isSigned(node, next), "signed before it was decided");
            decided.add(
                "%s %d of %s"
                    .formatted(next.state(), next.epoch(), known.map(OwnershipRecord::epoch)));
            own.agree(known, next);
          };
    }

    var _ = nodes.first.create("default.made");
    nodes.first.fake.add(adoptable());
    nodes.first.catalog.lookAround();
    var _ = nodes.handOff(volume);
    takeOver(nodes.first, Reason.OWNER_GONE);

    assertEquals(
        List.of(
            "owned 0 of Optional.empty",
            "owned 0 of Optional.empty",
            "released 1 of Optional[0]",
            "owned 2 of Optional[1]"),
        decided);
  }

  private static boolean isSigned(MemoryNode node, OwnershipRecord next) {
    return node.grants.of(next.lineage()).stream()
        .anyMatch(signed -> signed.grant().operation().equals(next.operation()));
  }

  @Test
  void whatIsNotDecidedIsNotGivenAway() throws Exception {
    nodes.first.decider = REFUSAL;

    assertRefused(() -> nodes.handOff(volume));

    assertOwner(nodes.first, volume, 0);
    assertReplica(nodes.second, volume, nodes.first, 0);
    assertEquals(List.of(), nodes.first.releases.list());
    assertEquals(List.of(), signed(nodes.first));
  }

  @Test
  void whatIsNotDecidedIsNotTakenOver() throws Exception {
    nodes.second.decider = REFUSAL;
    List<String> before = nodes.second.fake.state();

    assertRefused(() -> takeOver(nodes.second, Reason.OWNER_GONE));

    assertEquals(before, nodes.second.fake.state());
    assertEquals(List.of(), signed(nodes.second));
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void whatIsNotDecidedStaysContested() throws Exception {
    OwnershipRecord copy = nodes.second.catalog.require(volume).dataset().record().orElseThrow();
    String dataset = nodes.second.catalog.require(volume).dataset().name();
    nodes.second.fake.setRecord(
        dataset,
        new OwnershipRecord(
            volume,
            0,
            nodes.second.id,
            OwnershipState.CONTESTED,
            UUID.randomUUID(),
            copy.finalSnapshot(),
            copy.dataset()));
    nodes.second.catalog.lookAround();
    nodes.second.decider = REFUSAL;
    List<String> before = nodes.second.fake.state();

    assertRefused(() -> takeOver(nodes.second, Reason.CONTEST));

    assertEquals(before, nodes.second.fake.state());
    assertEquals(List.of(), signed(nodes.second));
  }

  @Test
  void whatIsNotDecidedIsNeitherCreatedNorAdopted() throws Exception {
    nodes.first.decider = REFUSAL;
    List<String> before = nodes.first.fake.state();

    assertRefused(() -> nodes.first.create("default.other"));

    assertEquals(before, nodes.first.fake.state());
    nodes.first.fake.add(adoptable());
    assertRefused(nodes.first.catalog::lookAround);
    assertEquals(
        List.of(false),
        nodes.first.fake.datasets().stream()
            .filter(dataset -> dataset.name().equals(adoptable()))
            .map(dataset -> dataset.record().isPresent())
            .toList());
  }

  /** But for the creation, which others are shown. */
  private List<Grant> signed(MemoryNode by) {
    return by.grants.of(volume).stream()
        .map(SignedGrant::grant)
        .filter(grant -> grant.epoch() > 0)
        .toList();
  }

  private String adoptable() {
    return new DatasetName(nodes.first.id, VolumeName.parse("default.of-2014"))
        .in(FakeStorage.POOL);
  }

  private static void assertRefused(Executable work) {
    assertEquals(WHY, assertFails(OwnershipFailure.PEERS_UNANSWERED, work).detail());
  }

  /** As an operator who calls the other node fenced. */
  private void takeOver(MemoryNode node, Reason reason) throws Exception {
    Set<NodeId> fenced = Set.of(node == nodes.first ? nodes.second.id : nodes.first.id);
    node.links.breaks(_ -> {
      throw OwnershipFailure.PEERS_UNANSWERED.because("it is down");
    });
    Takeover takeover = new Takeover(node.parts, node.links, InstantSource.system());
    Grant proposed = Grant.parse(takeover.propose(volume, reason, fenced).text());
    SignedGrant signed = SignedGrant.by(TestCredentials.operator(), proposed);
    var _ = takeover.take(CALLER, volume, reason, signed, fenced);
  }
}
