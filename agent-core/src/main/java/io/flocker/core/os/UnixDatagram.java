package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A UNIX datagram socket that sends to one address; the JDK has only stream ones. Any thread may
 * call.
 */
final class UnixDatagram implements AutoCloseable {
  private static final short AF_UNIX = 1; // linux/socket.h
  private static final int SOCK_DGRAM = 2; // linux/net.h
  private static final int SOCK_CLOEXEC = 0x80000; // linux/net.h: O_CLOEXEC
  private static final int MSG_NOSIGNAL = 0x4000; // linux/socket.h
  private static final int FAMILY_BYTES = 2; // linux/un.h: offsetof(struct sockaddr_un, sun_path)
  private static final int MAX_ADDRESS_BYTES = 107; // linux/un.h: UNIX_PATH_MAX less the final NUL

  // int socket(int domain, int type, int protocol)
  private static final LibC SOCKET = LibC.function("socket", INT, INT, INT, INT);
  // ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t)
  private static final LibC SENDTO =
      LibC.function("sendto", LONG, INT, POINTER, LONG, INT, POINTER, INT);

  private final byte[] address;
  private final int descriptor;

  /**
   * Opens a socket towards {@code address}.
   *
   * @param address a path, or an abstract name that begins with {@code @}; see unix(7)
   */
  UnixDatagram(String address) throws NativeException {
    byte[] bytes = address.getBytes(UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_ADDRESS_BYTES) {
      throw new IllegalArgumentException(
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
    this.address = bytes;
    this.descriptor = (int) SOCKET.call((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  }

  /** Sends one datagram whole. */
  void send(byte[] payload) throws NativeException {
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

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }
}
