package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.TestPools;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.VolumePatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a volume is set to, and what becomes of it at its copies and at its next owner. */
@Timeout(300)
class FollowingPropertiesIT {
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  void aQuotaThatGrewLetsWhatGrewIntoTheCopyAndToTheNextOwner() throws Exception {
    VolumeDocument volume = create("follow.grown", 16L * MEBIBYTE);
    NODES.first().push(volume.id(), NODES.second());
    limit(volume, 100L * MEBIBYTE);
    Content.write(TestNode.folder(volume).resolve("large"), 40 * MEBIBYTE, 1);

    NODES.first().push(volume.id(), NODES.second());

    VolumeDocument copy = NODES.second().volume(volume.id());
    assertEquals(100L * MEBIBYTE, copy.quotaBytes());
    assertEquals("0", Zfs.property(copy.dataset(), "refquota"));

    NODES.first().handOff(volume.id(), NODES.second());

    assertEquals(Long.toString(100L * MEBIBYTE), Zfs.property(owned(volume).dataset(), "refquota"));
  }

  @Test
  void aQuotaThatShrankWithoutAPushIsTheNextOwnersToo() throws Exception {
    VolumeDocument volume = create("follow.shrunk", 32L * MEBIBYTE);
    NODES.first().push(volume.id(), NODES.second());
    limit(volume, 8L * MEBIBYTE);

    NODES.first().handOff(volume.id(), NODES.second());

    VolumeDocument moved = owned(volume);
    assertEquals(8L * MEBIBYTE, moved.quotaBytes());
    assertThrows(
        IOException.class,
        () -> Content.write(TestNode.folder(moved).resolve("large"), 12 * MEBIBYTE, 1));
  }

  @Test
  void aVolumeThatIsFullArrivesWithItsQuotaAndGoesBackWithIt() throws Exception {
    VolumeDocument volume = create("follow.full", 8L * MEBIBYTE);
    Path large = TestNode.folder(volume).resolve("large");
    assertThrows(IOException.class, () -> Content.write(large, 16 * MEBIBYTE, 1));

    NODES.first().handOff(volume.id(), NODES.second());

    assertEquals(8L * MEBIBYTE, owned(volume).quotaBytes());
    VolumeDocument left = NODES.first().volume(volume.id());
    assertEquals(8L * MEBIBYTE, left.quotaBytes());
    assertEquals("0", Zfs.property(left.dataset(), "refquota"));

    Files.delete(TestNode.folder(owned(volume)).resolve("large"));
    NODES.second().handOff(volume.id(), NODES.first());

    assertEquals(8L * MEBIBYTE, NODES.first().volume(volume.id()).quotaBytes());
    Moves.requireOwner(NODES.first(), volume, 2);
  }

  @Test
  void compressionAndRecordSizeFollowWhenTheyChangeAndWhenTheyGo() throws Exception {
    VolumeDocument volume = NODES.first().create("follow.settings");
    NODES.first().push(volume.id(), NODES.second());
    Zfs.run("set", "compression=gzip", volume.dataset());
    Zfs.run("set", "recordsize=8192", volume.dataset());

    NODES.first().push(volume.id(), NODES.second());

    String copy = NODES.second().volume(volume.id()).dataset();
    assertEquals("gzip", Zfs.property(copy, "compression"));
    assertEquals("8192", Zfs.property(copy, "recordsize"));

    Zfs.run("inherit", "compression", volume.dataset());
    NODES.first().handOff(volume.id(), NODES.second());

    String moved = owned(volume).dataset();
    assertEquals("off", Zfs.property(moved, "compression"));
    assertEquals("8192", Zfs.property(moved, "recordsize"));
  }

  @Test
  void noProgramOfACopyRunsAndTheNextOwnersDo() throws Exception {
    VolumeDocument volume = NODES.first().create("follow.sealed");
    NODES.first().push(volume.id(), NODES.second());

    String copy = NODES.second().volume(volume.id()).dataset();
    for (String property : new String[] {"setuid", "devices", "exec"}) {
      assertEquals("off", Zfs.property(copy, property), property);
    }

    NODES.first().handOff(volume.id(), NODES.second());

    String moved = owned(volume).dataset();
    String left = NODES.first().volume(volume.id()).dataset();
    for (String property : new String[] {"setuid", "devices", "exec"}) {
      assertEquals("on", Zfs.property(moved, property), property);
      assertEquals("off", Zfs.property(left, property), property);
    }
    assertEquals("-", Zfs.property(moved, "flocker:quota"));
  }

  @Test
  @DisplayName("C06 what was set by hand on a copy is repaired by the next push")
  void whatWasSetByHandOnACopyIsRepairedByTheNextPush() throws Exception {
    VolumeDocument volume = NODES.first().create("follow.by-hand");
    NODES.first().push(volume.id(), NODES.second());
    String copy = NODES.second().volume(volume.id()).dataset();
    Zfs.run("set", "readonly=off", copy);
    Zfs.run("set", "canmount=on", copy);
    Zfs.run("set", "refquota=1m", copy);
    Content.write(TestNode.folder(volume).resolve("large"), 3 * MEBIBYTE, 1);

    NODES.first().push(volume.id(), NODES.second());

    assertEquals("on", Zfs.property(copy, "readonly"));
    assertEquals("noauto", Zfs.property(copy, "canmount"));
    assertEquals("0", Zfs.property(copy, "refquota"));
  }

  @Test
  void aVolumeThatWasRenamedIsCalledSoEverywhere() throws Exception {
    VolumeDocument volume = NODES.first().create("follow.before");
    NODES.first().push(volume.id(), NODES.second());
    String renamed = volume.dataset().replace("follow.before", "follow.after");
    Zfs.run("unmount", volume.dataset());
    Await.until(
        "the rename, which zfs-fuse refuses for a moment after an unmount",
        () -> {
          var _ = TestPools.run("zfs", "rename", volume.dataset(), renamed);
          return Zfs.exists(NODES.first().pool(), renamed);
        });
    Zfs.run("set", "readonly=off", renamed);
    Zfs.run("mount", renamed);
    Files.writeString(TestNode.folder(volume).resolve("after"), "the rename");

    NODES.first().push(volume.id(), NODES.second());

    VolumeDocument copy = NODES.second().volume(volume.id());
    assertEquals("follow.after", copy.name().toString());

    NODES.first().handOff(volume.id(), NODES.second());

    VolumeDocument moved = owned(volume);
    assertEquals("follow.after", moved.name().toString());
    assertEquals("the rename", Files.readString(TestNode.folder(moved).resolve("after")));
  }

  private static VolumeDocument create(String name, long quotaBytes) throws Exception {
    return NODES
        .first()
        .client()
        .createVolume(new NewVolume(VolumeName.parse(name), null, quotaBytes));
  }

  private static void limit(VolumeDocument volume, long quotaBytes) throws Exception {
    VolumeId id = volume.id();
    var _ = NODES.first().client().changeVolume(id, new VolumePatch(quotaBytes, Map.of()));
  }

  /** The volume at the second node, which owns it by now. */
  private static VolumeDocument owned(VolumeDocument volume) throws Exception {
    VolumeDocument moved = NODES.second().volume(volume.id());
    assertEquals(NODES.second().id(), moved.owner());
    return moved;
  }
}
