package io.flocker.cli.it;

import io.flocker.core.operation.OperationView;
import io.flocker.core.pki.TlsPolicy;
import io.flocker.http.Golden;
import io.flocker.http.api.VolumeDocument;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Moves of a volume as v1 has promised them: {@code golden/v1-moves.json}. */
@Timeout(300)
class GoldenIT {
  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual());

  private final Map<String, String> names = new HashMap<>();

  @Test
  void everyMoveIsAnsweredAsItWas() throws Exception {
    VolumeDocument volume = NODES.first().create("golden.volume");
    Files.writeString(TestNode.folder(volume).resolve("file"), "golden");
    names.put("volume", volume.id().toString());
    names.put("self", NODES.first().id().toString());
    names.put("peer", NODES.second().id().toString());
    Gate gate = Gate.at(NODES.first());
    NODES.first().faults("case \"$1 $2\" in 'send -n'*) ;; send*) " + gate.shell() + ";; esac");
    try (HttpClient user =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(NODES.user().sslContext())
            .sslParameters(TlsPolicy.client())
            .build()) {
      Golden golden = new Golden(user, NODES.first().url(), names);
      for (JsonNode exchange : Golden.exchanges("v1-moves.json")) {
        await(exchange.path("once").asString(""), gate);
        golden.replay(exchange);
      }
    }
  }

  private void await(String moment, Gate gate) throws Exception {
    switch (moment) {
      case "it sends" -> gate.awaitReached();
      case "it has ended" -> {
        gate.open();
        String id = names.getOrDefault("handoff", names.get("push"));
        OperationView operation =
            NODES.first().client().operation(UUID.fromString(id), Duration.ZERO);
        var _ = NODES.first().finish(operation);
      }
      default -> {}
    }
  }
}
