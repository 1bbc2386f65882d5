package io.flocker.core.deploy;

import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Applications that tests share. */
public final class Applications {
  /** Has every part that there is. */
  public static final Application FULL =
      Application.named("mongodb", Image.parse("registry:5000/clusterhq/mongodb:7"))
          .pullPolicy(PullPolicy.ALWAYS)
          .program(
              new Program(
                  Optional.of(List.of("--quiet", "two words")),
                  Optional.of(List.of("/usr/bin/mongod")),
                  Copies.sorted(Map.of("SIZE", "1", "EMPTY", "")),
                  Optional.of("mongo:100"),
                  Optional.of("/var/lib")))
          .ports(List.of(Port.tcp(27_017, 27_017), new Port(53, 5_353, Protocol.UDP)))
          .links(List.of(new Link(80, 8_080, "web-server")))
          .volumes(
              List.of(
                  new MountedVolume(
                      VolumeName.parse("default.mongodb"),
                      Optional.of(VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11")),
                      "/data",
                      false,
                      OptionalLong.of(1L << 30),
                      Optional.of("gold"),
                      Copies.sorted(Map.of("team", "storage")),
                      Optional.empty()),
                  MountedVolume.of(VolumeName.parse("default.logs"), "/logs")))
          .limits(
              new Limits(
                  OptionalLong.of(100_000_000),
                  OptionalInt.of(512),
                  OptionalInt.of(1_500),
                  Copies.sorted(Map.of("nofile", new Limits.Ulimit(1_024, 4_096)))))
          .privileges(
              new Privileges(
                  true, Copies.sorted(List.of("NET_ADMIN")), Copies.sorted(List.of("CHOWN"))))
          .healthCheck(
              Optional.of(
                  new HealthCheck(
                      List.of("CMD", "mongo", "--eval", "1"),
                      Duration.ofSeconds(5),
                      Duration.ofMillis(1_500),
                      Duration.ofMinutes(1),
                      2)))
          .labels(Map.of("team", "storage"))
          .restartPolicy(RestartPolicy.onFailure(3))
          .startsAfter(List.of("web"))
          .stopTimeout(Optional.of(Duration.ofSeconds(90)))
          .build();

  /** Has no more than it must. */
  public static final Application PLAIN = plain("web");

  private Applications() {}

  /** One that has no more than it must. */
  public static Application plain(String name) {
    return Application.named(name, Image.parse("clusterhq/" + name)).build();
  }
}
