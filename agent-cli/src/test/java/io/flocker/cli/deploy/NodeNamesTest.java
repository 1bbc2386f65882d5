package io.flocker.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeNamesTest {
  private static final NodeId ONE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final NodeId TWO = NodeId.parse("bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final NodeId THREE = NodeId.parse("cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final NodeNames NAMES =
      new NodeNames(
          List.of(
              node(ONE, "first", "one.example:4523", "10.0.0.1:4523", "shared:1"),
              node(TWO, "10.0.0.9", "two.example:4523", "[fd00::2]:4523", "shared:2", "third:3"),
              node(THREE, "third", "three.example:4523")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee",
        "two.example",
        "TWO.example",
        "fd00::2",
        "fd00:0::2",
        "10.0.0.9"
      })
  void aNodeIsMeantByItsUuidNameOrAddress(String name) {
    NodeNames.Resolved resolved = NAMES.resolve(wish(name));

    assertEquals(List.of(), resolved.problems());
    assertEquals(wish(TWO.toString()), resolved.wish());
  }

  @Test
  void whatMeansNoNodeOrSeveralIsToldAndLeftAsItIs() {
    Deployment wish = wish("elsewhere", "shared");

    NodeNames.Resolved resolved = NAMES.resolve(wish);

    assertEquals(wish, resolved.wish());
    assertTrue(
        resolved.problems().getFirst().startsWith("node elsewhere is none of the cluster's"),
        resolved.problems()::toString);
    assertTrue(
        resolved.problems().getLast().startsWith("node shared is several: "),
        resolved.problems()::toString);
  }

  @Test
  void theNameOfOneThatIsTheHostOfAnotherMeansNeither() {
    assertTrue(
        NAMES.resolve(wish("third")).problems().getFirst().startsWith("node third is several: "));
  }

  @Test
  void theNodesThatHoldAVolumeAreResolvedToo() {
    NodeNames.Resolved resolved = NAMES.resolve(held("first", "two.example", "elsewhere"));

    assertEquals(held(ONE.toString(), TWO.toString(), "elsewhere"), resolved.wish());
    assertEquals(1, resolved.problems().size(), resolved.problems()::toString);
  }

  @Test
  void oneNodeIsNotThereUnderTwoNames() {
    assertEquals(
        List.of("node one.example is node 10.0.0.1, which is there already: both are " + ONE),
        NAMES.resolve(wish("10.0.0.1", "one.example")).problems());
  }

  private static Deployment wish(String... nodes) {
    return new Deployment(
        List.of(), Stream.of(nodes).map(node -> NodeWish.of(node, List.of())).toList());
  }

  /** One application, whose volume is held by these. */
  private static Deployment held(String... nodes) {
    MountedVolume volume =
        MountedVolume.of(VolumeName.parse("default.db"), "/data")
            .replicated(WishedPolicy.of(Map.of("peers", List.of(nodes))));
    Application application =
        Application.named("db", Image.parse("busybox")).volumes(List.of(volume)).build();
    return new Deployment(List.of(application), List.of());
  }

  private static ClusterNode node(NodeId id, String name, String... addresses) {
    return new ClusterNode(id, name, Stream.of(addresses).map(Address::parse).toList(), List.of());
  }
}
