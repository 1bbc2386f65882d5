package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.console.PlainText;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.Setting;
import io.flocker.core.config.SettingsFiles;
import io.flocker.core.yaml.YamlDocument;
import io.flocker.core.yaml.YamlException;
import io.flocker.core.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The settings of a node, with what may be secret left out: a line for each value. */
public final class SettingsText {
  private static final String LEFT_OUT = "(left out)";

  /** Programs' environments and arguments, and addresses, may bear a password or a token. */
  private static final Set<String> SECRET = Set.of("environment", "argv", "command", "url");

  private SettingsText() {}

  /** The settings that hold, each with who says so. */
  public static List<String> of(List<Setting> settings) {
    return settings.stream().map(SettingsText::line).toList();
  }

  private static String line(Setting setting) {
    String key = PlainText.of(setting.key());
    if (setting.isDefault()) {
      return setting.value().isEmpty()
          ? "# " + key + " is not given"
          : key + ": " + PlainText.of(setting.value()) + "  # default";
    }
    boolean isSecret = Arrays.stream(setting.key().split("\\.", -1)).anyMatch(SECRET::contains);
    String value = isSecret ? LEFT_OUT : PlainText.of(setting.value());
    return key + ": " + value + "  # " + PlainText.of(setting.from());
  }

  /** Reads a file of settings and those beside it, whether they are right or not. */
  public static byte[] of(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    print(file, text);
    try {
      for (Path part : SettingsFiles.beside(file)) {
        text.append("# ").append(part).append('\n');
        print(part, text);
      }
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
    return text.toString().getBytes(UTF_8);
  }

  private static void print(Path file, StringBuilder text) throws IOException {
    try {
      print("", YamlDocument.read(Files.readAllBytes(file)).root(), text);
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
