package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MountLineTest {
  @Test
  void readsDeviceAndUnescapesTheMountpoint() {
    MountLine mount =
        MountLine.parse("36 35 98:0 / /mnt/a\\040b\\134c rw,noatime master:1 - ext3 /dev/root rw");

    assertEquals(new MountLine(98 << 8, "/mnt/a b\\c"), mount);
  }

  @Test
  void composesLargeDeviceNumbersAsTheKernelDoes() {
    assertEquals(0x1_2000_6783_459aL, FileStatus.device(0x12345, 0x6789a));
  }
}
