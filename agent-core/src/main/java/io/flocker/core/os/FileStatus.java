package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The device that a file lies on, as {@code st_dev} has it. Asks the kernel only, never a server: a
 * dead NFS or FUSE mount must not hang who asks. Any thread may call.
 */
public final class FileStatus {
  private static final int AT_FDCWD = -100; // linux/fcntl.h
  private static final int AT_NO_AUTOMOUNT = 0x800; // linux/fcntl.h
  private static final int AT_STATX_DONT_SYNC = 0x4000; // linux/fcntl.h
  private static final int STATX_BYTES = 256; // linux/stat.h: sizeof(struct statx)
  private static final long DEV_MAJOR_OFFSET = 136; // linux/stat.h: stx_dev_major
  private static final long DEV_MINOR_OFFSET = 140; // linux/stat.h: stx_dev_minor

  // int statx(int dirfd, const char *pathname, int flags, unsigned mask, struct statx *statxbuf)
  private static final LibC STATX = LibC.function("statx", INT, INT, POINTER, INT, INT, POINTER);

  private FileStatus() {}

  /**
   * The device number of {@code path}; symbolic links, also the kernel's own in /proc, are
   * followed.
   */
  public static long device(String path) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(STATX_BYTES, Long.BYTES);
      int mask = 0; // the device is always there
      STATX.call(
          AT_FDCWD, arena.allocateFrom(path), AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, mask, status);
      return device(status.get(INT, DEV_MAJOR_OFFSET), status.get(INT, DEV_MINOR_OFFSET));
    }
  }

  /** The number that {@code major:minor} makes: gnu_dev_makedev(3). */
  static long device(int major, int minor) {
    long high = Integer.toUnsignedLong(major);
    long low = Integer.toUnsignedLong(minor);
    long upper = ((high & 0xffff_f000L) << 32) | ((low & 0xffff_ff00L) << 12);
    return upper | ((high & 0xfff) << 8) | (low & 0xff);
  }
}
