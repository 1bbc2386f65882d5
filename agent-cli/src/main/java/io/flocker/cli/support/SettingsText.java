package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.yaml.YamlDocument;
import io.flocker.core.yaml.YamlException;
import io.flocker.core.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The settings of a node, with what may be secret left out: a line for each value. */
public final class SettingsText {
  private static final String LEFT_OUT = "(left out)";

  /** Programs' environments and arguments, and addresses, may bear a password or a token. */
  private static final Set<String> SECRET = Set.of("environment", "argv", "command", "url");

  private SettingsText() {}

  /** Reads a file of settings, whether they are right or not. */
  public static byte[] of(Path file) throws IOException {
    try {
      StringBuilder text = new StringBuilder();
      print("", YamlDocument.read(Files.readAllBytes(file)).root(), text);
      return text.toString().getBytes(UTF_8);
    } catch (YamlException e) {
      throw new IOException("not printed, since it is no YAML: " + e.getMessage(), e);
    }
  }

  private static void print(String path, YamlValue value, StringBuilder text) {
    switch (value) {
      case YamlValue.Mapping mapping -> {
        for (YamlValue.Entry entry : mapping.entries()) {
          String name = entry.key().text();
          String key = path.isEmpty() ? name : path + "." + name;
          if (SECRET.contains(name)) {
            line(key, LEFT_OUT, text);
          } else {
            print(key, entry.value(), text);
          }
        }
      }
      case YamlValue.Sequence sequence -> {
        for (int index = 0; index < sequence.values().size(); index++) {
          print(path + "." + index, sequence.values().get(index), text);
        }
      }
      case YamlValue.Scalar scalar -> line(path, scalar.text(), text);
    }
  }

  private static void line(String key, String value, StringBuilder text) {
    text.append(key).append(": ").append(value).append('\n');
  }
}
