package io.flocker.core.deploy.engine;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.failure.FailureException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Containers of flockerd's, whatever state they are in. That one of them cannot be looked at says
 * nothing of the others.
 *
 * @param known by their application's name
 * @param unknown of which nothing may be concluded; by their application's name
 */
public record Containers(List<Container> known, List<UnknownContainer> unknown) {
  /** None at all. */
  public static final Containers NONE = of(List.of());

  public Containers {
    known = List.copyOf(known);
    unknown = List.copyOf(unknown);
  }

  /** These, of each of which all is known. */
  public static Containers of(List<Container> known) {
    return new Containers(known, List.of());
  }

  /**
   * All of them, for those who cannot do with less.
   *
   * @throws FailureException why one of them is unknown
   */
  public List<Container> whole() throws FailureException {
    if (!unknown.isEmpty()) {
      throw unknown.getFirst().failure();
    }
    return known;
  }

  /** What they were made with. */
  public Stream<MountedVolume> volumes() {
    return Stream.concat(
            known.stream().map(one -> one.definition().application().volumes()),
            unknown.stream().map(UnknownContainer::volumes))
        .flatMap(List::stream);
  }
}
