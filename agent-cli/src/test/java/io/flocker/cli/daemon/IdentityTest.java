package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import java.nio.file.Path;
import java.util.Optional;
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
}
