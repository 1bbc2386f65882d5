package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names that outlive this version: a change of a text below breaks pools that exist. */
class NamesTest {
  private static final UUID UUID_1 = UUID.fromString("6b7a1c3e-0f12-4d5a-9e8b-0123456789ab");
  private static final UUID UUID_2 = UUID.fromString("0d9f7a52-1111-4222-8333-444455556666");
  private static final String RECORD =
      "1 6b7a1c3e-0f12-4d5a-9e8b-0123456789ab 3 0d9f7a52-1111-4222-8333-444455556666 released"
          + " 6b7a1c3e-0f12-4d5a-9e8b-0123456789ab 00000000000000ff ffffffffffffffff";

  @Test
  void aSnapshotIsNamedAsItAlwaysWas() {
    SnapshotName name =
        new SnapshotName(
            Instant.parse("2026-01-02T03:04:05.678Z"), SnapshotPurpose.PUSH, 0x89abcdef);
    assertEquals("flk.20260102T030405Z.push.89abcdef", name.toString());
    assertEquals(Optional.of(name), SnapshotName.parse("flk.20260102T030405Z.push.89abcdef"));
    for (SnapshotPurpose purpose : SnapshotPurpose.values()) {
      SnapshotName fresh = SnapshotName.fresh(Instant.now(), purpose);
      assertEquals(Optional.of(fresh), SnapshotName.parse(fresh.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flk.20260102T030405Z.push.89ABCDEF",
        "flk.20260102T030405Z.other.89abcdef",
        "flk.20261302T030405Z.push.89abcdef",
        "flk.20260102T030405Z.push.89abcdef0",
        "flk.20260102T030405.push.89abcdef",
        "flk.mine",
        "daily",
        ""
      })
  void aSnapshotOfAnotherNameIsNotOurs(String name) {
    assertEquals(Optional.empty(), SnapshotName.parse(name));
  }

  @Test
  void aHoldIsTaggedAsItAlwaysWas() {
    Hold operation = new Hold.Operation(UUID_1);
    Hold peer = new Hold.Peer(new NodeId(UUID_2));
    assertEquals("flk:op:6b7a1c3e-0f12-4d5a-9e8b-0123456789ab", operation.tag());
    assertEquals("flk:peer:0d9f7a52-1111-4222-8333-444455556666", peer.tag());
  }

  @Test
  @DisplayName("P18 a bookmark's name can mean one snapshot only")
  void aBookmarkIsNamedAsItAlwaysWas() {
    BookmarkName name = new BookmarkName(new NodeId(UUID_1), new Guid(255));
    assertEquals("flk.6b7a1c3e-0f12-4d5a-9e8b-0123456789ab.00000000000000ff", name.toString());
    assertNotEquals(name.toString(), new BookmarkName(name.node(), new Guid(256)).toString());
    assertNotEquals(name.toString(), new BookmarkName(new NodeId(UUID_2), name.guid()).toString());
  }

  @Test
  void aPoolIsMarkedAsItAlwaysWas() {
    assertEquals("flocker:node", NodeMark.PROPERTY);
    assertEquals(UUID_1.toString(), new NodeMark(new NodeId(UUID_1)).toString());
    assertEquals(new NodeMark(new NodeId(UUID_1)), NodeMark.parse(UUID_1.toString()));
    assertThrows(IllegalArgumentException.class, () -> NodeMark.parse("me"));
  }

  @Test
  void anOwnershipRecordIsWrittenAsItAlwaysWas() {
    OwnershipRecord record =
        new OwnershipRecord(
            new VolumeId(UUID_1),
            3,
            new NodeId(UUID_2),
            OwnershipState.RELEASED,
            UUID_1,
            new Guid(255),
            new Guid(-1));
    assertEquals("flocker:owner", OwnershipRecord.PROPERTY);
    assertEquals(RECORD, record.toString());
    assertEquals(record, OwnershipRecord.parse(RECORD));
  }

  @Test
  void theLongestOwnershipRecordIsShort() {
    OwnershipRecord longest =
        new OwnershipRecord(
            new VolumeId(UUID_1),
            Long.MAX_VALUE,
            new NodeId(UUID_2),
            OwnershipState.CONTESTED,
            UUID_1,
            new Guid(-1),
            new Guid(-1));
    assertTrue(longest.toString().length() <= 1_000);
  }

  @Test
  void anEpochThatIsTooHighMakesNothingElseUnreadable() {
    for (String epoch : List.of("9007199254740993", "9223372036854775807", "9999999999999999999")) {
      OwnershipRecord read = OwnershipRecord.parse(RECORD.replace(" 3 ", " " + epoch + " "));
      assertTrue(read.epoch() > OwnershipRecord.MAX_EPOCH, read::toString);
      assertEquals(new VolumeId(UUID_1), read.lineage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2 6b7a1c3e-0f12-4d5a-9e8b-0123456789ab 3",
        "1 6b7a1c3e-0f12-4d5a-9e8b-0123456789ab 3",
        RECORD + " more",
        RECORD + " "
      })
  void aDamagedOwnershipRecordIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> OwnershipRecord.parse(text));
  }

  @Test
  void everyFieldOfAnOwnershipRecordIsStrict() {
    for (String damaged :
        new String[] {
          RECORD.replace(" 3 ", " 03 "),
          RECORD.replace(" 3 ", " -3 "),
          RECORD.replace("released", "Released"),
          RECORD.replace("00ff", "00FF"),
          RECORD.replaceFirst("6b7a1c3e", "6B7A1C3E")
        }) {
      assertThrows(IllegalArgumentException.class, () -> OwnershipRecord.parse(damaged), damaged);
    }
  }

  @Test
  @DisplayName("21 a namespace has no period, an id may")
  void aNamespaceHasNoPeriodAnIdMay() {
    assertEquals(new VolumeName("default", "a.b"), VolumeName.parse("default.a.b"));
    assertEquals("default.a.b", VolumeName.parse("default.a.b").toString());
    assertThrows(IllegalArgumentException.class, () -> new VolumeName("a.b", "c"));
    assertThrows(IllegalArgumentException.class, () -> VolumeName.parse("nothing"));
  }

  @ParameterizedTest
  @DisplayName("P19 a name that ZFS would read otherwise is refused")
  @ValueSource(
      strings = {
        "default.a b",
        "default.a:b",
        "default.a%b",
        "default.a/b",
        "default.a@b",
        "default.a#b",
        "default.-a",
        "-default.a",
        "default..a",
        "default.\u00e4"
      })
  void aNameThatZfsWouldReadOtherwiseIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> VolumeName.parse(name));
  }

  @Test
  @DisplayName("P19 the longest name leaves room for its pool and for what is set aside and taken")
  void theLongestNameFits() {
    VolumeName longest = VolumeName.parse("default." + "a".repeat(VolumeName.MAX_LENGTH - 8));

    String snapshot =
        new DatasetName(new NodeId(UUID_1), longest).in("p".repeat(70))
            + "@"
            + SnapshotName.fresh(Instant.now(), SnapshotPurpose.PUSH);

    assertTrue(snapshot.length() <= 255, snapshot);
    assertThrows(IllegalArgumentException.class, () -> VolumeName.parse(longest + "a"));
  }
}
