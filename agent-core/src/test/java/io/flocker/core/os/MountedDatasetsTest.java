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
    assertEquals(
        new MountedDatasets(Set.of("tank/x.default.a", "tank/x.default.b"), Set.of()),
        MountedDatasets.of("tank", table));
  }

  @Test
  void readonlyIsWhatNoMountLetsAnybodyWrite() {
    Stream<String> table =
        Stream.of(
            "90 22 0:50 / /flocker/default.a ro,noatime shared:5 - zfs tank/default.a"
                + " ro,xattr,posixacl",
            "91 22 0:51 / /flocker/default.b ro,relatime - zfs tank/default.b rw,xattr,noacl",
            "92 22 0:52 / /flocker/default.c rw,relatime - zfs tank/default.c ro,xattr,noacl",
            "93 22 0:53 / /flocker/default.d rw,relatime - zfs tank/default.d rw,xattr,noacl",
            "94 22 0:53 / /mnt/looked-at ro,relatime - zfs tank/default.d rw,xattr,noacl",
            "95 22 0:54 / /flocker/default.e rw,root_context - zfs tank/default.e rw,xattr");
    assertEquals(
        Set.of("tank/default.a", "tank/default.b", "tank/default.c"),
        MountedDatasets.of("tank", table).readonly());
  }
}
