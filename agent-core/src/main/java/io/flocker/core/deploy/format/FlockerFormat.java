package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.ApplicationBuilder;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Flocker's application file, version 1, as of Flocker 0.4. */
final class FlockerFormat {
  static final String VERSION = "version";
  static final String APPLICATIONS = "applications";

  /** What no file of 2014 has: that flocker-deploy refuses it, and so nothing is misread. */
  static final String REPLICATION = "replication";

  private static final int THE_VERSION = 1;

  /** As many ports or links as the API takes for one application. */
  private static final int MOST_OF_A_KIND = 1_024;

  private FlockerFormat() {}

  /** Whether a document is meant to be one, right or wrong. */
  static boolean isMeant(YamlValue root) {
    return root instanceof YamlValue.Mapping mapping
        && mapping.byKey().containsKey(VERSION)
        && mapping.byKey().containsKey(APPLICATIONS);
  }

  /** Reads one; other keys than its two are passed over, as in 2014: nodes write some there. */
  static Definitions read(Field document) {
    Fields top = document.mapping();
    requireVersion(top);
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Application> read = new ArrayList<>();
    top.require(APPLICATIONS)
        .filter(applications -> !applications.isNothing() || refusedAsEmpty(applications))
        .map(Field::mapping)
        .ifPresent(applications ->
            applications
                .all()
                .forEach((name, field) -> {
                  lines.put(name, applications.line(name));
                  application(name, field.ownedBy(Definitions.subject(name))).ifPresent(read::add);
                }));
    return new Definitions(document.file(), lines, read);
  }

  /** Notes what is wrong with the version of a file. */
  static void requireVersion(Fields top) {
    top.require(VERSION)
        .ifPresent(version -> {
          OptionalLong _ = version.number(THE_VERSION, THE_VERSION);
        });
  }

  private static boolean refusedAsEmpty(Field applications) {
    applications.refuse("is a mapping, not empty; write {} for none");
    return false;
  }

  private static Optional<Application> application(String name, Field whole) {
    Fields fields = whole.mapping();
    Optional<Image> image = fields.require("image").flatMap(field -> field.text(Image::parse));
    Program program = program(fields.find("environment"));
    List<Port> ports = list(fields.find("ports"), FlockerFormat::port);
    List<Link> links = list(fields.find("links"), FlockerFormat::link);
    List<MountedVolume> volumes =
        fields.find("volume").flatMap(volume -> volume(name, volume)).stream().toList();
    Limits limits = limits(fields);
    RestartPolicy policy =
        fields
            .find("restart_policy")
            .flatMap(FlockerFormat::restartPolicy)
            .orElse(RestartPolicy.NEVER);
    fields.refuseUnknown();
    return build(
        whole,
        name,
        image,
        parts ->
            parts
                .program(program)
                .ports(ports)
                .links(links)
                .volumes(volumes)
                .limits(limits)
                .restartPolicy(policy));
  }

  /** Makes an application of its parts, and notes on {@code whole} why it cannot be. */
  static Optional<Application> build(
      Field whole, String name, Optional<Image> image, UnaryOperator<ApplicationBuilder> parts) {
    return whole
        .attempt(() -> Application.requireName(name))
        .flatMap(_ -> image)
        .flatMap(from -> whole.attempt(parts.apply(Application.named(name, from))::build));
  }

  static Program program(Optional<Field> environment) {
    return program(
        environment.map(field -> field.mapping().all(Field::text)).orElse(Map.of()), environment);
  }

  /** The image's own program with variables; {@code field} is where they stand. */
  static Program program(Map<String, String> variables, Optional<Field> field) {
    Program own = Program.OF_THE_IMAGE;
    return field
        .flatMap(where ->
            where.attempt(() ->
                new Program(
                    own.command(),
                    own.entrypoint(),
                    new TreeMap<>(variables),
                    own.user(),
                    own.workingDirectory())))
        .orElse(own);
  }

  private static Limits limits(Fields fields) {
    OptionalLong memory = positive(fields.find("mem_limit"), Long.MAX_VALUE);
    OptionalLong shares = positive(fields.find("cpu_shares"), Integer.MAX_VALUE);
    return new Limits(
        memory,
        shares.isPresent() ? OptionalInt.of((int) shares.getAsLong()) : OptionalInt.empty(),
        OptionalInt.empty(),
        Limits.NONE.ulimits());
  }

