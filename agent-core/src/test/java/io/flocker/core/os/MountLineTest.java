package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MountLineTest {
  @Test
  void readsTheFieldsAndUnescapesThePaths() {
    MountLine mount =
        MountLine.parse(
            "36 35 98:0 /x\\011y /mnt/a\\040b\\134c rw,noatime shared:7 master:1 - ext3 /dev/root"
                + " rw");

    assertEquals(
        new MountLine(
            36,
            35,
            98 << 8,
            "/x\ty",
            "/mnt/a b\\c",
            OptionalInt.of(7),
            OptionalInt.of(1),
            "ext3 /dev/root"),
        mount);
  }

  @Test
  void looksForPeerGroupsOnlyBeforeTheDash() {
    MountLine mount = MountLine.parse("36 35 98:0 / / rw - overlay shared:9 rw,master:3");

    assertEquals(OptionalInt.empty(), mount.shared());
    assertEquals(OptionalInt.empty(), mount.master());
  }

  @Test
  void composesLargeDeviceNumbersAsTheKernelDoes() {
    assertEquals(0x1_2000_6783_459aL, FileStatus.device(0x12345, 0x6789a));
  }
}
