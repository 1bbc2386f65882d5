package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.HealthCheck;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Privileges;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeFormatTest {
  private static final String ENVIRONMENT_FILE =
      """
      # comment
      FILE=1   # one
      export NAME='$literal'
      GREETING="hello ${WHO}"
      SIZE=small
      """;

  private static final ComposeSurroundings SURROUNDINGS =
      new ComposeSurroundings(
          Map.of("WHO", "world", "EMPTY", "", "TAG", "7"),
          path ->
              switch (path) {
                case "web.env" -> ENVIRONMENT_FILE.getBytes(UTF_8);
                case "wrong.env" -> "A=1\nno value\nB='x\n".getBytes(UTF_8);
                case "latin.env" -> "A=\u00e4".getBytes(ISO_8859_1);
                default -> throw new NoSuchFileException(path);
              });

  @Test
  void readsEveryField() throws FormatException {
    Application db =
        Application.named("db", Image.parse("mongo:7"))
            .volumes(
                List.of(
                    new MountedVolume(
                        VolumeName.parse("default.data"),
                        Optional.of(VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11")),
                        "/data/db",
                        false,
                        OptionalLong.of(10L << 30),
                        Optional.of("gold"),
                        new TreeMap<>(Map.of("team", "storage")),
                        Optional.empty()),
                    new MountedVolume(
                        VolumeName.parse("ops.logs"),
                        Optional.empty(),
                        "/logs",
                        true,
                        OptionalLong.empty(),
                        Optional.empty(),
                        new TreeMap<>(),
                        Optional.empty())))
            .healthCheck(
                Optional.of(
                    new HealthCheck(
                        List.of("CMD-SHELL", "mongo --eval 1"),
                        Duration.ofSeconds(90),
                        Duration.ofMillis(1_500),
                        Duration.ofMinutes(1),
                        5)))
            .build();
    Application web =
        Application.named("web", Image.parse("registry:5000/web:7"))
            .pullPolicy(PullPolicy.ALWAYS)
            .program(
                new Program(
                    Optional.of(List.of("serve", "--name", "two words", "$HOME")),
                    Optional.of(List.of("/bin/tini", "--")),
                    new TreeMap<>(
                        Map.of(
                            "FILE", "1",
                            "NAME", "$literal",
                            "GREETING", "hello world",
                            "SIZE", "2",
                            "WHO", "world",
                            "RATIO", "0.50")),
                    Optional.of("1000:1000"),
                    Optional.of("/srv")))
            .ports(
                List.of(
                    Port.tcp(80, 8_080),
                    new Port(53, 5_353, Protocol.UDP),
                    Port.tcp(7_000, 9_000),
                    Port.tcp(7_001, 9_001),
                    Port.tcp(443, 8_443)))
            .limits(
                new Limits(
                    OptionalLong.of(512L << 20),
                    OptionalInt.of(512),
                    OptionalInt.of(1_500),
                    new TreeMap<>(
                        Map.of(
                            "nofile", new Limits.Ulimit(1_024, 4_096),
                            "nproc", new Limits.Ulimit(99, 99)))))
            .privileges(
                new Privileges(
                    true, new TreeSet<>(List.of("NET_ADMIN")), new TreeSet<>(List.of("ALL"))))
            .labels(Map.of("team", "web", "tier", "1"))
            .restartPolicy(RestartPolicy.onFailure(3))
            .startsAfter(List.of("db"))
            .stopTimeout(Optional.of(Duration.ofSeconds(90)))
            .build();

    assertEquals(
        List.of(web, db),
        read(
            """
            version: "3.8"
            services:
              web:
                image: registry:5000/web:${TAG}
                pull_policy: always
                command: serve --name "two words" $$HOME
                entrypoint: [/bin/tini, --]
                env_file: [web.env, {path: missing.env, required: false}]
                environment: {SIZE: 2, WHO: , RATIO: 0.50}
                user: 1000:1000
                working_dir: /srv
                ports:
                - "8080:80"
                - 5353:53/udp
                - 9000-9001:7000-7001
                - {target: 443, published: "8443"}
                mem_limit: 512m
                cpu_shares: 512
                cpus: 1.5
                ulimits: {nofile: {soft: 1024, hard: 4096}, nproc: 99}
                read_only: true
                cap_add: [CAP_NET_ADMIN]
                cap_drop: [all]
                labels: [team=web, tier=1]
                restart: on-failure:3
                depends_on: {db: {condition: service_healthy}}
                stop_grace_period: 1m30s
              db:
                image: mongo:${VERSION:-7}
                volumes:
                - data:/data/db
                - {type: volume, source: logs, target: /logs, read_only: true}
                healthcheck:
                  test: mongo --eval 1
                  interval: 1m30s
                  timeout: 1.5s
                  start_period: 1m
                  retries: 5
            volumes:
              data:
                labels: {team: storage}
                x-flocker:
                  maximum_size: 10G
                  profile: gold
                  dataset_id: 6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11
              logs: {name: ops.logs}
            """));
  }

  @ParameterizedTest
  @CsvSource({"no, never", "always, always", "unless-stopped, always", "on-failure, on-failure"})
  void readsARestartPolicy(String word, String name) throws FormatException {
    Application read = read(service("restart: '" + word + "'")).getFirst();

    assertEquals(name, read.restartPolicy().name().toString());
  }

  @Test
  void readsTheOtherForms() throws FormatException {
    Application read =
        read("""
        services:
          db:
            image: a
            command:
            entrypoint: []
            environment: [A=b=c, WHO]
            mem_limit: 0
            cpus: "0"
            depends_on: [web]
            healthcheck: {disable: true}
            labels: {rank: 1}
            pull_policy: if_not_present
            volumes: ["data:/d:ro"]
          web: {image: b}
        volumes: {data: }
        """)
            .getFirst();

    assertEquals(
        new Program(
            Optional.empty(),
            Optional.of(List.of()),
            new TreeMap<>(Map.of("A", "b=c", "WHO", "world")),
            Optional.empty(),
            Optional.empty()),
        read.program());
    assertEquals(Limits.NONE, read.limits());
    assertEquals(List.of("web"), List.copyOf(read.startsAfter()));
    assertEquals(HealthCheck.of(List.of("NONE")), read.healthCheck().orElseThrow());
    assertEquals(Map.of("rank", "1"), read.labels());
    assertEquals(PullPolicy.MISSING, read.pullPolicy());
    assertEquals(true, read.volumes().getFirst().readOnly());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          build: .                         | build is not carried over: build the image elsewhere and write its name
          networks: [a]                    | networks is not carried over: applications reach each other by their external ports
          deploy: {replicas: 2}            | deploy is not carried over: write mem_limit, cpus and restart; every service is one container
          prots: ['1:1']                   | prots is unknown; known are cap_add, cap_drop, command, cpu_shares, cpus, depends_on, entrypoint, env_file, environment, healthcheck, image, labels, mem_limit, ports, pull_policy, read_only, restart, stop_grace_period, ulimits, user, volumes, working_dir
          command: 'a "b'                  | command: a quote is not closed in: a "b
          command: 1                       | command is a text, not 1; put it into quotes
          command: []                      | command is empty, for which engines take the image's own; leave it out for that
          healthcheck: {disable: true, test: a} | healthcheck.test is not run, since disable says so; leave one of them out
          entrypoint: [1]                  | entrypoint[0] is a text, not 1; put it into quotes
          environment: {A: true}           | environment.A is a text or a number, not true
          environment: [UNSET]             | environment[0] has no value, and the variable UNSET is not set
          env_file: missing.env            | env_file is missing.env, which is not there
          env_file: latin.env              | env_file is latin.env, which is not UTF-8
          ports: ['80']                    | ports[0]: a port is '<external>:<internal>', with /udp if it is, and answers on every node: not '80'
          ports: ['127.0.0.1:80:80']       | ports[0]: a port is '<external>:<internal>', with /udp if it is, and answers on every node: not '127.0.0.1:80:80'
          ports: ['1-3:1-2']               | ports[0]: two ranges of ports are of one length, at most 1000: not '1-3:1-2'
          ports: ['1-60000:1-60000']       | ports[0]: two ranges of ports are of one length, at most 1000: not '1-60000:1-60000'
          ports: [{target: 80}]            | ports[0].published is missing
          ports: [{target: 80, published: 80, mode: host}] | ports[0].mode is unknown; known are protocol, published, target
          volumes: [/data]                 | volumes[0]: a volume is '<name>:<path in the container>', with :ro if it is read only, not '/data'
          volumes: ['./data:/data']        | volumes[0]: a node's folder does not move to others: use a volume instead of ./data
          volumes: ['other:/data']         | volumes[0]: the volume other is not among the file's volumes
          volumes: ['data:/data:z']        | volumes[0]: a volume is '<name>:<path in the container>', with :ro if it is read only, not 'data:/data:z'
          volumes: [{type: bind, source: data, target: /d}] | volumes[0].type is volume, not 'bind': a node's folders do not move
          restart: sometimes               | restart: it is one of no, always, unless-stopped, on-failure and on-failure:<number>, not 'sometimes'
          mem_limit: much                  | mem_limit: a size is a number, with b, k, m or g if wanted, such as 512m, not 'much'
          cpus: 0.0001                     | cpus: a number of CPUs has three digits after the point, not '0.0001'
          cpus: all                        | cpus: a number of CPUs is such as 0.5 or 2, not 'all'
          ulimits: {nofile: {soft: 2, hard: 1}} | ulimits.nofile: a soft limit is at most the hard one: 2 is above 1
          healthcheck: {interval: 5s}      | healthcheck.test is missing
          healthcheck: {test: [a]}         | healthcheck.test: a test is CMD with its arguments, CMD-SHELL with one line, or NONE, not [a]
          healthcheck: {test: a, interval: 5} | healthcheck.interval is a text, not 5; put it into quotes
          healthcheck: {test: a, interval: 5x} | healthcheck.interval: a duration has its units (us, ms, s, m, h), such as 1m30s, not '5x'
          healthcheck: {test: a, start_interval: 5s} | healthcheck.start_interval is unknown; known are disable, interval, retries, start_period, test, timeout
          depends_on: [ghost]              | depends_on[0] is the service ghost, which is not there
          depends_on: {web: {condition: service_completed_successfully}} | depends_on.web.condition is service_started or service_healthy, not 'service_completed_successfully'
          read_only: yes                   | read_only is true or false, not 'yes'
          cap_add: [net admin]             | cap_add: a capability is a word such as NET_ADMIN, not 'NET ADMIN'
          pull_policy: build               | pull_policy: a pull policy is one of [always, missing, never], not 'build'
          stop_grace_period: 99999999h     | stop_grace_period: a duration is a year at most, not '99999999h'
          """)
  void refusesAField(String field, String problem) {
    String text = service(field) + "\n  web: {image: b}\nvolumes: {data: {}}";
    assertEquals(List.of("compose.yaml:4: application db: " + problem), refusals(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a: 1                               | services is missing;a is unknown; known are services, version, volumes
          []                                 | is a mapping, not a list
          {services: {}, name: shop}         | name is not carried over: the names of applications are the whole cluster's; leave it out
          {services: {}, networks: {a: }}    | networks is not carried over: applications reach each other by their external ports, on every node
          {services: {}, volumes: {a: {external: true}}} | volumes.a.external is not carried over: a volume that is there is found by its name
          {services: {}, volumes: {a: {name: -}}} | volumes.a.name: a volume's name is <namespace>.<id> of letters, digits, '_', '-' (and '.' in the id), not 'default.-'
          {services: {}, volumes: {a: {x-flocker: {size: 1G}}}} | volumes.a.x-flocker.size is unknown; known are dataset_id, maximum_size, profile, replication
          """)
  void refusesWhatStandsBesideTheServices(String text, String problems) {
    assertEquals(
        List.of(problems.split(";(?! known| leave)", -1)).stream()
            .map(problem -> "compose.yaml:1: " + problem)
            .toList(),
        refusals(text));
  }

  @Test
  void refusesWhatIsTooMuch() {
    assertEquals(
        List.of("compose.yaml:4: application db: ports[1] makes more than 1024 of them"),
        refusals(service("ports: ['1-1000:1-1000', '2001-3000:2001-3000', '1:1']")));
    assertEquals(
        List.of("compose.yaml:4: application db: env_file is a list of at most 64 files"),
        refusals(service("env_file: [" + "web.env, ".repeat(65) + "]")));
    String mebibyte = "x".repeat(1 << 20);
    ComposeSurroundings surroundings =
        new ComposeSurroundings(Map.of("LONG", mebibyte), _ -> new byte[0]);
    assertEquals(
        List.of("compose.yaml:4: the variables of the file are longer than 1 MiB"),
        Refusals.of(() ->
            WishReader.compose(
                SourceFile.of("compose.yaml", service("user: $LONG$LONG")), surroundings)));
  }

  @ParameterizedTest
  @CsvSource({
    "depends_on: [db], db cannot start after itself",
    "labels: {flocker.digest: a}, the label flocker.digest is one of flockerd's own",
    "'ports: [1:80, 2:80, 1:81]', the external port 1/tcp is there twice",
  })
  void refusesPartsThatContradictEachOther(String field, String problem) {
    assertEquals(List.of("compose.yaml:3: application db: " + problem), refusals(service(field)));
  }

  @Test
  void refusesALabelOfAVolumeThatCouldNotGoWithIt() {
    List<String> refusals =
        refusals(
            service("volumes: [data:/data]")
                + "\nvolumes:\n  data:\n    labels: {note: "
                + "x".repeat(257)
                + "}\n");
    assertEquals(1, refusals.size(), refusals::toString);
    assertTrue(
        refusals.getFirst().contains("the metadata's entry 'note'"), () -> refusals.getFirst());
  }

  @Test
  void namesTheLinesOfEnvironmentFiles() {
    assertEquals(
        List.of(
            "wrong.env:2: application db: a line is NAME=value, not 'no value'",
            "wrong.env:3: application db: a value in quotes ends with the line, and has no"
                + " backslash"),
        refusals(service("env_file: wrong.env")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ${UNSET}      | the variable UNSET is not set; set it, or write ${UNSET:-otherwise}
          $UNSET        | the variable UNSET is not set; set it, or write ${UNSET:-otherwise}
          ${WHO:?no}    | a variable is $NAME, ${NAME}, ${NAME:-otherwise} or ${NAME-otherwise}, and a dollar $$
          ${A:-${B}}    | a variable is $NAME, ${NAME}, ${NAME:-otherwise} or ${NAME-otherwise}, and a dollar $$
          cost 5$       | a variable is $NAME, ${NAME}, ${NAME:-otherwise} or ${NAME-otherwise}, and a dollar $$
          """)
  void refusesAVariableThatIsNotThere(String value, String problem) {
    assertEquals(List.of("compose.yaml:4: " + problem), refusals(service("user: '" + value + "'")));
  }

  @ParameterizedTest
  @CsvSource({
    "${WHO}, world",
    "$WHO!, world!",
    "${EMPTY:-x}, x",
    "a${EMPTY-x}b, ab",
    "${UNSET-}x, x",
    "$$WHO, $WHO",
    "$${WHO}, ${WHO}",
  })
  void putsVariablesIntoValues(String value, String expected) throws FormatException {
    Application read = read(service("user: '" + value + "'")).getFirst();

    assertEquals(Optional.of(expected), read.program().user());
  }

  @Test
  void namesWhatServicesContradictEachOtherIn() {
    assertEquals(
        List.of(
            "compose.yaml:2: application a: starts after itself, by way of others",
            "compose.yaml:3: application b: has the external port 80/tcp, as a",
            "compose.yaml:3: application b: starts after itself, by way of others"),
        refusals(
            """
            services:
              a: {image: a, ports: ['80:80'], depends_on: [b]}
              b: {image: b, ports: ['80:81'], depends_on: [a]}
            """));
  }

  private static String service(String field) {
    return "services:\n  db:\n    image: a\n    " + field;
  }

  private static List<String> refusals(String text) {
    return Refusals.of(() -> read(text));
  }

  private static List<Application> read(String text) throws FormatException {
    return WishReader.compose(SourceFile.of("compose.yaml", text), SURROUNDINGS);
  }
}
