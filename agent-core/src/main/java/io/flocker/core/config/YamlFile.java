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
final class YamlFile {
  private YamlFile() {}

  /** The content of {@code file}, as far as it can be told whether it is too long. */
  static byte[] bytes(Path file) throws ConfigurationException {
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
    try {
      YamlDocument document = YamlDocument.read(bytes);
      if (document.root() instanceof YamlValue.Mapping mapping) {
        document
            .repeats()
            .forEach(repeat ->
                problems.add("line " + repeat.line() + ": " + repeat.path() + " is given twice"));
        return mapping;
      }
    } catch (YamlException e) {
      throw problem(file, String.valueOf(e.getMessage()));
    }
    throw problem(file, "it is no mapping; the least is 'version: 1'");
  }

  private static ConfigurationException problem(Path file, String problem) {
    return new ConfigurationException(file, List.of(problem));
  }
}
