package io.flocker.http.describe;

import java.util.List;
import java.util.function.Consumer;

/** HTML as it is being written; what comes from elsewhere is escaped. One thread. */
final class Html {
  private final StringBuilder text = new StringBuilder();

  /** An element around what {@code content} writes; attributes as names and values in turn. */
  Html element(String name, List<String> attributes, Consumer<Html> content) {
    text.append('<').append(name);
    for (int i = 0; i < attributes.size(); i += 2) {
      text.append(' ').append(attributes.get(i)).append("=\"");
      text(attributes.get(i + 1));
      text.append('"');
    }
    text.append('>');
    content.accept(this);
    text.append("</").append(name).append('>');
    return this;
  }

  /** An element without attributes. */
  Html element(String name, Consumer<Html> content) {
    return element(name, List.of(), content);
  }

  /** An element around text. */
  Html element(String name, String content) {
    return element(name, html -> html.text(content));
  }

  /** An element of one class, around text. */
  Html span(String kind, String content) {
    return element("span", List.of("class", kind), html -> html.text(content));
  }

  /** A link within the page. */
  Html link(String id, String content) {
    return element("a", List.of("href", "#" + id), html -> html.text(content));
  }

  /** A block of code, which can be scrolled with the keyboard. */
  Html code(String content) {
    return element("pre", List.of("tabindex", "0"), html -> html.element("code", content));
  }

  Html text(String content) {
    for (int i = 0; i < content.length(); i++) {
      char character = content.charAt(i);
      switch (character) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        default -> text.append(character);
      }
    }
    return this;
  }

  /** HTML that is ours. */
  Html raw(String html) {
    text.append(html);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
