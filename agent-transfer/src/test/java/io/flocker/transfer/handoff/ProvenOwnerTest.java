package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Condition;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.push.RecordingContext;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A third node has a copy, and was not asked when the volume changed hands. */
class ProvenOwnerTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private MemoryNode third;
  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    third = nodes.another("third");
    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      node.learn(third);
      third.learn(node);
    }
    volume = nodes.first.create("default.db").id();
    push(nodes.first);
  }

  @Test
  void eachOwnerSignsWhatItGivesAway() throws Exception {
    var _ = nodes.handOff(volume);

    GrantChain told = nodes.second.parts.memory().grants().upTo(volume, 1);
    Grant grant = told.grants().getFirst().grant();
    assertEquals(nodes.first.id, grant.from());
    assertEquals(nodes.second.id, grant.to());
    assertEquals(latest(nodes.second, volume).guid(), grant.finalSnapshot());
    assertEquals(told, nodes.first.parts.memory().grants().upTo(volume, 1));
  }

  @Test
  void whoWasGivenTheVolumeShowsItToWhoeverWasAway() throws Exception {
    var _ = nodes.handOff(volume);
    push(nodes.second);
    assertReplica(third, volume, nodes.second, 1);
  }

  @Test
  void severalChangesOfOwnerAreShownAtOnce() throws Exception {
    var _ = nodes.handOff(volume);
    handOff(nodes.second, nodes.first);
    handOff(nodes.first, nodes.second);

    push(nodes.second);

    assertReplica(third, volume, nodes.second, 3);
    assertEquals(3, third.parts.memory().grants().upTo(volume, 3).grants().size());
  }

  @Test
  void whoTookTheVolumeWithoutItsOwnersWordIsRefused() throws Exception {
    var _ = nodes.push(volume);
    var copy = nodes.second.catalog.require(volume).dataset();
    var record = copy.record().orElseThrow();
    nodes.second.fake.setRecord(
        copy.name(),
        new OwnershipRecord(
            volume,
            1,
            nodes.second.id,
            OwnershipState.OWNED,
            record.operation(),
            record.finalSnapshot(),
            record.dataset()));
    nodes.second.catalog.lookAround();

    assertFails(OwnershipFailure.NOT_GRANTED, () -> push(nodes.second));
    assertReplica(third, volume, nodes.first, 0);
    assertOwner(nodes.first, volume, 0);
  }

  private void push(MemoryNode owner) throws Exception {
    var _ =
        owner.push.run(
            volume, third.id, true, InitialReplication.ALL, Condition.NONE, new RecordingContext());
  }

  private void handOff(MemoryNode from, MemoryNode to) throws Exception {
    var _ =
        from.handoff.run(
            volume, to.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());
  }
}
