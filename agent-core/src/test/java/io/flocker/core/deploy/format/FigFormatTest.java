package io.flocker.core.deploy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.volume.VolumeName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigFormatTest {
  private static final String FIG =
      """
      web:
        image: flask
        links:
        - db:mysql
        - db
        environment:
        - A=b=c
        - BARE
        mem_limit: 100000000
      db:
        image: mysql:5.6
        ports: ["3307:3306", "81:80"]
        volumes: [/var/lib/mysql]
        environment: {SIZE: '1'}
      """;

  @Test
  @DisplayName(
      "74 75 variables without a value are empty, links lead to every port of later services")
  void readsEveryField() throws FormatException {
    Application db =
        Application.named("db", Image.parse("mysql:5.6"))
            .ports(List.of(Port.tcp(3_306, 3_307), Port.tcp(80, 81)))
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.db"), "/var/lib/mysql")))
            .program(program(Map.of("SIZE", "1")))
            .build();
    Application web =
        Application.named("web", Image.parse("flask"))
            .links(
                List.of(
                    new Link(3_306, 3_307, "mysql"),
                    new Link(80, 81, "mysql"),
                    new Link(3_306, 3_307, "db"),
                    new Link(80, 81, "db")))
            .program(program(Map.of("A", "b=c", "BARE", "")))
            .limits(
                new Limits(
                    OptionalLong.of(100_000_000),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    new TreeMap<>()))
            .build();

    assertEquals(List.of(web, db), read(FIG));
  }

  @ParameterizedTest
  @DisplayName("75 76 what Flocker did not take of Fig is refused by its name")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {image: a, build: .}              | 2 | build stands beside image: one of them only
          {build: .}                        | 2 | build is not supported; build the image elsewhere and write its name
          {image: a, command: b}            | 2 | command is not supported
          {image: a, comand: b}             | 2 | comand is unknown; known are build, command, dns, domainname, entrypoint, environment, expose, hostname, image, links, mem_limit, net, ports, privileged, user, volumes, volumes_from, working_dir
          {image: a, ports: ['80']}         | 2 | ports[0]: a port is '<external>:<internal>', not '80'
          {image: a, ports: ['a:80']}       | 2 | ports[0]: a port is '<external>:<internal>', not 'a:80'
          {image: a, ports: ['80:0']}       | 2 | ports[0]: a port is from 1 to 65535, not 0
          {image: a, ports: [80]}           | 2 | ports[0] is a text, not 80; put it into quotes
          {image: a, links: [ghost]}        | 2 | links[0] leads to ghost, which is not there
          {image: a, links: other}          | 2 | links is a list, not 'other'
          {image: a, volumes: [/a, /b]}     | 2 | volumes[1] is one volume too many: an application has one here
          {image: a, volumes: ['/a:/b']}    | 2 | volumes[0]: a mountpoint is an absolute path in the container, not '/a:/b'
          {image: a, mem_limit: 1g}         | 2 | mem_limit is a whole number of at least 0, not '1g'
          {image: a, environment: [1]}      | 2 | environment[0] is a text, not 1; put it into quotes
          5                                 | 2 | is a mapping, not 5
          """)
  void refusesAField(String service, int line, String problem) {
    assertEquals(
        List.of("application.yml:" + line + ": application db: " + problem),
        Refusals.ofApplications("other: {image: b, ports: ['1:1']}\ndb: " + service));
  }

  @Test
  @DisplayName("77 78 what Fig says, in Flocker's form, says the same, and is not taken for Fig")
  void goesThroughFlockersFormUnchanged() throws FormatException {
    List<Application> read =
        read(FIG).stream().map(one -> one.with().limits(Limits.NONE).build()).toList();

    assertEquals(
        read.stream().sorted(Comparator.comparing(Application::name)).toList(),
        read(NodeStateWriter.write(read, new TreeSet<>())));
  }

  private static Program program(Map<String, String> environment) {
    return new Program(
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(environment),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Application> read(String text) throws FormatException {
    return WishReader.applications(SourceFile.of("application.yml", text));
  }
}
