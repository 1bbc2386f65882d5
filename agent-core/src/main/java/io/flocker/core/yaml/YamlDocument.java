package io.flocker.core.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.List;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * One document of YAML 1.2 (core schema).
 *
 * @param root what it is; {@link YamlValue.Kind#NOTHING} if there is none
 * @param repeats keys that are given twice in one mapping, with all keys on the way to them
 */
public record YamlDocument(YamlValue root, List<Repeat> repeats) {
  /** A scalar of 4 MB costs the parser seconds, so the bytes are counted before it sees them. */
  public static final int MAX_BYTES = 256 << 10;

  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  /** A key that was there before. */
  public record Repeat(int line, String path) {}

  public YamlDocument {
    repeats = List.copyOf(repeats);
  }

  /**
   * Reads a document.
   *
   * @throws YamlException naming the line, if the bytes are no UTF-8 and YAML, have tags or
   *     aliases, or are more, or deeper, than is read here
   */
  public static YamlDocument read(byte[] bytes) throws YamlException {
    if (bytes.length > MAX_BYTES) {
      throw new YamlException(OptionalInt.empty(), "it is longer than 256 KiB");
    }
    String text = text(bytes);
    try {
      return new YamlTree(new Parse(SETTINGS).parseString(text).iterator()).read();
    } catch (MarkedYamlEngineException e) {
      throw new YamlException(YamlTree.line(e.getProblemMark()), String.valueOf(e.getProblem()));
    } catch (ReaderException e) {
      throw new YamlException(
          lineAt(text, text.offsetByCodePoints(0, e.getPosition())),
          "the character U+%04X is not allowed".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      throw new YamlException(OptionalInt.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** Where {@code line} is, as the beginning of a problem; nothing if there is none. */
  public static String place(OptionalInt line) {
    return line.isPresent() ? "line " + line.getAsInt() + ": " : "";
  }

  private static String text(byte[] bytes) throws YamlException {
    CharsetDecoder decoder = UTF_8.newDecoder();
    ByteBuffer from = ByteBuffer.wrap(bytes);
    CharBuffer to = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(from, to, true);
    to.flip();
    if (result.isError()) {
      throw new YamlException(lineAt(to, to.length()), "it is not UTF-8");
    }
    return to.toString();
  }

  private static int lineAt(CharSequence text, int end) {
    return 1 + (int) text.subSequence(0, end).chars().filter(c -> c == '\n').count();
  }
}
