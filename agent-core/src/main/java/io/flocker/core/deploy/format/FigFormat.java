package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fig's file, as far as Flocker 0.3 read it. */
final class FigFormat {
  private static final String IMAGE = "image";
  private static final String BUILD = "build";

  /** What Fig knew and Flocker did not. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "command",
          "dns",
          "domainname",
          "entrypoint",
          "expose",
          "hostname",
          "net",
          "privileged",
          "user",
          "volumes_from",
          "working_dir");

  private static final Pattern PORTS = Pattern.compile("([0-9]{1,5}):([0-9]{1,5})");

  private FigFormat() {}

  /** Whether a document is meant to be one: something in it has an image, or is to be built. */
  static boolean isMeant(YamlValue root) {
    return root instanceof YamlValue.Mapping mapping
        && mapping.entries().stream()
            .anyMatch(entry ->
                entry.value() instanceof YamlValue.Mapping service
                    && (service.byKey().containsKey(IMAGE) != service.byKey().containsKey(BUILD)));
  }

  /** Reads one. */
  static Definitions read(Field document) {
    Fields top = document.mapping();
    Map<String, Field> services = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    top.all()
        .forEach((name, field) -> {
          Field own = field.ownedBy(Definitions.subject(name));
          services.put(name, own);
          lines.put(name, top.line(name));
          if (own.isMapping()) {
            ports.put(name, FlockerFormat.list(own.mapping().find("ports"), FigFormat::port));
          }
        });
    List<Application> read = new ArrayList<>();
    services.forEach((name, whole) -> application(name, whole, ports).ifPresent(read::add));
    return new Definitions(document.file(), lines, read);
  }

  private static Optional<Application> application(
      String name, Field whole, Map<String, List<Port>> ports) {
    Fields fields = whole.mapping();
    Optional<Image> image = image(fields);
    Program program = program(fields.find("environment"));
    var _ = fields.find("ports");
    List<Link> links = FlockerFormat.several(fields.find("links"), item -> links(item, ports));
    List<MountedVolume> volumes = volumes(name, fields.find("volumes"));
    Limits limits =
        new Limits(
            FlockerFormat.positive(fields.find("mem_limit"), Long.MAX_VALUE),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Limits.NONE.ulimits());
    for (String key : UNSUPPORTED) {
      if (fields.find(key).isPresent()) {
        fields.refuse(key, "is not supported");
      }
    }
    fields.refuseUnknown();
    return FlockerFormat.build(
        whole,
        name,
        image,
        parts ->
            parts
                .program(program)
                .ports(ports.getOrDefault(name, List.of()))
                .links(links)
                .volumes(volumes)
                .limits(limits));
  }

  private static Optional<Image> image(Fields fields) {
    boolean isBuilt = fields.find(BUILD).isPresent();
    if (isBuilt && fields.find(IMAGE).isPresent()) {
      fields.refuse(BUILD, "stands beside image: one of them only");
      return Optional.empty();
    }
    if (isBuilt) {
      fields.refuse(BUILD, "is not supported; build the image elsewhere and write its name");
      return Optional.empty();
    }
    return fields.require(IMAGE).flatMap(field -> field.text(Image::parse));
  }

  private static Program program(Optional<Field> environment) {
    if (environment.filter(Field::isList).isEmpty()) {
      return FlockerFormat.program(environment);
    }
    Map<String, String> variables = new LinkedHashMap<>();
    environment
        .get()
        .texts()
        .forEach(text -> {
          int end = text.indexOf('=');
          variables.put(
              end < 0 ? text : text.substring(0, end), end < 0 ? "" : text.substring(end + 1));
        });
    return FlockerFormat.program(variables, environment);
  }

  private static Optional<Port> port(Field field) {
    return field.text(text -> {
      Matcher matcher = PORTS.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("a port is '<external>:<internal>', not '" + text + "'");
      }
      return Port.tcp(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(1)));
    });
  }

  /** A link to each port of another service. */
  private static List<Link> links(Field field, Map<String, List<Port>> ports) {
    Optional<String> text = field.text();
    if (text.isEmpty()) {
      return List.of();
    }
    int end = text.get().indexOf(':');
    String target = end < 0 ? text.get() : text.get().substring(0, end);
    String alias = text.get().substring(end + 1);
    if (!ports.containsKey(target)) {
      field.refuse("leads to " + target + ", which is not there");
      return List.of();
    }
    return ports.getOrDefault(target, List.of()).stream()
        .flatMap(
            port -> field.attempt(() -> new Link(port.internal(), port.external(), alias)).stream())
        .toList();
  }

  private static List<MountedVolume> volumes(String application, Optional<Field> field) {
    List<Field> items = field.map(Field::items).orElse(List.of());
    if (items.size() > 1) {
      items.get(1).refuse("is one volume too many: an application has one here");
    }
    return items.stream()
        .limit(1)
        .flatMap(item ->
            item
                .text(path -> MountedVolume.of(FlockerFormat.ownVolume(application), path))
                .stream())
        .toList();
  }
}
