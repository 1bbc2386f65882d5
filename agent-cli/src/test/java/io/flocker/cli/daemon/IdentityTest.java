package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
  private static final NodeId NODE = NodeId.random();

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0.0.0.0:4523, 127.0.0.1:4523",
    "[::]:4523, 127.0.0.1:4523",
    "[::0]:4523, 127.0.0.1:4523",
    "[0:0:0:0:0:0:0:0]:4523, 127.0.0.1:4523",
    "0:4523, 127.0.0.1:4523",
    "10.0.0.1:4523, 10.0.0.1:4523",
    "[fd00::1]:4523, [fd00::1]:4523",
    "storage-1:4523, storage-1:4523"
  })
  void tellsNobodyOfAnAddressThatNobodyCanConnectTo(
      String listen, String told, @TempDir Path folder) throws Exception {
    Credentials credentials = TestCluster.create(folder).node(NODE);

    Address address =
        new Identity(NODE, folder, Optional.empty(), credentials).address(Address.parse(listen));

    assertEquals(told, address.toString());
  }

  @Test
  void isNotChosenByAStartWithoutCertificates(@TempDir Path folder) throws Exception {
    NodeConfiguration configuration = settings(folder);

    assertThrows(StartException.class, () -> Identity.of(configuration));

    assertFalse(Files.exists(folder.resolve("volume.json")));
  }

  /** Settings beside certificates, those of whom was issued one under {@code name}. */
  private static NodeConfiguration configuration(Path folder, String name) throws Exception {
    TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("ca")));
    Credentials _ = cluster.node(NODE);
    Credentials _ = cluster.user("somebody");
    Files.copy(cluster.authorityFile(), folder.resolve("cluster.crt"));
    Files.copy(cluster.files(name).certificate(), folder.resolve("node.crt"));
    Files.copy(cluster.files(name).key(), folder.resolve("node.key"));
    return settings(folder);
  }

  private static NodeConfiguration settings(Path folder) throws Exception {
    return NodeConfiguration.read(
        Files.writeString(
            folder.resolve("flockerd.yml"),
            "version: 1\ncertificates: %1$s\nidentity: %1$s/volume.json\nstate: %1$s/state\n"
                .formatted(folder)));
  }

  /** Else a node that has lost this one file would be a stranger to its own volumes. */
  @Test
  void isThatOfTheCertificateWhereTheFileIsLost(@TempDir Path folder) throws Exception {
    assertEquals(NODE, Identity.of(configuration(folder, NODE.toString())).node());

    assertEquals(NODE, NodeIdentity.existing(folder.resolve("volume.json")).node());
  }

  /** As the start does, and what it would write is not written. */
  @Test
  void aCheckTakesTheCertificatesWordWhereTheFileIsLost(@TempDir Path folder) throws Exception {
    String said = Identity.check(configuration(folder, NODE.toString()));

    assertTrue(said.contains("node-" + NODE + " until "), said);
    assertTrue(said.endsWith("volume.json is missing, and is written at the start"), said);
    assertFalse(Files.exists(folder.resolve("volume.json")));
  }

  @Test
  void aCheckRefusesWhatTheStartRefuses(@TempDir Path folder) throws Exception {
    NodeConfiguration user = configuration(folder, "somebody");
    NodeConfiguration empty = settings(Files.createDirectory(folder.resolve("empty")));

    StartException ofUser = assertThrows(StartException.class, () -> Identity.check(user));
    StartException ofNobody = assertThrows(StartException.class, () -> Identity.check(empty));

    assertTrue(ofUser.toString().contains("user-somebody, which is no node"), ofUser::toString);
    assertTrue(ofNobody.toString().contains("'flocker init'"), ofNobody::toString);
  }

  @Test
  void isNotThatOfAUser(@TempDir Path folder) throws Exception {
    NodeConfiguration configuration = configuration(folder, "somebody");

    StartException failure = assertThrows(StartException.class, () -> Identity.of(configuration));

    assertTrue(failure.toString().contains("user-somebody, which is no node"), failure::toString);
    assertFalse(Files.exists(folder.resolve("volume.json")));
  }
}
