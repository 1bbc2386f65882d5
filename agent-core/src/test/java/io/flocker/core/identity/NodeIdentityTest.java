package io.flocker.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeIdentityTest {
  private static final String UUID = "0f8fad5b-d9cb-469f-a165-70867728950e";

  private static final NodeId CERTIFIED = NodeId.random();

  @TempDir Path folder;

  @Test
  @DisplayName("1 otherwise than in 2014: a missing file is written for whom the certificate names")
  void writesWhomTheCertificateNames() throws IOException {
    Path file = folder.resolve("volume.json");

    NodeId node = NodeIdentity.load(file, CERTIFIED).node();

    assertEquals(CERTIFIED, node);
    assertEquals("{\"uuid\": \"" + node + "\", \"version\": 1}\n", Files.readString(file));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
  }

  @Test
  @DisplayName("2: a missing folder is created")
  void createsTheFolder() throws IOException {
    Path file = folder.resolve("etc/flocker/volume.json");

    NodeIdentity.load(file, CERTIFIED);

    try (Stream<Path> files = Files.list(folder.resolve("etc/flocker"))) {
      assertEquals(List.of(file), files.toList(), "no draft is left");
    }
  }

  @Test
  @DisplayName("3: what cannot be created is said with the path and the reason")
  void namesTheFileThatCannotBeCreated() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("occupied"));
    Path file = notAFolder.resolve("volume.json");

    IOException failure = assertThrows(IOException.class, () -> NodeIdentity.load(file, CERTIFIED));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(file.toString()) && message.contains("identity"), message);
  }

  @Test
  @DisplayName("4: a file that exists is used unchanged")
  void usesAFileOfTheOldSystemUnchanged() throws IOException {
    String old = "{\"version\": 1, \"uuid\": \"" + UUID + "\"}";
    Path file = Files.writeString(folder.resolve("volume.json"), old);

    assertEquals(new NodeIdentity(NodeId.parse(UUID), file), NodeIdentity.load(file, CERTIFIED));
    assertEquals(old, Files.readString(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                       | version
          nonsense                                 | not JSON
          {"version": 1                            | not JSON
          {"version": 2, "uuid": "x"}              | version is 2 instead of 1
          {"version": 1, "uuid": "x"}              | lower-case uuid
          {"version": 1}                           | lower-case uuid
          """)
  void keepsAFileThatItCannotRead(String text, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("volume.json"), text);

    IOException failure = assertThrows(IOException.class, () -> NodeIdentity.load(file, CERTIFIED));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(file.toString()) && message.contains(reason), message);
    assertEquals(text, Files.readString(file));
  }

  @Test
  void isOneIdentityHoweverManyStartAtOnce() throws Exception {
    Callable<NodeIdentity> load =
        () -> NodeIdentity.load(folder.resolve("volume.json"), NodeId.random());
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      Set<NodeIdentity> identities = new HashSet<>();
      for (Future<NodeIdentity> each : many.invokeAll(Collections.nCopies(16, load))) {
        identities.add(each.get());
      }
      assertEquals(1, identities.size());
    }
  }
}
