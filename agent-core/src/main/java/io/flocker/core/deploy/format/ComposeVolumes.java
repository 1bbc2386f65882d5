package io.flocker.core.deploy.format;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeMetadata;
import io.flocker.core.volume.VolumeName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The volumes that a file of Compose declares, by the names that its services use.
 *
 * @param declared without the mountpoint, which each service has of its own; empty for those that
 *     could not be read
 */
record ComposeVolumes(Map<String, Optional<Declared>> declared) {
  /** What a volume is, wherever it is mounted. */
  record Declared(
      VolumeName name,
      Optional<VolumeId> id,
      OptionalLong maximumSizeBytes,
      Optional<String> profile,
      Map<String, String> metadata,
      Optional<WishedPolicy> replication) {
    MountedVolume at(String mountpoint, boolean readOnly) {
      return new MountedVolume(
          name,
          id,
          mountpoint,
          readOnly,
          maximumSizeBytes,
          profile,
          new TreeMap<>(metadata),
          replication);
    }
  }

  static ComposeVolumes read(Optional<Field> field) {
    Map<String, Optional<Declared>> declared = new LinkedHashMap<>();
    field
        .filter(volumes -> !volumes.isNothing())
        .ifPresent(volumes ->
            volumes.mapping().all().forEach((name, one) -> declared.put(name, volume(name, one))));
    return new ComposeVolumes(declared);
  }

  private static Optional<Declared> volume(String name, Field whole) {
    if (whole.isNothing()) {
      return name(whole, name).map(own -> of(own, Optional.empty(), Map.of()));
    }
    Fields fields = whole.mapping();
    Optional<Field> given = fields.find("name");
    Optional<VolumeName> own =
        given.isEmpty()
            ? name(whole, name)
            : given.get().text().flatMap(text -> name(given.get(), text));
    Map<String, String> labels =
        fields.find("labels").map(ComposeVolumes::metadata).orElse(Map.of());
    Optional<Field> ours = fields.find("x-flocker");
    fields.refuseUnknown(
        Map.of(
            "external", "a volume that is there is found by its name",
            "driver", "every volume is flockerd's; leave it out",
            "driver_opts", "write the size by x-flocker"));
    return own.map(volume -> of(volume, ours.map(Field::mapping), labels));
  }

  private static Declared of(VolumeName name, Optional<Fields> ours, Map<String, String> metadata) {
    OptionalLong size =
        ours.flatMap(fields -> fields.find("maximum_size"))
            .flatMap(field -> field.text(Sizes::flocker))
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    Optional<String> profile = ours.flatMap(fields -> fields.find("profile")).flatMap(Field::text);
    Optional<VolumeId> id =
        ours.flatMap(fields -> fields.find("dataset_id"))
            .flatMap(field -> field.text(VolumeId::parse));
    Optional<WishedPolicy> replication =
        ours.flatMap(fields -> fields.find(FlockerFormat.REPLICATION))
            .flatMap(ReplicationFormat::read);
    ours.ifPresent(Fields::refuseUnknown);
    return new Declared(name, id, size, profile, metadata, replication);
  }

  private static Map<String, String> metadata(Field labels) {
    Map<String, String> texts = ComposeService.texts(labels);
    VolumeMetadata.objection(texts).ifPresent(labels::refuse);
    return texts;
  }

  /** {@code <namespace>.<id>}, or an id in the usual namespace. */
  private static Optional<VolumeName> name(Field field, String text) {
    return field.attempt(() ->
        text.contains(".")
            ? VolumeName.parse(text)
            : new VolumeName(MountedVolume.NAMESPACE, text));
  }
}
