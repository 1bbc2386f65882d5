package io.flocker.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads one YAML 1.2 document that is a mapping, without anchors' aliases, of bounded size. */
final class YamlFile {
  /** A scalar of 4 MB costs the parser seconds, so the bytes are counted before it sees them. */
  private static final int MAX_BYTES = 256 << 10;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new CoreSchema()).build();

  private YamlFile() {}

  /** The text of {@code file}. */
  static String text(Path file) throws ConfigurationException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw problem(file, "it is longer than 256 KiB");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException _) {
      throw problem(file, "there is no such file; two lines will do: 'version: 1', 'pool: <name>'");
    } catch (CharacterCodingException _) {
      throw problem(file, "it is not UTF-8");
    } catch (IOException e) {
      throw problem(file, "it cannot be read: " + e);
    }
  }

  /** The mapping that {@code text} is; {@code file} names it in messages. */
  static MappingNode mapping(Path file, String text) throws ConfigurationException {
    try {
      refuseAliases(file, text);
      Optional<Node> document = new Compose(SETTINGS).composeString(text);
      if (document.orElse(null) instanceof MappingNode mapping) {
        return mapping;
      }
    } catch (MarkedYamlEngineException e) {
      throw problem(file, line(e.getProblemMark()) + e.getProblem());
    } catch (YamlEngineException e) {
      throw problem(file, String.valueOf(e.getMessage()));
    }
    throw problem(file, "it is no mapping; the least is 'version: 1'");
  }

  /** Where {@code mark} is, as the beginning of a problem. */
  static String line(Optional<Mark> mark) {
    return mark.map(m -> "line " + (m.getLine() + 1) + ": ").orElse("");
  }

  private static void refuseAliases(Path file, String text) throws ConfigurationException {
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      if (event instanceof AliasEvent) {
        throw problem(
            file, line(event.getStartMark()) + "aliases are not allowed; write the value again");
      }
    }
  }

  private static ConfigurationException problem(Path file, String problem) {
    return new ConfigurationException(file, List.of(problem));
  }
}
