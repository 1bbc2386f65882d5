package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(300)
class PushIT {
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  @DisplayName("27 a pushed volume has the same content and the same guids at the peer")
  void bringsEveryByte() throws Exception {
    VolumeDocument volume = NODES.first().create("default.whole");
    Path folder = TestNode.folder(volume);
    Content.write(folder.resolve("a"), 3 * MEBIBYTE, 1);

    NODES.first().push(volume.id(), NODES.second());

    VolumeDocument copy = NODES.second().volume(volume.id());
    SnapshotDocument latest = TestNode.latest(copy);
    assertEquals(TestNode.latest(NODES.first().volume(volume.id())).guid(), latest.guid());
    assertEquals(
        Content.of(folder),
        Zfs.content(NODES.second().pool(), copy.dataset() + "@" + latest.name()));
  }
}
