package io.flocker.core.deploy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container is made from: {@code [<registry>/]<repository>[:<tag>][@<digest>]}.
 *
 * @param repository with its registry, if it has one
 * @param tag {@value #DEFAULT_TAG} unless given
 * @param digest such as {@code sha256:...}; what it names never changes, whatever the tag
 */
public record Image(String repository, String tag, Optional<String> digest) {
  /** What is meant where no tag is written. */
  public static final String DEFAULT_TAG = "latest";

  /** A colon after the last slash begins a tag, one before it a registry's port. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?<repository>(?:[a-zA-Z0-9.-]+(?::[0-9]{1,5})?/)?[a-zA-Z0-9._/-]+)"
              + "(?::(?<tag>[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}))?"
              + "(?:@(?<digest>[a-z0-9]+:[0-9a-f]{32,128}))?");

  private static final int MAX_LENGTH = 512;

  /**
   * Parses an image's name.
   *
   * @throws IllegalArgumentException if it has another form
   */
  @JsonCreator
  public static Image parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      throw new IllegalArgumentException(
          "an image is <repository>[:<tag>], for example redis:7, not '" + text + "'");
    }
    return new Image(
        matcher.group("repository"),
        Optional.ofNullable(matcher.group("tag")).orElse(DEFAULT_TAG),
        Optional.ofNullable(matcher.group("digest")));
  }

  /** With its tag, always. */
  @JsonValue
  @Override
  public String toString() {
    return repository + ":" + tag + digest.map(value -> "@" + value).orElse("");
  }
}
