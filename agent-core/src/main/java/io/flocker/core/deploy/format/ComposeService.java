package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.ApplicationBuilder;
import io.flocker.core.deploy.HealthCheck;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Limits.Ulimit;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Privileges;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.RestartPolicy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One service of a file of Compose while it is read. One thread, once. */
final class ComposeService {
  private static final Pattern RESTART = Pattern.compile("on-failure(?::([1-9][0-9]{0,8}))?");
  private static final Pattern CPUS = Pattern.compile("[0-9]{1,6}(?:\\.[0-9]{1,9})?");
  private static final int MILLI = 3;
  private static final int MOST_FILES = 64;

  private final String name;
  private final Field whole;
  private final Fields fields;
  private final Set<String> services;
  private final ComposeVolumes declared;
  private final ComposeSurroundings surroundings;

  /**
   * A service that is to be read.
   *
   * @param services the names of all in the file
   */
  ComposeService(
      String name,
      Field whole,
      Set<String> services,
      ComposeVolumes declared,
      ComposeSurroundings surroundings) {
    this.name = name;
    this.whole = whole;
    this.fields = whole.mapping();
    this.services = services;
    this.declared = declared;
    this.surroundings = surroundings;
  }

  /** The application; empty if something is wrong, which is noted. */
  Optional<Application> read() {
    Optional<Image> image = fields.require("image").flatMap(field -> field.text(Image::parse));
    Optional<Program> program = program();
    List<Port> ports = FlockerFormat.several(fields.find("ports"), ComposePorts::read);
    List<MountedVolume> volumes =
        FlockerFormat.list(fields.find("volumes"), field -> ComposeMounts.read(field, declared));
    Optional<Limits> limits = limits();
    Optional<Privileges> privileges = privileges();
    Optional<HealthCheck> healthCheck = fields.find("healthcheck").flatMap(ComposeHealth::read);
    Map<String, String> labels = fields.find("labels").map(ComposeService::texts).orElse(Map.of());
    RestartPolicy restart =
        fields
            .find("restart")
            .flatMap(field -> field.text(ComposeService::restart))
            .orElse(RestartPolicy.NEVER);
    List<String> earlier = fields.find("depends_on").map(this::startsAfter).orElse(List.of());
    Optional<Duration> stopTimeout =
        fields.find("stop_grace_period").flatMap(field -> field.text(ComposeDuration::parse));
    PullPolicy pull =
        fields
            .find("pull_policy")
            .flatMap(field -> field.text(ComposeService::pullPolicy))
            .orElse(PullPolicy.MISSING);
    ComposeRefusals.refuseService(fields);
    Optional<String> checked = whole.attempt(() -> Application.requireName(name));
    if (checked.isEmpty()
        || image.isEmpty()
        || program.isEmpty()
        || limits.isEmpty()
        || privileges.isEmpty()) {
      return Optional.empty();
    }
    ApplicationBuilder builder =
        Application.named(name, image.get())
            .pullPolicy(pull)
            .program(program.get())
            .ports(ports)
            .volumes(volumes)
            .limits(limits.get())
            .privileges(privileges.get())
            .healthCheck(healthCheck)
            .labels(labels)
            .restartPolicy(restart)
            .startsAfter(earlier)
            .stopTimeout(stopTimeout);
    return whole.attempt(builder::build);
  }

  private Optional<Program> program() {
    Optional<List<String>> command = fields.find("command").flatMap(ComposeService::words);
    Optional<List<String>> entrypoint = fields.find("entrypoint").flatMap(ComposeService::words);
    if (command.filter(List::isEmpty).isPresent() && entrypoint.orElse(List.of()).isEmpty()) {
      fields.refuse(
          "command", "is empty, for which engines take the image's own; leave it out for that");
    }
    Map<String, String> environment = environment();
    Optional<String> user = fields.find("user").flatMap(Field::word);
    Optional<String> folder = fields.find("working_dir").flatMap(Field::text);
    return whole.attempt(
        () -> new Program(command, entrypoint, new TreeMap<>(environment), user, folder));
  }

