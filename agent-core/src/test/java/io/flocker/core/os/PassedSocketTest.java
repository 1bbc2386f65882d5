package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassedSocketTest {
  private static final int OCTAL = 8;
  private static final int O_NONBLOCK = 04000; // asm-generic/fcntl.h
  private static final int O_CLOEXEC = 02000000; // asm-generic/fcntl.h

  @Test
  void isTakenOnlyByTheProcessThatItIsMeantFor() throws Exception {
    Map<String, String> passed = Map.of("LISTEN_PID", "7", "LISTEN_FDS", "1");

    assertEquals(OptionalInt.of(3), PassedSocket.descriptor(passed, 7));
    assertEquals(OptionalInt.empty(), PassedSocket.descriptor(passed, 8));
    assertEquals(
        OptionalInt.empty(),
        PassedSocket.descriptor(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "0"), 7));
    assertEquals(OptionalInt.empty(), PassedSocket.take(Map.of(), 7));
  }

  @Test
  void severalAreRefusedSinceOnlyOneWouldBeServed() {
    IOException refusal =
        assertThrows(
            IOException.class,
            () -> PassedSocket.take(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "2"), 7));

    assertTrue(String.valueOf(refusal.getMessage()).contains("2 sockets"), refusal::toString);
  }

  @Test
  void neitherBlocksNorIsLeftToChildren(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("passed")).toRealPath();
    try (FileChannel _ = FileChannel.open(file)) {
      int descriptor = descriptorOf(file);
      PassedSocket.makeOurs(descriptor);

      int flags = flags(descriptor);
      assertEquals(O_NONBLOCK | O_CLOEXEC, flags & (O_NONBLOCK | O_CLOEXEC));
    }
  }

  private static int descriptorOf(Path file) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(descriptor -> leadsTo(descriptor, file))
          .map(descriptor -> Integer.parseInt(descriptor.getFileName().toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static boolean leadsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException _) {
      return false; // Closed meanwhile.
    }
  }

  private static int flags(int descriptor) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
        .filter(line -> line.startsWith("flags:"))
        .mapToInt(line -> Integer.parseInt(line.substring("flags:".length()).strip(), OCTAL))
        .findFirst()
        .orElseThrow();
  }
}
