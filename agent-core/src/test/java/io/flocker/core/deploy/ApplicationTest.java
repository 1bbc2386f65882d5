package io.flocker.core.deploy;

import static io.flocker.core.deploy.Applications.FULL;
import static io.flocker.core.deploy.Applications.PLAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationTest {
  /** What a container is made with cannot be changed in one that runs. */
  static Stream<UnaryOperator<ApplicationBuilder>> restarting() {
    return Stream.of(
        one -> one.image(Image.parse("clusterhq/mongodb:8")),
        one ->
            one.program(
                new Program(
                    Optional.of(List.of("--loud")),
                    FULL.program().entrypoint(),
                    FULL.program().environment(),
                    FULL.program().user(),
                    FULL.program().workingDirectory())),
        one -> one.program(Program.OF_THE_IMAGE),
        one -> one.ports(List.of(Port.tcp(27_017, 27_018))),
        one -> one.links(List.of()),
        one -> one.volumes(FULL.volumes().subList(0, 1)),
        one ->
            one.volumes(
                List.of(
                    FULL.volumes().getFirst(),
                    MountedVolume.of(VolumeName.parse("default.other"), "/logs"))),
        one ->
            one.limits(
                new Limits(
                    OptionalLong.of(1),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Copies.sorted(Map.of()))),
        one -> one.privileges(Privileges.USUAL),
        one -> one.healthCheck(Optional.empty()),
        one -> one.labels(Map.of("team", "web")));
  }

  @ParameterizedTest
  @MethodSource("restarting")
  void anotherContainerNeedsARestart(UnaryOperator<ApplicationBuilder> change) {
    Application changed = change.apply(FULL.with()).build();

    assertTrue(FULL.needsRestart(changed));
    assertEquals(1, FULL.restartReasons(changed).size());
    assertNotEquals(FULL.digest(), changed.digest());
  }

  /** Sizes follow without a restart, and what flockerd does itself is no matter of a container. */
  static Stream<UnaryOperator<ApplicationBuilder>> harmless() {
    MountedVolume data = FULL.volumes().getFirst();
    MountedVolume larger =
        new MountedVolume(
            data.name(),
            data.id(),
            data.mountpoint(),
            data.readOnly(),
            OptionalLong.of(2L << 30),
            Optional.empty(),
            Copies.sorted(Map.of()),
            Optional.empty());
    return Stream.of(
        one -> one.volumes(List.of(larger, FULL.volumes().getLast())),
        one -> one.pullPolicy(PullPolicy.NEVER),
        one -> one.restartPolicy(RestartPolicy.ALWAYS),
        one -> one.startsAfter(List.of()),
        one -> one.stopTimeout(Optional.of(Duration.ZERO)));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void restIsNoReasonForARestart(UnaryOperator<ApplicationBuilder> change) {
    Application changed = change.apply(FULL.with()).build();

    assertNotEquals(FULL, changed);
    assertFalse(FULL.needsRestart(changed));
    assertEquals(Set.of(), FULL.restartReasons(changed));
    assertEquals(FULL.digest(), changed.digest());
  }

  @Test
  void tellsEveryReasonForARestart() {
    Application changed =
        FULL.with()
            .image(Image.parse("redis"))
            .healthCheck(Optional.empty())
            .restartPolicy(RestartPolicy.NEVER)
            .build();

    assertEquals(Set.of("image", "healthCheck"), FULL.restartReasons(changed));
  }

  @Test
  void noEntrypointIsAnotherThingThanTheImagesOwn() {
    Program none =
        new Program(
            Optional.empty(),
            Optional.of(List.of()),
            PLAIN.program().environment(),
            Optional.empty(),
            Optional.empty());

    assertNotEquals(PLAIN.digest(), PLAIN.with().program(none).build().digest());
  }

  @Test
  void orderOfPartsMeansNothing() {
    Application other =
        FULL.with().ports(FULL.ports().reversed()).volumes(FULL.volumes().reversed()).build();

    assertEquals(FULL, other);
    assertEquals(FULL.digest(), other.digest());
  }

  /** Labels of containers that run bear it: another value restarts every one of them. */
  @Test
  void digestIsTheSameInEveryVersion() {
    assertEquals(
        "ece7ed60ec2a678979c8ac5bc997bddaa1e5770470b0493602fe2e644132a456", PLAIN.digest());
    assertEquals("78b245ab73bf5ccc6e6039abcd2347e970973727d90e09c11af74587f1b25e08", FULL.digest());
  }

  @ParameterizedTest
  @CsvSource({
    "redis, redis, latest",
    "redis:7, redis, 7",
    "clusterhq/flask, clusterhq/flask, latest",
    "host:5000/img, host:5000/img, latest",
    "host:5000/group/img:1.2, host:5000/group/img, 1.2",
  })
  void imageHasARepositoryAndATag(String text, String repository, String tag) {
    assertEquals(new Image(repository, tag, Optional.empty()), Image.parse(text));
  }

  @Test
  void imageMayHaveADigest() {
    String digest = "sha256:" + "0f".repeat(32);

    assertEquals(new Image("redis", "latest", Optional.of(digest)), Image.parse("redis@" + digest));
    assertEquals("redis:latest@" + digest, Image.parse("redis@" + digest).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":7", "a b", "redis:", "redis:a b", "host:5000/", "redis@sha256:0"})
  void refusesWhatIsNoImage(String text) {
    assertThrows(IllegalArgumentException.class, () -> Image.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a b", "a/b", "ä"})
  void refusesWhatIsNoName(String name) {
    assertThrows(IllegalArgumentException.class, () -> Applications.plain(name));
  }

  @Test
  void refusesPartsThatContradictEachOther() {
    assertRefused(one -> one.ports(List.of(Port.tcp(80, 8_080), Port.tcp(81, 8_080))));
    assertRefused(one -> one.links(List.of(new Link(80, 1, "a-b"), new Link(80, 2, "A_b"))));
    assertRefused(one ->
        one.volumes(
            List.of(
                MountedVolume.of(VolumeName.parse("default.a"), "/a"),
                MountedVolume.of(VolumeName.parse("default.b"), "/a"))));
    assertRefused(one -> one.labels(Map.of("flocker.digest", "mine")));
    assertRefused(one -> one.startsAfter(List.of(PLAIN.name())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "", "/", "/a/../b", "/a:ro", "/a\nb"})
  void refusesAMountpointThatIsNone(String mountpoint) {
    VolumeName name = VolumeName.parse("default.a");
    assertThrows(IllegalArgumentException.class, () -> MountedVolume.of(name, mountpoint));
  }

  @Test
  void tellsOfALinkByVariables() {
    assertEquals(
        Map.of(
            "WEB_SERVER_PORT_80_TCP", "tcp://node-1:8080",
            "WEB_SERVER_PORT_80_TCP_ADDR", "node-1",
            "WEB_SERVER_PORT_80_TCP_PORT", "8080",
            "WEB_SERVER_PORT_80_TCP_PROTO", "tcp"),
        new Link(80, 8_080, "web-server").environment("node-1"));
  }

  private static void assertRefused(UnaryOperator<ApplicationBuilder> change) {
    ApplicationBuilder builder = change.apply(PLAIN.with());
    assertThrows(IllegalArgumentException.class, builder::build);
  }
}
