package io.flocker.core.deploy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlockerFormatTest {
  @Test
  @DisplayName("73 what is left out is as usual, and what is given is carried through")
  void readsEveryField() throws FormatException {
    Application plain = Application.named("web", Image.parse("clusterhq/web")).build();
    Application full =
        Application.named("mysql", Image.parse("host:5000/mysql:5.6"))
            .program(
                new Program(
                    Optional.empty(),
                    Optional.empty(),
                    new TreeMap<>(Map.of("A", "b=c", "EMPTY", "")),
                    Optional.empty(),
                    Optional.empty()))
            .ports(List.of(Port.tcp(3_306, 3_307)))
            .links(List.of(new Link(80, 8_080, "web")))
            .volumes(
                List.of(
                    new MountedVolume(
                        VolumeName.parse("default.mysql"),
                        Optional.of(VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11")),
                        "/var/lib/mysql",
                        false,
                        OptionalLong.of(2_684_354_560L),
                        Optional.empty(),
                        new TreeMap<>(),
                        Optional.empty())))
            .limits(
                new Limits(
                    OptionalLong.of(100_000_000),
                    OptionalInt.of(512),
                    OptionalInt.empty(),
                    new TreeMap<>()))
            .restartPolicy(RestartPolicy.onFailure(3))
            .build();

    assertEquals(
        List.of(full, plain),
        read(
            """
            version: 1
            applications:
              mysql:
                image: host:5000/mysql:5.6
                ports: [{internal: 3306, external: 3307}]
                links: [{local_port: 80, remote_port: 8080, alias: web}]
                environment: {A: b=c, EMPTY: ''}
                volume:
                  mountpoint: /var/lib/mysql
                  maximum_size: 2.5G
                  dataset_id: 6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11
                mem_limit: 100000000
                cpu_shares: 512
                restart_policy: {name: on-failure, maximum_retry_count: 3}
              web:
                image: clusterhq/web
            used_ports: [22]
            """));
  }

  @Test
  void limitOfZeroIsNone() throws FormatException {
    assertEquals(Limits.NONE, read(application("image: a", "mem_limit: 0")).getFirst().limits());
  }

  @ParameterizedTest
  @DisplayName("59 a file that is no mapping of the two keys is refused")
  @ValueSource(strings = {"", "just a text", "- a", "1", "{}", "a: 1", "services: 1"})
  void refusesWhatIsNoApplicationFile(String text) {
    assertEquals(1, Refusals.ofApplications(text).size());
  }

  @Test
  void namesThePartsThatTellTheFormats() {
    assertEquals(
        List.of(
            "application.yml:1: it is neither an application file of Flocker (version and"
                + " applications at the top) nor of Fig (services with an image at the top)"),
        Refusals.ofApplications("a: 1"));
    assertEquals(
        List.of(
            "application.yml:1: it is a file of Compose, which says by itself what runs together:"
                + " it is deployed onto one node, without a deployment file"),
        Refusals.ofApplications("services: {a: {image: b}}"));
  }

  @ParameterizedTest
  @DisplayName("60 version and applications are required, and the version is 1")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          applications: {}               | application.yml:1: version is missing
          version: 1                     | application.yml:1: applications is missing
          {version: 2, applications: {}} | application.yml:1: version is a whole number from 1 to 1, not 2
          {version: '1', applications: {}} | application.yml:1: version is a whole number from 1 to 1, not '1'
          {version: 1, applications: []} | application.yml:1: applications is a mapping, not a list
          {version: 1, applications: }   | application.yml:1: applications is a mapping, not empty; write {} for none
          """)
  void requiresVersionAndApplications(String text, String problem) {
    assertEquals(List.of(problem), Refusals.ofApplications(text));
  }

  @ParameterizedTest
  @DisplayName("61 62 63 64 65 66 67 68 69 70 each field is refused by its name and line")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                    | 3 | is a mapping, not a list
          redis                                 | 3 | is a mapping, not 'redis'
          {image: a, imagine: 1, extra: 2}      | 3 | imagine is unknown; known are cpu_shares, environment, image, links, mem_limit, ports, restart_policy, volume;extra is unknown; known are cpu_shares, environment, image, links, mem_limit, ports, restart_policy, volume
          {}                                    | 3 | image is missing
          {image: 1}                            | 3 | image is a text, not 1; put it into quotes
          {image: ':7'}                         | 3 | image: an image is <repository>[:<tag>], for example redis:7, not ':7'
          {image: a, ports: 80}                 | 3 | ports is a list, not 80
          {image: a, ports: [80]}               | 3 | ports[0] is a mapping, not 80
          {image: a, ports: [{external: 80}]}   | 3 | ports[0].internal is missing
          {image: a, ports: [{internal: 80}]}   | 3 | ports[0].external is missing
          {image: a, ports: [{internal: 80, external: 80, other: 1}]} | 3 | ports[0].other is unknown; known are external, internal
          {image: a, ports: [{internal: '80', external: 70000}]} | 3 | ports[0].internal is a whole number from 1 to 65535, not '80';ports[0].external is a whole number from 1 to 65535, not 70000
          {image: a, ports: [{internal: 1, external: 80}, {internal: 2, external: 80}]} | 3 | the external port 80/tcp is there twice
          {image: a, links: {}}                 | 3 | links is a list, not a mapping
          {image: a, links: [a]}                | 3 | links[0] is a mapping, not 'a'
          {image: a, links: [{remote_port: 1, alias: b}]} | 3 | links[0].local_port is missing
          {image: a, links: [{local_port: 1, alias: b}]}  | 3 | links[0].remote_port is missing
          {image: a, links: [{local_port: 1, remote_port: 1}]} | 3 | links[0].alias is missing
          {image: a, links: [{local_port: a, remote_port: 1.5, alias: 3}]} | 3 | links[0].local_port is a whole number from 1 to 65535, not 'a';links[0].remote_port is a whole number from 1 to 65535, not 1.5;links[0].alias is a text, not 3; put it into quotes
          {image: a, links: [{local_port: 1, remote_port: 1, alias: b c, x: 1}]} | 3 | links[0].x is unknown; known are alias, local_port, remote_port;links[0].alias: an alias is of letters, digits, '-' and '_', not 'b c'
          {image: a, environment: [A=b]}        | 3 | environment is a mapping, not a list
          {image: a, environment: {1: b}}       | 3 | environment.1 is no name, but a whole number; put it into quotes if it is meant
          {image: a, environment: {A: 1}}       | 3 | environment.A is a text, not 1; put it into quotes
          {image: a, volume: /data}             | 3 | volume is a mapping, not '/data'
          {image: a, volume: {}}                | 3 | volume.mountpoint is missing
          {image: a, volume: {mountpoint: }}    | 3 | volume.mountpoint is a text, not empty
          {image: a, volume: {mountpoint: /ä}}  | 3 | volume.mountpoint: it has other characters than those of ASCII
          {image: a, volume: {mountpoint: data}} | 3 | volume.mountpoint: a mountpoint is an absolute path in the container, not 'data'
          {image: a, volume: {mountpoint: /d, x: 1}} | 3 | volume.x is unknown; known are dataset_id, maximum_size, mountpoint, replication
          {image: a, volume: {mountpoint: /d, dataset_id: A}} | 3 | volume.dataset_id: a volume is a lower-case uuid with dashes, not 'A'
          {image: a, mem_limit: 100M}           | 3 | mem_limit is a whole number of at least 0, not '100M'
          {image: a, mem_limit: -1}             | 3 | mem_limit is a whole number of at least 0, not -1
          {image: a, cpu_shares: 1.5}           | 3 | cpu_shares is a whole number from 0 to 2147483647, not 1.5
          {image: a, restart_policy: always}    | 3 | restart_policy is a mapping, not 'always'
          {image: a, restart_policy: {}}        | 3 | restart_policy.name is missing
          {image: a, restart_policy: {name: sometimes}} | 3 | restart_policy.name: a restart policy is one of [never, always, on-failure], not 'sometimes'
          {image: a, restart_policy: {name: always, maximum_retry_count: 3}} | 3 | restart_policy.maximum_retry_count: only on-failure has a number of retries, not always
          {image: a, restart_policy: {name: on-failure, maximum_retry_count: 0}} | 3 | restart_policy.maximum_retry_count is a whole number from 1 to 2147483647, not 0
          {image: a, restart_policy: {name: never, x: 1}} | 3 | restart_policy.x is unknown; known are maximum_retry_count, name
          """)
  void refusesAField(String application, int line, String problems) {
    assertEquals(
        List.of(problems.split(";(?! put| write| known)", -1)).stream()
            .map(problem -> "application.yml:" + line + ": application db: " + problem)
            .toList(),
        Refusals.ofApplications("version: 1\napplications:\n  db: " + application));
  }

  @ParameterizedTest
  @DisplayName("79 a maximum size is a text of a number and a unit, rounded up to bytes")
  @CsvSource({
    "1, 1",
    "2.5K, 2560",
    "100M, 104857600",
    "1g, 1073741824",
    "0.0001k, 1",
    "1.5T, 1649267441664"
  })
  void readsASize(String text, long bytes) throws FormatException {
    Application read = read(sized("'" + text + "'")).getFirst();

    assertEquals(OptionalLong.of(bytes), read.volumes().getFirst().maximumSizeBytes());
  }

  @ParameterizedTest
  @DisplayName("79 what is no size is refused")
  @ValueSource(
      strings = {
        "abc",
        "'-1'",
        "'0'",
        "'0.0K'",
        "1",
        "2.5",
        "1GB",
        "''",
        "'1e3'",
        "'99999999999T'"
      })
  void refusesWhatIsNoSize(String text) {
    List<String> problems = Refusals.ofApplications(sized(text));

    assertEquals(1, problems.size());
    assertEquals(
        "application.yml:3: application db: volume.maximum_size",
        problems.getFirst().substring(0, 54));
  }

  @Test
  void tellsAllProblemsAtOnceByLine() {
    assertEquals(
        List.of(
            "application.yml:1: version is a whole number from 1 to 1, not 3",
            "application.yml:4: application a b: an application's name is of at most 63 letters,"
                + " digits, '_', '.' and '-', not 'a b'",
            "application.yml:7: application mysql: ports[0].internal is a whole number from 1 to"
                + " 65535, not 0",
            "application.yml:7: application mysql: ports[0].external is missing",
            "application.yml:9: application mysql: volume.mountpoint: a mountpoint is an absolute"
                + " path in the container, not 'data'",
            "application.yml:10: applications.mysql.image is given twice"),
        Refusals.ofApplications(
            """
            version: 3
            applications:
              a b:
                image: a
              mysql:
                image: mysql
                ports: [{internal: 0}]
                volume:
                  mountpoint: data
                image: mysql:5.6
            """));
  }

  @Test
  void namesTheLineThatIsNoYaml() {
    assertEquals(
        List.of("application.yml:2: aliases are not allowed; write the value again"),
        Refusals.ofApplications("version: &a 1\napplications: *a"));
  }

  @Test
  @DisplayName("61 keys that Flocker passed over beside its two are passed over")
  void passesOverOtherKeysAtTheTop() throws FormatException {
    assertEquals(List.of(), read("{version: 1, applications: {}, used_ports: [1], note: x}"));
  }

  private static String sized(String size) {
    return application("image: a", "volume: {mountpoint: /d, maximum_size: " + size + "}");
  }

  private static String application(String... fields) {
    return "version: 1\napplications:\n  db: {" + String.join(", ", fields) + "}\n";
  }

  private static List<Application> read(String text) throws FormatException {
    return WishReader.applications(SourceFile.of("application.yml", text));
  }
}