  /** A command line as one text or as its words; nothing is the image's own. */
  private static Optional<List<String>> words(Field field) {
    if (field.isNothing()) {
      return Optional.empty();
    }
    return field.isList() ? Optional.of(field.texts()) : field.text(ShellWords::of);
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    fields
        .find("env_file")
        .ifPresent(field -> {
          List<Field> files = field.isList() ? field.items() : List.of(field);
          if (files.size() > MOST_FILES) {
            field.refuse("is a list of at most " + MOST_FILES + " files");
          } else {
            files.forEach(file -> variables.putAll(environmentFile(file)));
          }
        });
    fields
        .find("environment")
        .ifPresent(field -> {
          if (field.isList()) {
            field.items().forEach(item -> variable(item, variables));
          } else {
            field
                .mapping()
                .all()
                .forEach((key, value) ->
                    (value.isNothing() ? inherited(value, key) : value.word())
                        .ifPresent(text -> variables.put(key, text)));
          }
        });
    return variables;
  }

  private Map<String, String> environmentFile(Field field) {
    if (!field.isMapping()) {
      return field
          .text()
          .map(path -> EnvironmentFile.read(field, path, /* isRequired= */ true, surroundings))
          .orElse(Map.of());
    }
    Fields file = field.mapping();
    boolean isRequired = file.find("required").flatMap(Field::flag).orElse(true);
    Optional<String> path = file.require("path").flatMap(Field::text);
    file.refuseUnknown();
    return path.map(text -> EnvironmentFile.read(field, text, isRequired, surroundings))
        .orElse(Map.of());
  }

  private void variable(Field item, Map<String, String> variables) {
    item.text()
        .ifPresent(text -> {
          int end = text.indexOf('=');
          if (end < 0) {
            inherited(item, text).ifPresent(value -> variables.put(text, value));
          } else {
            variables.put(text.substring(0, end), text.substring(end + 1));
          }
        });
  }

  /** A variable without a value has that of whoever deploys. */
  private Optional<String> inherited(Field field, String variable) {
    String value = surroundings.variables().get(variable);
    if (value == null) {
      field.refuse("has no value, and the variable " + variable + " is not set");
    }
    return Optional.ofNullable(value);
  }

  /** Texts by name, as a mapping or as a list of {@code name=text}. */
  static Map<String, String> texts(Field field) {
    if (!field.isList()) {
      return field.mapping().all(Field::word);
    }
    Map<String, String> texts = new LinkedHashMap<>();
    field
        .texts()
        .forEach(text -> {
          int end = text.indexOf('=');
          texts.put(
              end < 0 ? text : text.substring(0, end), end < 0 ? "" : text.substring(end + 1));
        });
    return texts;
  }

  private Optional<Limits> limits() {
    OptionalLong memory =
        fields
            .find("mem_limit")
            .flatMap(field -> field.word(Sizes::compose))
            .filter(bytes -> bytes > 0)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    OptionalLong shares =
        fields
            .find("cpu_shares")
            .map(field -> field.digits(0, Integer.MAX_VALUE))
            .filter(limit -> limit.orElse(0) > 0)
            .orElse(OptionalLong.empty());
    OptionalInt milliCpus =
        fields
            .find("cpus")
            .flatMap(field -> field.word(ComposeService::milliCpus))
            .filter(limit -> limit > 0)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
    Map<String, Ulimit> ulimits =
        fields
            .find("ulimits")
            .map(field -> field.mapping().all(ComposeService::ulimit))
            .orElse(Map.of());
    return whole.attempt(() ->
        new Limits(
            memory,
            shares.isPresent() ? OptionalInt.of((int) shares.getAsLong()) : OptionalInt.empty(),
            milliCpus,
            new TreeMap<>(ulimits)));
  }

