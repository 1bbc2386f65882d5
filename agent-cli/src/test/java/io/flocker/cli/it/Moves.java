package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Role;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests of handoffs make, and what they look at afterwards. */
final class Moves {
  private static final int SOME_BYTES = 300_000;

  private Moves() {}

  /** A volume with a little in it. */
  static VolumeDocument filled(TestNode node, String name) throws Exception {
    VolumeDocument volume = node.create(name);
    Path folder = TestNode.folder(volume);
    Content.write(folder.resolve("a"), SOME_BYTES, name.hashCode());
    Files.writeString(Files.createDirectory(folder.resolve("deep")).resolve("b"), name);
    return volume;
  }

  /** Where a volume is mounted while {@code node} owns it. */
  static Path mountpoint(TestNode node, VolumeDocument volume) {
    return node.pool().mounts().resolve(volume.name().toString());
  }

  /** What the owner's users see. */
  static Content content(TestNode node, VolumeDocument volume) throws Exception {
    return Content.of(mountpoint(node, volume));
  }

  /** The record, as it stands in the pool. */
  static OwnershipRecord record(TestNode node, VolumeId volume) throws Exception {
    return OwnershipRecord.parse(
        Zfs.property(node.volume(volume).dataset(), OwnershipRecord.PROPERTY));
  }

  /** The node owns the volume: by its record, its name, its mount, and it can be written. */
  static void requireOwner(TestNode node, VolumeDocument volume, long epoch) throws Exception {
    VolumeDocument now = node.volume(volume.id());
    assertEquals(Role.OWNER, now.role());
    assertEquals(node.id(), now.owner());
    assertEquals(epoch, now.epoch());
    assertTrue(now.mounted(), "mounted at its owner");
    assertEquals(mountpoint(node, volume), TestNode.folder(now));
    assertEquals(datasetOf(node, node, volume), now.dataset());
    Path written = mountpoint(node, volume).resolve("written");
    Files.writeString(written, "x");
    Files.delete(written);
  }

  /** The node has a copy that {@code owner} owns, and nobody can write it. */
  static void requireReplica(TestNode node, VolumeDocument volume, TestNode owner, long epoch)
      throws Exception {
    VolumeDocument now = node.volume(volume.id());
    assertEquals(Role.REPLICA, now.role());
    assertEquals(owner.id(), now.owner());
    assertEquals(epoch, now.epoch());
    assertFalse(now.mounted(), "mounted although a replica");
    assertEquals(datasetOf(node, owner, volume), now.dataset());
    assertEquals("on", Zfs.property(now.dataset(), "readonly"));
    OwnershipRecord record = record(node, volume.id());
    assertEquals(OwnershipState.OWNED, record.state());
    assertEquals(owner.id(), record.node());
  }

  private static String datasetOf(TestNode node, TestNode owner, VolumeDocument volume) {
    return node.pool().dataset(owner.id() + "." + volume.name());
  }
}
