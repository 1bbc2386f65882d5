package io.flocker.core.transfer;

import static io.flocker.core.plan.Listings.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.Step;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.plan.VolumeFixture;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.volume.Claim;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class TransferPlanTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What nodes of every version have to read: a change of this text breaks them. */
  private static final String GOLDEN_INCREMENT =
      """
      {"id":"00000000-0000-4000-8000-000000000001",\
      "lineage":"00000000-0000-4000-8000-000000000002",\
      "name":"default.mongodb",\
      "owner":"00000000-0000-4000-8000-000000000003",\
      "epoch":7,\
      "operation":"00000000-0000-4000-8000-000000000004",\
      "kind":"incremental",\
      "from":"0000000000000001",\
      "snapshots":[{"name":"s2","guid":"0000000000000002"},{"name":"s3","guid":"ffffffffffffffff"}],\
      "flags":{"largeBlocks":true,"embedded":true,"compressed":true,"raw":false},\
      "estimateBytes":1048576,\
      "properties":{"compression":"lz4","recordsize":"131072"},\
      "must":[]}\
      """;

  private static final String GOLDEN_FULL =
      """
      {"id":"00000000-0000-4000-8000-000000000001",\
      "lineage":"00000000-0000-4000-8000-000000000002",\
      "name":"default.mongodb",\
      "owner":"00000000-0000-4000-8000-000000000003",\
      "epoch":0,\
      "operation":"00000000-0000-4000-8000-000000000004",\
      "kind":"full",\
      "snapshots":[{"name":"s2","guid":"0000000000000002"}],\
      "flags":{"largeBlocks":false,"embedded":false,"compressed":false,"raw":false},\
      "properties":{},\
      "must":[]}\
      """;

  @Test
  void anIncrementIsWrittenAsItAlwaysWas() {
    assertEquals(GOLDEN_INCREMENT, JSON.writeValueAsString(increment()));
    assertEquals(increment(), read(GOLDEN_INCREMENT));
  }

  @Test
  void aFullStreamIsWrittenAsItAlwaysWas() {
    assertEquals(GOLDEN_FULL, JSON.writeValueAsString(full(Map.of(), List.of())));
    assertEquals(full(Map.of(), List.of()), read(GOLDEN_FULL));
  }

  @Test
  void membersOfANewerVersionAreIgnored() {
    assertEquals(
        increment(), read(GOLDEN_INCREMENT.replace("\"epoch\":7", "\"epoch\":7,\"later\":[{}]")));
  }

  @Test
  void whatMayBeAbsentMayBeAbsent() {
    assertEquals(
        full(Map.of(), List.of()), read(GOLDEN_FULL.replace(",\"properties\":{},\"must\":[]", "")));
  }

  @Test
  void whatMayNotBeAbsentIsMissed() {
    for (String member : List.of("id", "lineage", "owner", "kind", "snapshots", "flags")) {
      String without = GOLDEN_FULL.replace("\"" + member + "\":", "\"other\":");
      assertThrows(JacksonException.class, () -> read(without), member);
    }
  }

  @Test
  void aDemandThatIsUnknownIsRefused() throws FailureException {
    full(Map.of(), List.of()).requireUnderstood();
    FailureException refusal =
        assertThrows(
            FailureException.class, () -> full(Map.of(), List.of("teleport")).requireUnderstood());
    assertEquals(RequestFailure.UNSUPPORTED_REQUIREMENT, refusal.failure());
    assertTrue(refusal.detail().contains("teleport"));
  }

  @Test
  void noPropertyTravelsThatIsNotListed() {
    TransferPlan plan =
        full(Map.of("refquota", "1024", "mountpoint", "/etc", "readonly", "off"), List.of());
    assertEquals(Map.of("refquota", "1024"), plan.properties());
  }

  @Test
  void aPropertyHasAPlainValue() {
    assertThrows(
        IllegalArgumentException.class,
        () -> full(Map.of("compression", "lz4 -o mountpoint=/etc"), List.of()));
  }

  @Test
  void aFullStreamHasNoBaseAndAnIncrementHasOne() {
    String based = GOLDEN_FULL.replace("\"full\"", "\"full\",\"from\":\"0000000000000001\"");
    assertThrows(JacksonException.class, () -> read(based));
    String baseless = GOLDEN_INCREMENT.replace("\"from\":\"0000000000000001\",", "");
    assertThrows(JacksonException.class, () -> read(baseless));
  }

  @Test
  void whoeverGetsTheBaseWrongIsToldHow() {
    String based = GOLDEN_FULL.replace("\"full\"", "\"full\",\"from\":\"0000000000000001\"");
    JacksonException refusal = assertThrows(JacksonException.class, () -> read(based));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("a full stream has no 'from'"),
        refusal::getMessage);
  }

  @Test
  void aPlanSaysWhoseVolumeItBringsAndWhere() {
    TransferPlan plan = increment();
    assertEquals(
        new Claim(
            plan.lineage(),
            plan.name(),
            plan.owner(),
            plan.epoch(),
            plan.operation(),
            GrantChain.EMPTY),
        plan.claim());
    assertEquals(new SnapshotReference("s3", new Guid(-1)), plan.last());
  }

  @Test
  void aStepBecomesItsAnnouncement() {
    ResumeState state =
        new ResumeState(
            "1-token",
            "tank/a@s2",
            new Guid(2),
            Optional.of(new Guid(1)),
            99,
            true,
            false,
            true,
            false);
    TransferPlan plan =
        TransferPlan.of(
            new Step.Resume(state, snapshot(2)),
            VolumeFixture.volume(7),
            new UUID(1, 2),
            OptionalLong.empty(),
            Map.of(),
            GrantChain.EMPTY);
    assertEquals(StreamKind.RESUME, plan.kind());
    assertEquals(OptionalLong.of(99), plan.bytesBefore());
    assertEquals(7, plan.epoch());
    assertEquals(
        new StreamExpectation(new Guid(1), List.of(new Guid(2)), state.flags(), true),
        plan.expectation());
  }

  @Test
  void aFullStreamAnnouncesOneSnapshotAndNoBase() {
    TransferPlan plan = announce(new Step.Full(snapshot(2), SendFlags.NONE));
    assertEquals(StreamKind.FULL, plan.kind());
    assertEquals(OptionalLong.empty(), plan.bytesBefore());
    assertEquals(
        new StreamExpectation(new Guid(0), List.of(new Guid(2)), SendFlags.NONE, false),
        plan.expectation());
  }

  @Test
  void anIncrementAnnouncesItsBaseAndAllThatItBrings() {
    TransferPlan plan =
        announce(
            new Step.Increment(snapshot(1), List.of(snapshot(2), snapshot(3)), SendFlags.NONE));
    assertEquals(StreamKind.INCREMENTAL, plan.kind());
    assertEquals(
        new StreamExpectation(
            new Guid(1), List.of(new Guid(2), new Guid(3)), SendFlags.NONE, false),
        plan.expectation());
  }

  private static TransferPlan announce(Step step) {
    return TransferPlan.of(
        step,
        VolumeFixture.volume(7),
        new UUID(1, 2),
        OptionalLong.empty(),
        Map.of(),
        GrantChain.EMPTY);
  }

  private static TransferPlan read(String json) {
    return JSON.readValue(json, TransferPlan.class);
  }

  private static TransferPlan increment() {
    return new TransferPlan(
        id(1),
        new VolumeId(id(2)),
        VolumeName.parse("default.mongodb"),
        new NodeId(id(3)),
        7,
        id(4),
        StreamKind.INCREMENTAL,
        Optional.of(new Guid(1)),
        List.of(
            new SnapshotReference("s2", new Guid(2)), new SnapshotReference("s3", new Guid(-1))),
        new SendFlags(true, true, true, false),
        OptionalLong.of(1 << 20),
        OptionalLong.empty(),
        Map.of("recordsize", "131072", "compression", "lz4"),
        Optional.empty(),
        List.of());
  }

  private static TransferPlan full(Map<String, String> properties, List<String> must) {
    return new TransferPlan(
        id(1),
        new VolumeId(id(2)),
        VolumeName.parse("default.mongodb"),
        new NodeId(id(3)),
        0,
        id(4),
        StreamKind.FULL,
        Optional.empty(),
        List.of(new SnapshotReference("s2", new Guid(2))),
        SendFlags.NONE,
        OptionalLong.empty(),
        OptionalLong.empty(),
        properties,
        Optional.empty(),
        must);
  }

  private static UUID id(long number) {
    return new UUID(0x4000L, 0x8000_0000_0000_0000L | number);
  }
}
