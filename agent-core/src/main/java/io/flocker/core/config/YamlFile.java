package io.flocker.core.config;

import io.flocker.core.yaml.YamlDocument;
import io.flocker.core.yaml.YamlException;
import io.flocker.core.yaml.YamlValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads one YAML file that is a mapping. */
public final class YamlFile {
  private YamlFile() {}

  /**
   * The content of {@code file}, as far as it can be told whether it is too long.
   *
   * @throws ConfigurationException if it is not there, or cannot be read
   */
  public static byte[] bytes(Path file) throws ConfigurationException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(YamlDocument.MAX_BYTES + 1);
    } catch (NoSuchFileException _) {
      throw problem(file, "there is no such file; two lines will do: 'version: 1', 'pool: <name>'");
    } catch (IOException e) {
      throw problem(file, "it cannot be read: " + e);
    }
  }

  /**
   * The mapping that {@code bytes} are.
   *
   * @param file names them in messages
   * @param problems is told of keys that are given twice
   */
  static YamlValue.Mapping mapping(Path file, byte[] bytes, List<String> problems)
      throws ConfigurationException {
    if (root(file, bytes, problems) instanceof YamlValue.Mapping mapping) {
      return mapping;
    }
    throw problem(file, "it is no mapping; the least is 'version: 1'");
  }

  /** The same of a file that says only what differs, which may be nothing. */
  static YamlValue.Mapping part(Path file, byte[] bytes, List<String> problems)
      throws ConfigurationException {
    return switch (root(file, bytes, problems)) {
      case YamlValue.Mapping mapping -> mapping;
      case YamlValue.Scalar scalar when scalar.kind() == YamlValue.Kind.NOTHING ->
          new YamlValue.Mapping(scalar.line(), List.of());
      default -> throw problem(file, "it is no mapping, such as 'pool: <name>'");
    };
  }

  private static YamlValue root(Path file, byte[] bytes, List<String> problems)
      throws ConfigurationException {
    try {
      YamlDocument document = YamlDocument.read(bytes);
      document
          .repeats()
          .forEach(repeat ->
              problems.add("line " + repeat.line() + ": " + repeat.path() + " is given twice"));
      return document.root();
    } catch (YamlException e) {
      throw problem(file, String.valueOf(e.getMessage()));
    }
  }

  private static ConfigurationException problem(Path file, String problem) {
    return new ConfigurationException(file, List.of(problem));
  }
}
