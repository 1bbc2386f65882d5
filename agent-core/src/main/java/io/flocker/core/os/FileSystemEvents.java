package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Tells which file systems are written to, wherever in them that is and through whichever mount:
 * fanotify(7), with one mark for a whole file system. Needs Linux 5.1, CAP_SYS_ADMIN, and a file
 * system that has a number of its own, which FUSE's have not. Any thread may call; one at a time
 * takes.
 */
public final class FileSystemEvents implements AutoCloseable {
  /**
   * What happened since the last time.
   *
   * @param fileSystems the numbers of those that were written to, as {@link #mark} told them
   * @param isOverflown whether there was more than the kernel had room for
   */
  public record Happened(Set<Long> fileSystems, boolean isOverflown) {
    public Happened {
      fileSystems = Set.copyOf(fileSystems);
    }
  }

  private static final int FAN_CLOEXEC = 1; // linux/fanotify.h, like the others
  private static final int FAN_NONBLOCK = 2;
  private static final int FAN_UNLIMITED_MARKS = 0x20;
  private static final int FAN_REPORT_FID = 0x200;
  private static final int FAN_MARK_ADD = 1;
  private static final int FAN_MARK_REMOVE = 2;
  private static final int FAN_MARK_FILESYSTEM = 0x100;
  private static final long FAN_MODIFY = 2;
  private static final long FAN_ATTRIB = 4;
  private static final long FAN_MOVED_FROM = 0x40;
  private static final long FAN_MOVED_TO = 0x80;
  private static final long FAN_CREATE = 0x100;
  private static final long FAN_DELETE = 0x200;
  private static final long FAN_ONDIR = 0x4000_0000;
  private static final long FAN_Q_OVERFLOW = 0x4000;
  private static final long WRITTEN =
      FAN_MODIFY | FAN_ATTRIB | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_CREATE | FAN_DELETE | FAN_ONDIR;

  /** {@code struct fanotify_event_metadata}: the length of the event, and where its mask is. */
  private static final int METADATA_BYTES = 24;

  private static final int MASK = 8;

  /** {@code struct fanotify_event_info_fid}: behind its header, which has a type, is the number. */
  private static final byte FAN_EVENT_INFO_TYPE_FID = 1;

  private static final int FSID = 4;
  private static final int INFO_BYTES = FSID + Long.BYTES;

  /** {@code struct statfs} of asm-generic/statfs.h, on 64 bits. */
  private static final int STATFS_BYTES = 120;

  private static final long F_FSID = 56;

  private static final int O_PATH = 0x20_0000; // asm-generic/fcntl.h
  private static final int O_RDONLY = 0;
  private static final int EAGAIN = 11; // asm-generic/errno-base.h
  private static final int ENOENT = 2; // asm-generic/errno-base.h
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final Duration FOR_EVER = Duration.ofMillis(Integer.MAX_VALUE);

  // int fanotify_init(unsigned int flags, unsigned int event_f_flags)
  private static final LibC FANOTIFY_INIT = LibC.function("fanotify_init", INT, INT, INT);
  // int fanotify_mark(int fd, unsigned int flags, uint64_t mask, int dirfd, const char *pathname)
  private static final LibC FANOTIFY_MARK =
      LibC.function("fanotify_mark", INT, INT, INT, LONG, INT, POINTER);
  // int fstatfs(int fd, struct statfs *buf)
  private static final LibC FSTATFS = LibC.function("fstatfs", INT, INT, POINTER);
  // ssize_t read(int fd, void *buf, size_t count)
  private static final LibC READ = LibC.function("read", LONG, INT, POINTER, LONG);

  private final int group;

  /** Whoever waits sees its end when this is closed. */
  private final Pipe closing;

  private final int closed;
  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
  private int users = 1; // The last of them closes.
  private boolean isClosed;

  private FileSystemEvents(int group, Pipe closing) {
    this.group = group;
    this.closing = closing;
    this.closed = closing.takeChildEnd();
  }

  /**
   * Begins, with no file system yet.
   *
   * @throws NativeException EPERM (1) without the capability, ENOSYS (38) or EINVAL (22) where this
   *     kernel has no such thing
   */
  public static FileSystemEvents open() throws IOException {
    int group =
        (int)
            FANOTIFY_INIT.call(
                FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS | FAN_REPORT_FID, O_RDONLY);
    try {
      return new FileSystemEvents(group, Pipe.toChild(1));
    } catch (IOException e) {
      Descriptors.close(group);
      throw e;
    }
  }