  private static int milliCpus(String text) {
    if (!CPUS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a number of CPUs is such as 0.5 or 2, not '" + text + "'");
    }
    try {
      return new BigDecimal(text)
          .movePointRight(MILLI)
          .setScale(0, RoundingMode.UNNECESSARY)
          .intValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a number of CPUs has three digits after the point, not '" + text + "'", e);
    }
  }

  private static Optional<Ulimit> ulimit(Field field) {
    if (!field.isMapping()) {
      OptionalLong both = field.digits(Ulimit.UNLIMITED, Long.MAX_VALUE);
      return both.isPresent()
          ? Optional.of(new Ulimit(both.getAsLong(), both.getAsLong()))
          : Optional.empty();
    }
    Fields limit = field.mapping();
    OptionalLong soft = limit(limit, "soft");
    OptionalLong hard = limit(limit, "hard");
    limit.refuseUnknown();
    return soft.isPresent() && hard.isPresent()
        ? field.attempt(() -> new Ulimit(soft.getAsLong(), hard.getAsLong()))
        : Optional.empty();
  }

  private static OptionalLong limit(Fields fields, String key) {
    return fields
        .require(key)
        .map(field -> field.digits(Ulimit.UNLIMITED, Long.MAX_VALUE))
        .orElse(OptionalLong.empty());
  }

  private Optional<Privileges> privileges() {
    boolean readOnly = fields.find("read_only").flatMap(Field::flag).orElse(false);
    Optional<Field> add = fields.find("cap_add");
    Optional<Field> drop = fields.find("cap_drop");
    SortedSet<String> added = capabilities(add);
    SortedSet<String> dropped = capabilities(drop);
    return add.or(() -> drop).orElse(whole).attempt(() -> new Privileges(readOnly, added, dropped));
  }

  /** As engines call them, with or without their prefix. */
  private static SortedSet<String> capabilities(Optional<Field> field) {
    SortedSet<String> capabilities = new TreeSet<>();
    field
        .map(Field::texts)
        .orElse(List.of())
        .forEach(text -> capabilities.add(text.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "")));
    return capabilities;
  }

  private static RestartPolicy restart(String text) {
    Matcher failure = RESTART.matcher(text);
    if (failure.matches()) {
      return failure.group(1) == null
          ? RestartPolicy.onFailure()
          : RestartPolicy.onFailure(Integer.parseInt(failure.group(1)));
    }
    return switch (text) {
      case "no" -> RestartPolicy.NEVER;
      // What somebody stops by hand is started again in either case: it is wished.
      case "always", "unless-stopped" -> RestartPolicy.ALWAYS;
      default ->
          throw new IllegalArgumentException(
              "it is one of no, always, unless-stopped, on-failure and on-failure:<number>, not '"
                  + text
                  + "'");
    };
  }

  private static PullPolicy pullPolicy(String text) {
    return text.equals("if_not_present") ? PullPolicy.MISSING : PullPolicy.parse(text);
  }

  /** What is to run first; what has a health check counts as running when it is healthy. */
  private List<String> startsAfter(Field field) {
    List<String> earlier = new ArrayList<>();
    if (field.isList()) {
      field.items().forEach(item -> item.text().ifPresent(text -> add(item, text, earlier)));
      return earlier;
    }
    field
        .mapping()
        .all()
        .forEach((service, value) -> {
          Fields how = value.mapping();
          how.find("condition")
              .ifPresent(condition ->
                  condition
                      .text()
                      .filter(text ->
                          !text.equals("service_started") && !text.equals("service_healthy"))
                      .ifPresent(_ ->
                          condition.refuse(
                              "is service_started or service_healthy, not " + condition.shown())));
          how.refuseUnknown();
          add(value, service, earlier);
        });
    return earlier;
  }

  private void add(Field field, String service, List<String> earlier) {
    if (services.contains(service)) {
      earlier.add(service);
    } else {
      field.refuse("is the service " + service + ", which is not there");
    }
  }
}