  /** A limit; 0 is none, as engines have it. */
  static OptionalLong positive(Optional<Field> field, long most) {
    return field
        .map(limit -> limit.number(0, most))
        .filter(limit -> limit.orElse(0) > 0)
        .orElse(OptionalLong.empty());
  }

  private static Optional<Port> port(Field whole) {
    Fields fields = whole.mapping();
    OptionalInt internal = port(fields, "internal");
    OptionalInt external = port(fields, "external");
    fields.refuseUnknown();
    return internal.isPresent() && external.isPresent()
        ? Optional.of(Port.tcp(internal.getAsInt(), external.getAsInt()))
        : Optional.empty();
  }

  private static Optional<Link> link(Field whole) {
    Fields fields = whole.mapping();
    OptionalInt local = port(fields, "local_port");
    OptionalInt remote = port(fields, "remote_port");
    Optional<Field> alias = fields.require("alias");
    fields.refuseUnknown();
    return alias
        .flatMap(Field::text)
        .filter(_ -> local.isPresent() && remote.isPresent())
        .flatMap(
            text -> alias.get().attempt(() -> new Link(local.getAsInt(), remote.getAsInt(), text)));
  }

  private static OptionalInt port(Fields fields, String key) {
    return fields.require(key).map(Field::port).orElse(OptionalInt.empty());
  }

  private static Optional<MountedVolume> volume(String application, Field whole) {
    Fields fields = whole.mapping();
    Optional<Field> mountpoint = fields.require("mountpoint");
    Optional<String> path = mountpoint.flatMap(field -> field.text(FlockerFormat::ascii));
    OptionalLong size =
        fields
            .find("maximum_size")
            .flatMap(field -> field.text(Sizes::flocker))
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    Optional<VolumeId> id = fields.find("dataset_id").flatMap(field -> field.text(VolumeId::parse));
    Optional<WishedPolicy> replication = fields.find(REPLICATION).flatMap(ReplicationFormat::read);
    fields.refuseUnknown();
    return path.flatMap(folder ->
        mountpoint
            .get()
            .attempt(() ->
                new MountedVolume(
                    ownVolume(application),
                    id,
                    folder,
                    false,
                    size,
                    Optional.empty(),
                    new TreeMap<>(),
                    replication)));
  }

  /**
   * What a list of {@code field} comes to, where one item may stand for several; that it is too
   * much is noted.
   */
  static <T> List<T> several(Optional<Field> field, Function<Field, List<T>> reader) {
    List<T> all = new ArrayList<>();
    for (Field item : field.map(Field::items).orElse(List.of())) {
      all.addAll(reader.apply(item));
      if (all.size() > MOST_OF_A_KIND) {
        item.refuse("makes more than " + MOST_OF_A_KIND + " of them");
        return List.of();
      }
    }
    return all;
  }

  /** The one volume that an application had in 2014. */
  static VolumeName ownVolume(String application) {
    return new VolumeName(MountedVolume.NAMESPACE, application);
  }

  private static String ascii(String text) {
    if (!US_ASCII.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("it has other characters than those of ASCII");
    }
    return text;
  }

  private static Optional<RestartPolicy> restartPolicy(Field whole) {
    Fields fields = whole.mapping();
    Optional<RestartPolicy.Name> name =
        fields.require("name").flatMap(field -> field.text(RestartPolicy.Name::parse));
    Optional<Field> count = fields.find("maximum_retry_count");
    OptionalLong retries =
        count.map(field -> field.number(1, Integer.MAX_VALUE)).orElse(OptionalLong.empty());
    fields.refuseUnknown();
    return name.flatMap(kind ->
        count
            .orElse(whole)
            .attempt(() ->
                new RestartPolicy(
                    kind,
                    retries.isPresent()
                        ? OptionalInt.of((int) retries.getAsLong())
                        : OptionalInt.empty())));
  }

  static <T> List<T> list(Optional<Field> field, Function<Field, Optional<T>> reader) {
    return field.stream()
        .flatMap(list -> list.items().stream())
        .flatMap(item -> reader.apply(item).stream())
        .toList();
  }
}