  /**
   * Has writes to a file system told, until it is unmounted. Asks it: through {@link FileCalls}.
   *
   * @return its number; empty if nothing is mounted at {@code mountpoint}
   * @throws NativeException ENODEV (19), EXDEV (18) or EOPNOTSUPP (95) if it cannot tell
   */
  public OptionalLong mark(Path mountpoint) throws IOException {
    long above = numberOf(mountpoint.resolve(".."));
    int root = look(mountpoint);
    try {
      long number = numberOf(root);
      if (number == above) {
        return OptionalLong.empty();
      }
      // By descriptor: should it be unmounted just now, the one below must not be marked instead.
      change(FAN_MARK_ADD, root);
      return OptionalLong.of(number);
    } finally {
      Descriptors.close(root);
    }
  }

  /**
   * Has a file system's writes told no more, if it is still mounted there.
   *
   * @param number as {@link #mark} told it
   */
  public void unmark(Path mountpoint, long number) throws IOException {
    int root = look(mountpoint);
    try {
      if (numberOf(root) == number) {
        change(FAN_MARK_REMOVE, root);
      }
    } catch (NativeException e) {
      if (e.errno() != ENOENT) {
        throw e;
      }
    } finally {
      Descriptors.close(root);
    }
  }

  /**
   * Waits until something has happened: on a platform thread, which it keeps.
   *
   * @return empty once this is closed
   */
  public Optional<Happened> take() throws IOException {
    try {
      use();
    } catch (ClosedChannelException _) {
      return Optional.empty();
    }
    try {
      while (true) {
        PipeWait wait = new PipeWait();
        int events = wait.readable(group);
        int end = wait.readable(closed);
        wait.await(FOR_EVER);
        if (wait.isReady(end)) {
          return Optional.empty();
        }
        if (wait.isReady(events)) {
          int length = read();
          if (length > 0) {
            return Optional.of(parse(buffer.asByteBuffer().limit(length)));
          }
        }
      }
    } finally {
      unuse();
    }
  }

  /** Ends it, and the wait of who takes. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    closing.close();
    unuse();
  }

  /** Reads what the kernel has written, event by event. */
  static Happened parse(ByteBuffer events) {
    events.order(ByteOrder.nativeOrder());
    Set<Long> fileSystems = new HashSet<>();
    boolean isOverflown = false;
    int at = events.position();
    while (at + METADATA_BYTES <= events.limit()) {
      int length = events.getInt(at);
      if ((events.getLong(at + MASK) & FAN_Q_OVERFLOW) != 0) {
        isOverflown = true;
      } else if (length >= METADATA_BYTES + INFO_BYTES
          && events.get(at + METADATA_BYTES) == FAN_EVENT_INFO_TYPE_FID) {
        fileSystems.add(events.getLong(at + METADATA_BYTES + FSID));
      }
      at += Math.max(METADATA_BYTES, length);
    }
    return new Happened(fileSystems, isOverflown);
  }

  private void change(int what, int root) throws IOException {
    use();
    try (Arena arena = Arena.ofConfined()) {
      FANOTIFY_MARK.call(group, what | FAN_MARK_FILESYSTEM, WRITTEN, root, arena.allocateFrom("."));
    } finally {
      unuse();
    }
  }

  private int read() throws NativeException {
    try {
      return (int) READ.call(group, buffer, (long) BUFFER_BYTES);
    } catch (NativeException e) {
      if (e.errno() == EAGAIN) {
        return 0;
      }
      throw e;
    }
  }

  private static long numberOf(Path path) throws NativeException {
    int descriptor = look(path);
    try {
      return numberOf(descriptor);
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private static long numberOf(int descriptor) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(STATFS_BYTES, Long.BYTES);
      FSTATFS.call(descriptor, status);
      return status.get(LONG, F_FSID);
    }
  }

  private static int look(Path path) throws NativeException {
    return Descriptors.open(path.toString(), O_PATH);
  }

  private synchronized void use() throws ClosedChannelException {
    if (isClosed) {
      throw new ClosedChannelException();
    }
    users++;
  }

  private synchronized void unuse() {
    users--;
    if (users == 0) {
      Descriptors.close(group);
      Descriptors.close(closed);
    }
  }
}
