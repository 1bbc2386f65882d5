package io.flocker.core.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Sends datagrams to an AF_UNIX socket, which the JDK cannot; journald and systemd's notifications
 * are spoken so. The receiver may come and go: nothing is connected. One thread at a time.
 */
public final class UnixDatagram implements AutoCloseable {
  // bits/socket.h, bits/socket_type.h, asm-generic/socket.h: the same on x86_64 and aarch64.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDTIMEO = 21;

  private static final long SEND_TIMEOUT_SECONDS = 1;

  /** struct sockaddr_un of unix(7): the family, then at most 108 bytes of path. */
  private static final int MAX_PATH = 108;

  private static final int PATH_AT = Short.BYTES;

  /** struct timeval, on 64 bits. */
  private static final StructLayout TIMEVAL = MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG);

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      call(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SENDTO =
      call(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment address;
  private final int descriptor;
  private boolean isClosed;

  private UnixDatagram(byte[] path) throws NativeException {
    address = arena.allocate((long) PATH_AT + MAX_PATH);
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_AT, path.length);
    descriptor = open();
  }

  /**
   * Opens a socket that sends to {@code path}; nobody need listen there yet.
   *
   * @param path an absolute path, or a name in the abstract namespace with {@code @} for its NUL,
   *     as NOTIFY_SOCKET has it; at most 107 bytes
   */
  public static UnixDatagram to(String path) throws IOException {
    byte[] bytes = path.getBytes(UTF_8);
    if (bytes.length == 0 || bytes.length >= MAX_PATH) {
      throw new IOException(
          "the path of a unix socket has 1 to " + (MAX_PATH - 1) + " bytes: " + path);
    }
    if (bytes[0] == '@') {
      bytes[0] = 0;
    }
    return new UnixDatagram(bytes);
  }

  /**
   * Sends one datagram; waits at most 1 s for a slow receiver.
   *
   * @throws NativeException ENOENT (2) or ECONNREFUSED (111) if nobody listens, EAGAIN (11) if the
   *     receiver is too slow, EMSGSIZE (90) if {@code datagram} is too large (200,000 bytes passed)
   * @see <a href="https://man7.org/linux/man-pages/man2/sendto.2.html">sendto(2)</a>
   */
  public synchronized void send(byte[] datagram) throws IOException {
    if (isClosed) {
      throw new IOException("the socket is closed");
    }
    try (Arena call = Arena.ofConfined()) {
      MemorySegment bytes = call.allocateFrom(JAVA_BYTE, datagram);
      long sent =
          (long)
              SENDTO.invokeExact(
                  state, descriptor, bytes, bytes.byteSize(), MSG_NOSIGNAL, address, length());
      check("sendto", sent);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Closes the socket; idempotent. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    closeDescriptor(descriptor);
    arena.close();
  }

  /** An abstract name ends with the address's length, a path with a NUL. */
  private int length() {
    boolean isAbstract = address.get(JAVA_BYTE, PATH_AT) == 0;
    int end = PATH_AT + 1;
    while (end < PATH_AT + MAX_PATH && address.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return isAbstract ? end : end + 1;
  }

  private int open() throws NativeException {
    try {
      int socket = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      check("socket(AF_UNIX)", socket);
      MemorySegment timeout = arena.allocate(TIMEVAL);
      timeout.set(JAVA_LONG, 0, SEND_TIMEOUT_SECONDS);
      int size = (int) TIMEVAL.byteSize();
      check(
          "setsockopt(SO_SNDTIMEO)",
          (int) SETSOCKOPT.invokeExact(state, socket, SOL_SOCKET, SO_SNDTIMEO, timeout, size));
      return socket;
    } catch (NativeException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private void closeDescriptor(int open) {
    try {
      int _ = (int) CLOSE.invokeExact(state, open);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private void check(String call, long result) throws NativeException {
    if (result < 0) {
      throw new NativeException(call, (int) ERRNO.get(state, 0L));
    }
  }

  @SuppressWarnings("restricted") // each descriptor matches the C prototype
  private static MethodHandle call(String name, FunctionDescriptor prototype) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        prototype,
        Linker.Option.captureCallState("errno"));
  }
}
