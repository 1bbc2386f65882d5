package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Contradiction;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.format.DeploymentFormat.Placement;
import io.flocker.core.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes a wish of files. Any thread. */
public final class WishReader {
  private static final String NEITHER =
      "it is neither an application file of Flocker (version and applications at the top) nor of"
          + " Fig (services with an image at the top)";

  private static final String COMPOSE =
      "it is a file of Compose, which says by itself what runs together: it is deployed onto one"
          + " node, without a deployment file";

  private WishReader() {}

  /**
   * The wish of a deployment file and the applications of another, which is Flocker's or Fig's.
   *
   * @throws FormatException with all that is wrong with both
   */
  public static Deployment read(SourceFile deployment, SourceFile applications)
      throws FormatException {
    Problems problems = new Problems();
    Optional<YamlValue> wished = lenient(problems, deployment);
    Optional<YamlValue> defined = lenient(problems, applications);
    if (wished.isEmpty() || defined.isEmpty()) {
      defined.ifPresent(root -> definitions(Field.of(problems, applications.name(), root)));
      problems.check();
    }
    Definitions definitions =
        definitions(Field.of(problems, applications.name(), defined.orElseThrow()));
    Placement placement =
        DeploymentFormat.read(
            Field.of(problems, deployment.name(), wished.orElseThrow()), definitions);
    noteContradictions(problems, definitions, placement);
    problems.check();
    return new Deployment(definitions.applications(), placement.nodes());
  }

  /**
   * The services of a file of Compose, which are made for one node.
   *
   * @param surroundings what the file may refer to
   * @throws FormatException with all that is wrong with it
   */
  public static List<Application> compose(SourceFile file, ComposeSurroundings surroundings)
      throws FormatException {
    Problems problems = new Problems();
    Field document = Field.of(problems, file.name(), problems.read(file));
    Definitions definitions = ComposeFormat.read(document, surroundings);
    problems.check();
    List<NodeWish> together = List.of(NodeWish.of("together", definitions.lines().keySet()));
    for (Contradiction one : Contradiction.in(definitions.applications(), together)) {
      one.application().ifPresent(name -> note(problems, definitions, name, one));
    }
    problems.check();
    return definitions.applications();
  }

  /**
   * The applications of a file of Flocker or Fig by itself.
   *
   * @throws FormatException with all that is wrong with it
   */
  public static List<Application> applications(SourceFile file) throws FormatException {
    Problems problems = new Problems();
    Definitions definitions = definitions(Field.of(problems, file.name(), problems.read(file)));
    problems.check();
    return definitions.applications();
  }

  /**
   * Checks a document of the state of a cluster's nodes, as {@code flocker-deploy} makes it of what
   * {@code flocker-reportstate} printed; an application whose image is not known is left out.
   *
   * @return applications by node
   * @throws FormatException with all that is wrong with it
   */
  public static Map<String, List<Application>> clusterState(SourceFile file)
      throws FormatException {
    Problems problems = new Problems();
    Map<String, List<Application>> state = new LinkedHashMap<>();
    Field document = Field.of(problems, file.name(), problems.read(file));
    document
        .mapping()
        .all()
        .forEach((node, field) ->
            state.put(
                node,
                FlockerFormat.read(withKnownImages(field.ownedBy(Placement.subject(node))))
                    .applications()));
    problems.check();
    return state;
  }

  /**
   * Checks that a file is YAML, whatever it says.
   *
   * @throws FormatException if it is not
   */
  public static void requireYaml(SourceFile file) throws FormatException {
    YamlValue _ = new Problems().read(file);
  }

  private static Optional<YamlValue> lenient(Problems problems, SourceFile file) {
    try {
      return Optional.of(problems.read(file));
    } catch (FormatException _) {
      return Optional.empty(); // It is noted.
    }
  }

  private static Definitions definitions(Field document) {
    if (FlockerFormat.isMeant(document.value())) {
      return FlockerFormat.read(document);
    }
    if (FigFormat.isMeant(document.value())) {
      return FigFormat.read(document);
    }
    if (document.value() instanceof YamlValue.Mapping mapping
        && (mapping.byKey().containsKey(FlockerFormat.VERSION)
            || mapping.byKey().containsKey(FlockerFormat.APPLICATIONS))) {
      return FlockerFormat.read(document);
    }
    boolean isCompose =
        document.value() instanceof YamlValue.Mapping mapping
            && mapping.byKey().containsKey(ComposeFormat.SERVICES);
    document.refuse(isCompose ? COMPOSE : NEITHER);
    return new Definitions(document.file(), Map.of(), List.of());
  }

  private static Field withKnownImages(Field node) {
    if (!(node.value() instanceof YamlValue.Mapping mapping)) {
      return node;
    }
    List<YamlValue.Entry> entries = new ArrayList<>();
    for (YamlValue.Entry entry : mapping.entries()) {
      boolean isApplications = entry.key().text().equals(FlockerFormat.APPLICATIONS);
      entries.add(
          isApplications && entry.value() instanceof YamlValue.Mapping all
              ? new YamlValue.Entry(entry.key(), knownImages(all))
              : entry);
    }
    return node.with(new YamlValue.Mapping(mapping.line(), entries));
  }

  private static YamlValue knownImages(YamlValue.Mapping applications) {
    return new YamlValue.Mapping(
        applications.line(),
        applications.entries().stream().filter(entry -> !hasNoImage(entry.value())).toList());
  }

  private static boolean hasNoImage(YamlValue application) {
    return application instanceof YamlValue.Mapping mapping
        && mapping.entries().stream()
            .anyMatch(entry ->
                entry.key().text().equals("image")
                    && entry.value() instanceof YamlValue.Scalar scalar
                    && scalar.kind() == YamlValue.Kind.NOTHING);
  }

  /** What could not be read is not counted: it is noted already. */
  private static void noteContradictions(
      Problems problems, Definitions definitions, Placement placement) {
    Set<String> read =
        Set.copyOf(definitions.applications().stream().map(Application::name).toList());
    List<NodeWish> nodes =
        placement.nodes().stream()
            .map(wish ->
                NodeWish.of(
                    wish.node(), wish.applications().stream().filter(read::contains).toList()))
            .toList();
    for (Contradiction one : Contradiction.in(definitions.applications(), nodes)) {
      one.application().ifPresent(name -> note(problems, definitions, name, one));
      one.node()
          .ifPresent(node ->
              problems.note(
                  placement.file(),
                  OptionalInt.of(placement.lines().getOrDefault(node, 1)),
                  Placement.subject(node),
                  one.text()));
    }
  }

  private static void note(
      Problems problems, Definitions definitions, String application, Contradiction one) {
    problems.note(
        definitions.file(),
        OptionalInt.of(definitions.lines().getOrDefault(application, 1)),
        Definitions.subject(application),
        one.text());
  }
}
