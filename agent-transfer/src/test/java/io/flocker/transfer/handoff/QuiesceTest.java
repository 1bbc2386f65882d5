package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.os.FileSystem;
import io.flocker.core.os.Holder;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing is taken from anybody where nobody can say who uses it. */
@Timeout(120)
class QuiesceTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private MemoryNode node;
  private Volume volume;
  private Path mountpoint;

  @BeforeEach
  void open() throws Exception {
    node = nodes.first;
    volume = node.create("default.db");
    mountpoint = node.home.mountpoint(volume.name());
  }

  @Test
  void aVolumeWhoseUsersNobodyCanNameStaysMounted() throws Exception {
    assertStays(RequestFailure.INTERNAL_ERROR, new IOException("no /proc"));
  }

  @Test
  void aSearchThatIsCancelledTakesNothing() throws Exception {
    assertStays(TransferFailure.CANCELLED, new InterruptedIOException("cancelled"));
  }

  private void assertStays(Failure expected, IOException trouble) throws Exception {
    Quiesce quiesce =
        new Quiesce(node.pool.storage, node.catalog, new Unknown(trouble), node.mounter);

    assertFails(expected, () -> quiesce.run(volume, mountpoint));

    assertTrue(node.catalog.require(volume.id()).dataset().isMounted());
    assertFalse(node.catalog.require(volume.id()).dataset().isReadonly());
  }

  private record Unknown(IOException trouble) implements VolumeUsers {
    @Override
    public FileSystem mountedAt(Path mountpoint) {
      return new FileSystem(1, "zfs");
    }

    @Override
    public List<Holder> beyond(Path mountpoint) throws IOException {
      throw trouble;
    }

    @Override
    public List<Holder> of(FileSystem unmounted) {
      return List.of();
    }
  }
}
