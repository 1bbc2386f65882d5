package io.flocker.core.yaml;

import io.flocker.core.yaml.YamlValue.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Makes a tree of the events of a document. One thread, once. */
final class YamlTree {
  /** Deeper than any document that is written by hand, and no danger to a stack. */
  private static final int MAX_DEPTH = 32;

  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

  private static final Map<Tag, Kind> KINDS =
      Map.of(
          Tag.INT, Kind.INTEGER,
          Tag.FLOAT, Kind.DECIMAL,
          Tag.BOOL, Kind.BOOLEAN,
          Tag.NULL, Kind.NOTHING);

  private final Iterator<Event> events;
  private final List<YamlDocument.Repeat> repeats = new ArrayList<>();

  YamlTree(Iterator<Event> events) {
    this.events = events;
  }

  YamlDocument read() throws YamlException {
    expect(Event.ID.StreamStart);
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      return new YamlDocument(new YamlValue.Scalar(1, Kind.NOTHING, ""), List.of());
    }
    YamlValue root = value(events.next(), 0, "");
    expect(Event.ID.DocumentEnd);
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new YamlException(line(end), "a second document begins; there is one only");
    }
    return new YamlDocument(root, repeats);
  }

  /** Where {@code mark} is, from 1. */
  static OptionalInt line(Optional<Mark> mark) {
    return mark.map(m -> OptionalInt.of(m.getLine() + 1)).orElse(OptionalInt.empty());
  }

  private YamlValue value(Event event, int depth, String path) throws YamlException {
    if (depth > MAX_DEPTH) {
      throw new YamlException(line(event), "it is nested deeper than " + MAX_DEPTH + " levels");
    }
    return switch (event) {
      case AliasEvent _ ->
          throw new YamlException(line(event), "aliases are not allowed; write the value again");
      case ScalarEvent scalar -> scalar(scalar);
      case SequenceStartEvent start -> sequence(start, depth, path);
      case MappingStartEvent start -> mapping(start, depth, path);
      default -> throw new YamlException(line(event), "a value is missing");
    };
  }

  private YamlValue.Scalar scalar(ScalarEvent event) throws YamlException {
    refuseTag(event, event.getTag());
    String text = event.getValue();
    Kind kind =
        event.isPlain() ? KINDS.getOrDefault(RESOLVER.resolve(text, true), Kind.TEXT) : Kind.TEXT;
    return new YamlValue.Scalar(line(event), kind, text);
  }

  private YamlValue sequence(CollectionStartEvent start, int depth, String path)
      throws YamlException {
    refuseTag(start, start.getTag());
    List<YamlValue> values = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      values.add(value(event, depth + 1, path + "[" + values.size() + "]"));
      event = events.next();
    }
    return new YamlValue.Sequence(line(start), values);
  }

  private YamlValue mapping(CollectionStartEvent start, int depth, String path)
      throws YamlException {
    refuseTag(start, start.getTag());
    List<YamlValue.Entry> entries = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      if (!(value(event, depth + 1, path) instanceof YamlValue.Scalar key)) {
        throw new YamlException(line(event), "a key is a text, not a list or a mapping");
      }
      String below = path.isEmpty() ? key.text() : path + "." + key.text();
      entries.add(new YamlValue.Entry(key, value(events.next(), depth + 1, below)));
      event = events.next();
    }
    YamlValue.Mapping mapping = new YamlValue.Mapping(line(start), entries);
    for (YamlValue.Entry repeated : mapping.repeated()) {
      String key = repeated.key().text();
      repeats.add(
          new YamlDocument.Repeat(repeated.key().line(), path.isEmpty() ? key : path + "." + key));
    }
    return mapping;
  }

  private void expect(Event.ID id) throws YamlException {
    Event event = events.next();
    if (event.getEventId() != id) {
      throw new YamlException(line(event), "it is no document of YAML");
    }
  }

  private static void refuseTag(Event event, Optional<String> tag) throws YamlException {
    if (tag.isPresent()) {
      throw new YamlException(
          line(event), "tags are not allowed; write the value without '" + tag.get() + "'");
    }
  }

  private static int line(Event event) {
    return line(event.getStartMark()).orElse(1);
  }
}
