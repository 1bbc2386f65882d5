package io.flocker.transfer.plugin;

import io.flocker.core.deploy.format.Sizes;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.transfer.attach.VolumeAttachment;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What {@code docker volume create --opt} may say. */
final class DockerOptions {
  private static final String SIZE = "size";
  private static final String PROFILE = "profile";

  private DockerOptions() {}

  /**
   * What a volume is made with.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} for an option that would not be heeded
   */
  static VolumeAttachment.Making read(Map<String, String> options) throws FailureException {
    OptionalLong size = OptionalLong.empty();
    Optional<String> profile = Optional.empty();
    for (Map.Entry<String, String> option : options.entrySet()) {
      switch (option.getKey()) {
        case SIZE -> size = size(option.getValue());
        case PROFILE -> profile = Optional.of(option.getValue());
        default ->
            throw RequestFailure.MALFORMED_REQUEST.because(
                "there is no option '%s'; there are %s, such as 10g, and %s"
                    .formatted(option.getKey(), SIZE, PROFILE));
      }
    }
    return new VolumeAttachment.Making(size, profile);
  }

  /** 0 is no limit, as for the memory of containers. */
  private static OptionalLong size(String text) throws FailureException {
    try {
      long bytes = Sizes.compose(text);
      return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST
          .because("option '%s': %s".formatted(SIZE, e.getMessage()))
          .causedBy(e);
    }
  }
}
