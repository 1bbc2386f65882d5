package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropagationTest {
  private static final Path VOLUME = Path.of("/flocker/default.v");

  private static final MountTable HOST =
      MountTable.parse(
          List.of(
              "1 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw",
              "50 1 0:40 / /flocker/default.v rw shared:9 - zfs pool/v rw"));

  @Test
  void reachesAPeerInAnotherNamespace() {
    assertTrue(
        vanishes(
            "100 90 8:1 / / rw shared:1 - ext4 /dev/sda1 rw",
            "101 100 0:40 / /flocker/default.v rw shared:9 - zfs pool/v rw"));
  }

  @Test
  void reachesASlave() {
    assertTrue(
        vanishes(
            "100 90 8:1 / / rw master:1 - ext4 /dev/sda1 rw",
            "101 100 0:40 / /flocker/default.v rw master:9 - zfs pool/v rw"));
  }

  @Test
  void reachesASlaveThatHasPeersOfItsOwn() {
    assertTrue(
        vanishes(
            "100 90 8:1 / / rw shared:200 master:1 - ext4 /dev/sda1 rw",
            "101 100 0:40 / /flocker/default.v rw shared:201 master:9 - zfs pool/v rw"));
  }

  @Test
  void reachesTheSlaveOfASlave() {
    MountTable middle =
        MountTable.parse(List.of("100 90 8:1 / / rw shared:200 master:1 - ext4 /dev/sda1 rw"));
    MountTable last =
        MountTable.parse(
            List.of(
                "300 290 8:1 / / rw master:200 - ext4 /dev/sda1 rw",
                "301 300 0:40 / /flocker/default.v rw master:201 - zfs pool/v rw"));

    assertTrue(vanishes(new Propagation(List.of(HOST, middle, last)), last));
  }

  @Test
  void reachesAContainerThatSeesAPartOfTheHostElsewhere() {
    assertTrue(
        vanishes(
            "100 90 8:1 /flocker /data rw master:1 - ext4 /dev/sda1 rw",
            "101 100 0:40 / /data/default.v rw master:9 - zfs pool/v rw"));
  }

  @Test
  void staysWhereTheParentIsPrivate() {
    assertFalse(
        vanishes(
            "100 90 8:1 / / rw - ext4 /dev/sda1 rw",
            "101 100 0:40 / /flocker/default.v rw master:9 - zfs pool/v rw"));
  }

  @Test
  void staysWhereItIsBoundToAnotherPlaceAlthoughItIsAPeer() {
    assertFalse(
        vanishes(
            "100 90 8:1 / / rw shared:1 - ext4 /dev/sda1 rw",
            "101 100 0:40 / /somewhere/else rw shared:9 - zfs pool/v rw"));
  }

  @Test
  void reachesNothingFromAPrivateParent() {
    MountTable table =
        MountTable.parse(
            List.of(
                "1 1 8:1 / / rw - ext4 /dev/sda1 rw",
                "50 1 0:40 / /flocker/default.v rw - zfs pool/v rw"));

    assertFalse(
        new Propagation(List.of(table))
            .reaches(
                table.place(table.at(VOLUME).orElseThrow()).orElseThrow(),
                table.place(table.at(VOLUME).orElseThrow()).orElseThrow()));
  }

  private static boolean vanishes(String... elsewhere) {
    MountTable there = MountTable.parse(List.of(elsewhere));
    return vanishes(new Propagation(List.of(HOST, there)), there);
  }

  private static boolean vanishes(Propagation propagation, MountTable there) {
    MountTable.Place origin = HOST.place(HOST.at(VOLUME).orElseThrow()).orElseThrow();
    MountLine mount = there.mounts().getLast();
    return propagation.reaches(origin, there.place(mount).orElseThrow());
  }
}
