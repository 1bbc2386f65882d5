package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.POINTER;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pipe between a child process and us: our end is non-blocking and close-on-exec, the child's end
 * is an ordinary blocking one. Any thread may call.
 *
 * <p>Its size is set here, before the child starts: sizing a pipe that holds data has hung kernels
 * (openzfs#13232).
 */
public final class Pipe implements AutoCloseable {
  static final int O_NONBLOCK = 0x800; // asm-generic/fcntl.h, x86_64 and aarch64 alike
  private static final int O_CLOEXEC = 0x80000; // asm-generic/fcntl.h
  private static final int F_SETPIPE_SZ = 1031; // linux/fcntl.h: F_LINUX_SPECIFIC_BASE + 7
  private static final int EPERM = 1; // asm-generic/errno-base.h
  private static final Path MAX_SIZE = Path.of("/proc/sys/fs/pipe-max-size");
  private static final int CLOSED = -1;

  // int pipe2(int pipefd[2], int flags)
  private static final LibC PIPE2 = LibC.function("pipe2", INT, POINTER, INT);
  // int fcntl(int fd, int op, ...)
  static final LibC FCNTL = LibC.variadic("fcntl", 2, INT, INT, INT, INT);

  private final AtomicInteger ours;
  private final AtomicInteger childs;

  private Pipe(int ours, int childs) {
    this.ours = new AtomicInteger(ours);
    this.childs = new AtomicInteger(childs);
  }

  /**
   * Makes a pipe that the child writes and we read.
   *
   * @param bytes wanted capacity, clamped to pipe-max-size
   */
  public static Pipe fromChild(int bytes) throws IOException {
    int[] ends = open(bytes);
    return new Pipe(ends[0], ends[1]);
  }

  /**
   * Makes a pipe that we write and the child reads.
   *
   * @param bytes wanted capacity, clamped to pipe-max-size
   */
  public static Pipe toChild(int bytes) throws IOException {
    int[] ends = open(bytes);
    return new Pipe(ends[1], ends[0]);
  }

  /** What the kernel lets a pipe hold (proc(5), pipe-max-size). */
  public static int maxSizeBytes() throws IOException {
    // Not readString: it reads one byte first, and a sysctl gives nothing after that.
    return Integer.parseInt(Files.readAllLines(MAX_SIZE).getFirst());
  }

  /**
   * The child's stdin or stdout. The child opens the file anew, which gives it a description
   * without O_NONBLOCK of its own: {@code zfs} knows nothing of EAGAIN.
   */
  public File childEnd() {
    return new File("/proc/self/fd/" + childs.get());
  }

  /** {@link #childEnd} as the stdout of a {@link ProcessBuilder}. */
  public Redirect asStdout() {
    return Redirect.to(childEnd());
  }

  /** {@link #childEnd} as the stdin of a {@link ProcessBuilder}. */
  public Redirect asStdin() {
    return Redirect.from(childEnd());
  }

  /** Closes our copy of the child's end, once the child has its own: else no EOF ever comes. */
  public void closeChildEnd() {
    close(childs);
  }

  /**
   * Hands our end over to the caller, who closes it.
   *
   * @throws IllegalStateException when it was taken or closed before
   */
  public int take() {
    return taken(ours);
  }

  private static int taken(AtomicInteger end) {
    int descriptor = end.getAndSet(CLOSED);
    if (descriptor == CLOSED) {
      throw new IllegalStateException("this end of the pipe was taken or closed before");
    }
    return descriptor;
  }

  /**
   * Hands the child's end over to the caller, who closes it: for a pipe that leads from one part of
   * this process to another. It is non-blocking then, as ours is.
   *
   * @throws IllegalStateException when it was taken or closed before
   */
  public int takeChildEnd() {
    return taken(childs);
  }

  /** Closes what has not been taken or closed. Idempotent. */
  @Override
  public void close() {
    close(ours);
    close(childs);
  }

  private static void close(AtomicInteger end) {
    int descriptor = end.getAndSet(CLOSED);
    if (descriptor != CLOSED) {
      Descriptors.close(descriptor);
    }
  }

  private static int[] open(int bytes) throws IOException {
    int clamped = Math.min(bytes, maxSizeBytes());
    int[] ends = new int[2];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(INT, ends.length);
      PIPE2.call(pair, O_CLOEXEC | O_NONBLOCK);
      ends[0] = pair.getAtIndex(INT, 0);
      ends[1] = pair.getAtIndex(INT, 1);
    }
    try {
      FCNTL.call(ends[0], F_SETPIPE_SZ, clamped);
    } catch (NativeException e) {
      if (e.errno() != EPERM) {
        Descriptors.close(ends[0]);
        Descriptors.close(ends[1]);
        throw e;
      }
      // The user's share of pipe memory is used up (pipe(7), pipe-user-pages-soft): a small pipe is
      // slower, and as good.
    }
    return ends;
  }
}
