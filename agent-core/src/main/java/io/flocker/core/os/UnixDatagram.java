package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A UNIX datagram socket that sends to one address; the JDK has only stream ones. journald and
 * systemd's notifications are spoken so. The receiver may come and go: nothing is connected. Any
 * thread may call.
 */
public final class UnixDatagram implements AutoCloseable {
  private static final short AF_UNIX = 1; // linux/socket.h
  private static final int SOCK_DGRAM = 2; // linux/net.h
  private static final int SOCK_CLOEXEC = 0x80000; // linux/net.h: O_CLOEXEC
  private static final int MSG_NOSIGNAL = 0x4000; // linux/socket.h
  private static final int SOL_SOCKET = 1; // asm-generic/socket.h
  private static final int SO_SNDTIMEO = 21; // asm-generic/socket.h
  private static final int FAMILY_BYTES = 2; // linux/un.h: offsetof(struct sockaddr_un, sun_path)
  private static final int MAX_ADDRESS_BYTES = 107; // linux/un.h: UNIX_PATH_MAX less the final NUL

  // int socket(int domain, int type, int protocol)
  private static final LibC SOCKET = LibC.function("socket", INT, INT, INT, INT);
  // ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t)
  private static final LibC SENDTO =
      LibC.function("sendto", LONG, INT, POINTER, LONG, INT, POINTER, INT);

  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)
  private static final LibC SETSOCKOPT =
      LibC.function("setsockopt", INT, INT, INT, INT, POINTER, INT);

  private static final long SEND_SECONDS = 1;

  private final byte[] address;
  private final int descriptor;
  private boolean isClosed;

  private UnixDatagram(byte[] address, int descriptor) {
    this.address = address;
    this.descriptor = descriptor;
  }

  /**
   * Opens a socket that sends to {@code address}; nobody need listen there yet.
   *
   * @param address a path, or an abstract name that begins with {@code @}, as NOTIFY_SOCKET has it;
   *     at most 107 bytes, see unix(7)
   */
  public static UnixDatagram to(String address) throws IOException {
    byte[] bytes = address.getBytes(UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_ADDRESS_BYTES) {
      throw new IOException(
          "a UNIX socket's address has 1 to "
              + MAX_ADDRESS_BYTES
              + " bytes, not '"
              + address
              + "'");
    }
    boolean isAbstract = bytes[0] == '@';
    if (isAbstract) {
      bytes[0] = 0;
    }
    int descriptor = (int) SOCKET.call((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    UnixDatagram socket = new UnixDatagram(bytes, descriptor);
    try {
      socket.limitSends();
      return socket;
    } catch (NativeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Sends one datagram whole; waits at most {@value #SEND_SECONDS} s for a slow receiver.
   *
   * @throws NativeException ENOENT (2) or ECONNREFUSED (111) if nobody listens, EAGAIN (11) if the
   *     receiver is too slow, EMSGSIZE (90) if {@code payload} is too large (200,000 bytes passed)
   * @see <a href="https://man7.org/linux/man-pages/man2/sendto.2.html">sendto(2)</a>
   */
  public synchronized void send(byte[] payload) throws IOException {
    if (isClosed) {
      throw new IOException("the socket is closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, payload);
      // One more NUL than the length says ends a path; an abstract name is exactly its bytes.
      MemorySegment name = arena.allocate(FAMILY_BYTES + address.length + 1L, Short.BYTES);
      name.set(JAVA_SHORT, 0, AF_UNIX);
      MemorySegment.copy(address, 0, name, JAVA_BYTE, FAMILY_BYTES, address.length);
      SENDTO.call(
          descriptor,
          data,
          (long) payload.length,
          MSG_NOSIGNAL,
          name,
          FAMILY_BYTES + address.length);
    }
  }

  /** Closes the socket; idempotent. */
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      Descriptors.close(descriptor);
    }
  }

  private void limitSends() throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      // struct timeval on 64 bits: seconds, then microseconds.
      MemorySegment timeout = arena.allocateFrom(LONG, SEND_SECONDS, 0);
      SETSOCKOPT.call(descriptor, SOL_SOCKET, SO_SNDTIMEO, timeout, (int) timeout.byteSize());
    }
  }
}
