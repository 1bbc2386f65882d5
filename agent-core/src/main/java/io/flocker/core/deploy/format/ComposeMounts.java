package io.flocker.core.deploy.format;

import io.flocker.core.deploy.MountedVolume;
import java.util.List;
import java.util.Optional;

/** Where a service of Compose mounts its volumes, in the short and the long form. */
final class ComposeMounts {
  private static final String RULE =
      "a volume is '<name>:<path in the container>', with :ro if it is read only, not '";

  private ComposeMounts() {}

  /** One of them; empty if something is wrong, which is noted. */
  static Optional<MountedVolume> read(Field field, ComposeVolumes declared) {
    return field.isMapping() ? mapped(field, declared) : parsed(field, declared);
  }

  private static Optional<MountedVolume> parsed(Field field, ComposeVolumes declared) {
    Optional<List<String>> parts = field.text(text -> List.of(text.split(":", -1)));
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    List<String> given = parts.get();
    boolean isShort = given.size() == 2;
    boolean hasMode = given.size() == 3 && (given.get(2).equals("ro") || given.get(2).equals("rw"));
    if (!isShort && !hasMode) {
      field.complain(RULE + String.join(":", given) + "'");
      return Optional.empty();
    }
    return volume(field, given.get(0), declared)
        .flatMap(volume ->
            field.attempt(() -> volume.at(given.get(1), hasMode && given.get(2).equals("ro"))));
  }

  private static Optional<MountedVolume> mapped(Field whole, ComposeVolumes declared) {
    Fields fields = whole.mapping();
    fields
        .require("type")
        .ifPresent(type ->
            type.text()
                .filter(text -> !text.equals("volume"))
                .ifPresent(_ ->
                    type.refuse(
                        "is volume, not " + type.shown() + ": a node's folders do not move")));
    Optional<Field> source = fields.require("source");
    Optional<String> name = source.flatMap(Field::text);
    Optional<Field> target = fields.require("target");
    Optional<String> path = target.flatMap(Field::text);
    boolean readOnly = fields.find("read_only").flatMap(Field::flag).orElse(false);
    fields.refuseUnknown();
    return name.flatMap(text -> volume(source.get(), text, declared))
        .flatMap(volume ->
            path.flatMap(folder -> target.get().attempt(() -> volume.at(folder, readOnly))));
  }

  private static Optional<ComposeVolumes.Declared> volume(
      Field field, String name, ComposeVolumes declared) {
    if (name.startsWith(".") || name.startsWith("/") || name.startsWith("~")) {
      field.complain("a node's folder does not move to others: use a volume instead of " + name);
      return Optional.empty();
    }
    Optional<ComposeVolumes.Declared> known = declared.declared().get(name);
    if (known == null) {
      field.complain("the volume " + name + " is not among the file's volumes");
      return Optional.empty();
    }
    return known;
  }
}
