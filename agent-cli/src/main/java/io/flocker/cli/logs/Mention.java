package io.flocker.cli.logs;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Something that messages speak of: an id, which may be cut short, or a name of a volume. What is
 * logged beside a name tells the volume's id, by which it is found from then on. One thread.
 */
public final class Mention {
  private static final String OF_NODES = "node-";

  private final String text;
  private final boolean isName;
  private final Set<String> ids;

  private Mention(String text, boolean isName, Set<String> ids) {
    this.text = text;
    this.isName = isName;
    this.ids = new HashSet<>(ids);
  }

  /**
   * One of a volume's name.
   *
   * @param ids that the volume is known to have
   */
  public static Mention ofName(String name, Set<String> ids) {
    return new Mention(name, /* isName= */ true, ids);
  }

  /** One of an id, or of its beginning. */
  public static Mention ofId(String id) {
    return new Mention(id, /* isName= */ false, Set.of());
  }

  /** Whether any text of a message speaks of it. */
  boolean isIn(LogMessage message) {
    if (isIn(message, text)) {
      if (isName) {
        learn(message.document());
      }
      return true;
    }
    return ids.stream().anyMatch(id -> isIn(message, id));
  }

  /** A clone is told of beside the volume that it is made of. */
  private void learn(JsonNode document) {
    String id = document.path(document.has("clone") ? "clone" : "volume").asString("");
    if (!id.isEmpty()) {
      ids.add(id);
    }
  }

  /** A line that does not have it anywhere need not be taken apart. */
  private static boolean isIn(LogMessage message, String text) {
    return message.line().contains(text) && isIn(message.document(), text);
  }

  private static boolean isIn(JsonNode value, String text) {
    if (value.isString()) {
      return isIn(value.stringValue(), text);
    }
    for (JsonNode part : value) {
      if (isIn(part, text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it stands there by itself, and not as a part of another word. */
  private static boolean isIn(String value, String text) {
    boolean isWhole = text.indexOf('.') >= 0; // Ids may be cut short, names may not.
    for (int at = value.indexOf(text); at >= 0; at = value.indexOf(text, at + 1)) {
      int end = at + text.length();
      boolean begins =
          at == 0
              || isBorder(value.charAt(at - 1))
              || value.startsWith(OF_NODES, at - OF_NODES.length());
      boolean ends = !isWhole || end == value.length() || isBehindName(value.charAt(end));
      if (begins && ends) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBorder(char c) {
    return !Character.isLetterOrDigit(c) && c != '_' && c != '-';
  }

  /** A further period makes another name. */
  private static boolean isBehindName(char c) {
    return isBorder(c) && c != '.';
  }
}
