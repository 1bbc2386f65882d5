package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
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
    Path settings =
        Files.writeString(
            folder.resolve("flockerd.yml"),
            "version: 1\ncertificates: %1$s\nidentity: %1$s/volume.json\nstate: %1$s/state\n"
                .formatted(folder));
    NodeConfiguration configuration = NodeConfiguration.read(settings);

    assertThrows(StartException.class, () -> Identity.of(configuration));

    assertFalse(Files.exists(folder.resolve("volume.json")));
  }
}
