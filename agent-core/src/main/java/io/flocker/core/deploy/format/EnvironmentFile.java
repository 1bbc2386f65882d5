package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.yaml.YamlDocument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code NAME=value} lines, as Compose's {@code env_file} has them: blank lines and those
 * that begin with {@code #} are nothing, and a value in single quotes is taken as it is.
 */
final class EnvironmentFile {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?(?<name>[a-zA-Z_][a-zA-Z0-9_.-]*)=(?<value>.*)");

  private static final Pattern QUOTED =
      Pattern.compile("(?:'(?<single>[^']*)'|\"(?<double>[^\"\\\\]*)\")\\s*(?:#.*)?");

  private EnvironmentFile() {}

  /**
   * The variables of a file; what is wrong with it is noted at its own lines.
   *
   * @param field where the file is named
   * @param isRequired whether there has to be one
   */
  static Map<String, String> read(
      Field field, String path, boolean isRequired, ComposeSurroundings surroundings) {
    try {
      byte[] bytes = surroundings.files().read(path);
      if (bytes.length > YamlDocument.MAX_BYTES) {
        field.refuse("is " + path + ", which is longer than 256 KiB");
        return Map.of();
      }
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return variables(field, path, text.lines().toList(), surroundings);
    } catch (NoSuchFileException _) {
      if (isRequired) {
        field.refuse("is " + path + ", which is not there");
      }
    } catch (CharacterCodingException _) {
      field.refuse("is " + path + ", which is not UTF-8");
    } catch (IOException e) {
      field.refuse("is " + path + ", which cannot be read: " + e);
    }
    return Map.of();
  }

  private static Map<String, String> variables(
      Field field, String path, List<String> lines, ComposeSurroundings surroundings) {
    Interpolation interpolation = new Interpolation(surroundings.variables());
    Map<String, String> variables = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines) {
      number++;
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      try {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
          throw new IllegalArgumentException("a line is NAME=value, not '" + line + "'");
        }
        variables.put(matcher.group("name"), value(matcher.group("value").strip(), interpolation));
      } catch (IllegalArgumentException e) {
        field
            .problems()
            .note(path, OptionalInt.of(number), field.subject(), String.valueOf(e.getMessage()));
      }
    }
    return variables;
  }

  private static String value(String text, Interpolation interpolation) {
    Matcher quoted = QUOTED.matcher(text);
    if (quoted.matches()) {
      String literal = quoted.group("single");
      return literal == null ? interpolation.in(quoted.group("double")) : literal;
    }
    if (text.startsWith("'") || text.startsWith("\"")) {
      throw new IllegalArgumentException(
          "a value in quotes ends with the line, and has no backslash");
    }
    int comment = text.indexOf(" #");
    return interpolation.in((comment < 0 ? text : text.substring(0, comment)).strip());
  }
}
