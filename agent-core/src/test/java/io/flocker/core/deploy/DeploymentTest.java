package io.flocker.core.deploy;

import static io.flocker.core.deploy.Applications.FULL;
import static io.flocker.core.deploy.Applications.PLAIN;
import static io.flocker.core.deploy.Applications.plain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class DeploymentTest {
  private static final JsonMapper JSON = JsonMappers.WIRE;
  private static final Deployment WISH =
      new Deployment(
          List.of(FULL, PLAIN),
          List.of(
              NodeWish.of("10.0.0.1", List.of("mongodb")), NodeWish.of("node-2", List.of("web"))));

  @Test
  void goesThroughJsonUnchanged() {
    String text = JSON.writeValueAsString(WISH);

    assertEquals(WISH, JSON.readValue(text, Deployment.class));
    assertEquals(text, JSON.writeValueAsString(JSON.readValue(text, Deployment.class)));
  }

  @Test
  void whatJsonLeavesOutIsAsUsual() {
    String text =
        """
        {"applications": [{"name": "web", "image": "clusterhq/web", "ports": [{"internal": 80, "external": 81}],
          "volumes": [{"name": "default.web", "mountpoint": "/data"}], "limits": {"cpuShares": 2},
          "program": {"user": "www"}, "privileges": {}, "healthCheck": {"test": ["NONE"]},
          "restartPolicy": {"name": "always"}}],
         "nodes": [{"node": "a", "applications": ["web"]}, {"node": "b"}]}
        """;
    Application read = JSON.readValue(text, Deployment.class).application("web").orElseThrow();

    assertEquals(List.of(Port.tcp(80, 81)), read.ports());
    assertEquals(
        List.of(MountedVolume.of(VolumeName.parse("default.web"), "/data")), read.volumes());
    assertEquals(RestartPolicy.ALWAYS, read.restartPolicy());
    assertEquals(Privileges.USUAL, read.privileges());
    assertEquals(HealthCheck.of(List.of("NONE")), read.healthCheck().orElseThrow());
    assertEquals(OptionalLong.empty(), read.limits().memoryBytes());
    assertEquals(PullPolicy.MISSING, read.pullPolicy());
    assertTrue(read.program().command().isEmpty());
  }

  @Test
  void orderOfPartsMeansNothing() {
    assertEquals(WISH, new Deployment(WISH.applications().reversed(), WISH.nodes().reversed()));
  }

  @Test
  void knowsWhatANodeRuns() {
    assertEquals(List.of(FULL), WISH.applications(WISH.nodes().getFirst()));
    assertEquals(WISH.applications(), WISH.placed());
    assertEquals(List.of(), new Deployment(WISH.applications(), List.of()).placed());
  }

  @Test
  void namesEveryContradiction() {
    Application other =
        plain("other")
            .with()
            .ports(List.of(Port.tcp(1, 27_017)))
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.logs"), "/x")))
            .startsAfter(List.of("web", "nobody"))
            .build();
    Application web = PLAIN.with().startsAfter(List.of("mongodb")).build();

    assertEquals(
        List.of(
            "application mongodb starts after itself, by way of others",
            "application other has the external port 27017/tcp, as mongodb",
            "application other mounts the volume default.logs, as does mongodb on another node",
            "application other starts after nobody, which is not there",
            "application web is there twice",
            "application web starts after itself, by way of others",
            "node b is there twice",
            "node b names the application ghost, which is not there",
            "node b names the application mongodb, which is on a too"),
        Contradiction.in(
                List.of(FULL, other, web, PLAIN),
                List.of(
                    NodeWish.of("a", List.of("mongodb")),
                    NodeWish.of("b", List.of("mongodb", "other", "ghost")),
                    NodeWish.of("b", List.of())))
            .stream()
            .map(Contradiction::toString)
            .sorted()
            .toList());
  }

  @Test
  void findsEveryCircleOfStartsAndNoOther() {
    Application a = plain("a").with().startsAfter(List.of("b", "x")).build();
    Application b = plain("b").with().startsAfter(List.of("a")).build();
    Application between = plain("between").with().startsAfter(List.of("a")).build();
    Application c = plain("c").with().startsAfter(List.of("d", "between")).build();
    Application d = plain("d").with().startsAfter(List.of("c")).build();

    assertEquals(
        List.of("a", "b", "c", "d"),
        Contradiction.in(List.of(a, b, between, c, d, plain("x")), List.of()).stream()
            .flatMap(one -> one.application().stream())
            .sorted()
            .toList());
  }

  @Test
  void isNeverMadeWithAContradiction() {
    List<NodeWish> nodes = List.of(NodeWish.of("a", List.of("ghost")));

    assertThrows(IllegalArgumentException.class, () -> new Deployment(List.of(), nodes));
    JacksonException refusal =
        assertThrows(
            JacksonException.class,
            () ->
                JSON.readValue(
                    "{\"nodes\": [{\"node\": \"a\", \"applications\": [\"ghost\"]}]}",
                    Deployment.class));
    assertEquals(
        "node a names the application ghost, which is not there",
        refusal.getCause() instanceof IllegalArgumentException cause ? cause.getMessage() : "");
  }

  @Test
  void volumeOfOneNodeMayBeMountedTwiceThere() {
    Application reader =
        plain("reader")
            .with()
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.logs"), "/x")))
            .build();

    assertEquals(
        List.of(),
        Contradiction.in(
            List.of(FULL, PLAIN, reader), List.of(NodeWish.of("a", List.of("mongodb", "reader")))));
  }

  @Test
  void findsANodeByUuidNameOrAddress() {
    NodeId id = NodeId.random();
    List<Address> addresses = List.of(new Address("Node-1", 4523), new Address("fd00::2", 4523));

    for (String name : List.of(id.toString(), "node-1", "NODE-1", "fd00::2", "fd00:0:0::2")) {
      assertTrue(NodeWish.of(name, List.of()).isFor(id, addresses), name);
    }
    for (String name : List.of(NodeId.random().toString(), "node-2", "fd00::3", "10.0.0.1")) {
      assertFalse(NodeWish.of(name, List.of()).isFor(id, addresses), name);
    }
  }

  @Test
  void digestSurvivesJson() {
    Application read = JSON.readValue(JSON.writeValueAsString(FULL), Application.class);

    assertEquals(FULL.digest(), read.digest());
    assertEquals(FULL.digest(), FULL.with().labels(new TreeMap<>(FULL.labels())).build().digest());
  }
}
