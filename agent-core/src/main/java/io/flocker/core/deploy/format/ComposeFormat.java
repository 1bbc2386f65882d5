package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Application;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file of Docker Compose, as far as a wish can say the same. */
final class ComposeFormat {
  static final String SERVICES = "services";

  private ComposeFormat() {}

  /** Reads one. */
  static Definitions read(Field document, ComposeSurroundings surroundings) {
    Field whole = new Interpolation(surroundings.variables()).in(document);
    Fields top = whole.mapping();
    var _ = top.find("version"); // Says nothing any more, by Compose's own word.
    ComposeVolumes volumes = ComposeVolumes.read(top.find("volumes"));
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Application> read = new ArrayList<>();
    Optional<Fields> services = top.require(SERVICES).map(Field::mapping);
    services.ifPresent(all -> all.all().forEach((name, _) -> lines.put(name, all.line(name))));
    services.ifPresent(all ->
        all.all()
            .forEach((name, field) ->
                new ComposeService(
                        name,
                        field.ownedBy(Definitions.subject(name)),
                        lines.keySet(),
                        volumes,
                        surroundings)
                    .read()
                    .ifPresent(read::add)));
    ComposeRefusals.refuseTop(top);
    return new Definitions(document.file(), lines, read);
  }
}
