package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.id.IdPrefix;
import java.util.regex.Pattern;

/**
 * What people call a peer: no other peer of the node has the name.
 *
 * @param text as the name of a host, in lower case, and nothing that could be the beginning of a
 *     uuid: {@code feed} is none, {@code b}, {@code node-2} and {@code store.example} are
 */
public record PeerName(String text) {
  private static final int MAX_LENGTH = 253; // RFC 1035, 2.3.4, without the root's dot
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern FORM = Pattern.compile(LABEL + "([.]" + LABEL + ")*");

  public PeerName {
    if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a peer's name is like that of a host, in lower case, such as node-2: not '"
              + text
              + "'");
    }
    if (IdPrefix.of(text).isPresent()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' could be the beginning of a uuid: a peer's name of "
              + IdPrefix.MIN_LENGTH
              + " characters and more has one that is neither a digit, nor a to f, nor a dash");
    }
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  @JsonCreator
  public static PeerName parse(String text) {
    return new PeerName(text);
  }

  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
