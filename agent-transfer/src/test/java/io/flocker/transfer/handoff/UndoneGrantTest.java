package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.assertWriter;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Dataset;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.AcquireRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that cannot take what it is given is as if nobody had given it anything. */
@Timeout(120)
class UndoneGrantTest {
  private static final VolumeName NAME = VolumeName.parse("default.db");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final NodeId third = NodeId.random();
  private final NodeId fourth = NodeId.random();
  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create(NAME.toString()).id();
  }

  @Test
  void nothingOfAGrantIsLeftWhereItsRecordCannotBeWritten() throws Exception {
    OwnPolicy heard = new OwnPolicy(Policy.to(List.of(fourth)), false);
    var _ = nodes.push(volume);
    nodes.second.policies.set(volume, Optional.of(heard));
    nodes.second.register.describe(volume, Map.of("team", "mobile"));
    Guid known = new Guid(4711);
    var _ = nodes.second.cursors.move(volume, fourth, known);
    Dataset copy = nodes.second.catalog.require(volume).dataset();
    AcquireRequest grant = grant();
    nodes.second.pool.breaks("setRecord", StorageFailure.ZFS_FAILED.because("no"));

    assertFails(
        StorageFailure.ZFS_FAILED,
        () -> nodes.second.acquisition.acquire(nodes.first.id, volume, grant));

    assertEquals(copy, nodes.second.catalog.require(volume).dataset());
    assertEquals(Optional.of(heard), nodes.second.policies.own(volume));
    assertEquals(Map.of("team", "mobile"), nodes.second.register.metadata(volume));
    assertEquals(Map.of(fourth, known), nodes.second.cursors.of(volume));
    nodes.heal();
    assertReplica(nodes.second, volume, nodes.first, 0);
    var _ = nodes.second.acquisition.acquire(nodes.first.id, volume, grant);
    assertEquals(1, nodes.second.catalog.requireOwned(volume).epoch());
    assertEquals(
        Optional.of(new OwnPolicy(Policy.to(List.of(third)), false)),
        nodes.second.policies.own(volume));
    assertEquals(Map.of("team", "web"), nodes.second.register.metadata(volume));
    assertEquals(
        Map.of(third, new Guid(7), nodes.first.id, grant.finalSnapshot()),
        nodes.second.cursors.of(volume));
  }

  private AcquireRequest grant() throws FailureException {
    nodes.first.policies.put(volume, Policy.to(List.of(third)));
    return new AcquireRequest(
        NAME,
        nodes.first.id,
        nodes.second.id,
        1,
        UUID.randomUUID(),
        latest(nodes.second, volume).guid(),
        Map.of(third, new Guid(7)),
        Optional.of(Map.of("team", "web")),
        Optional.of(Map.of("compression", "gzip", "refquota", "1048576")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Handover.of(nodes.first.policies, volume, NAME)));
  }

  @Test
  void aNodeThatTakesNoNewVolumesIsGivenOnlyThoseThatItHasACopyOf() throws Exception {
    nodes.second.terms =
        new ReceiverFloor.Terms(RetentionRules.ofLast(1), false, OptionalLong.empty(), false);

    assertFails(TransferFailure.NEW_VOLUME_REFUSED, () -> nodes.handOff(volume));

    assertEquals(List.of("prepare"), nodes.first.links.said());
    assertWriter(nodes.first, volume, 0);
    nodes.second.terms = ReceiverFloor.Terms.NONE;
    var _ = nodes.push(volume);
    nodes.second.terms =
        new ReceiverFloor.Terms(RetentionRules.ofLast(1), false, OptionalLong.empty(), false);
    var _ = nodes.handOff(volume);
    assertWriter(nodes.second, volume, 1);
  }
}
