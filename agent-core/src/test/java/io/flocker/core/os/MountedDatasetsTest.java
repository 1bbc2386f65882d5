package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MountedDatasetsTest {
  @Test
  void datasetsOfThePoolAreFoundWhicheverZfsMountsThem() {
    Stream<String> table =
        Stream.of(
            "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
            "90 22 0:50 / /flocker/default.a rw,relatime shared:5 - fuse.zfs tank/x.default.a rw",
            "91 22 0:51 / /flocker/default.b rw - zfs tank/x.default.b rw,xattr",
            "92 22 0:52 / /tank rw - zfs tank rw,xattr",
            "93 22 0:53 / /other rw - zfs tanker/x.default.c rw,xattr");
    assertEquals(Set.of("tank/x.default.a", "tank/x.default.b"), MountedDatasets.of("tank", table));
  }
}
