package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.console.PlainText;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.Setting;
import io.flocker.core.config.SettingsFiles;
import io.flocker.core.config.YamlFile;
import io.flocker.core.yaml.YamlDocument;
import io.flocker.core.yaml.YamlException;
import io.flocker.core.yaml.YamlValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The settings of a node, with what may be secret left out: a line for each value. */
public final class SettingsText {
  private static final String LEFT_OUT = "(left out)";

  /** Programs' environments and arguments, and addresses, may bear a password or a token. */
  private static final Set<String> SECRET = Set.of("environment", "argv", "command", "url");

  /** Below these nothing is secret; a key that nobody knows may be a misspelt one of hooks. */
  private static final Set<String> OPEN =
      Set.of(
          "version",
          "listen",
          "advertise",
          "pool",
          "mount-root",
          "volume-mode",
          "certificates",
          "state",
          "identity",
          "tls",
          "zfs",
          "transfer",
          "replicas",
          "ownership",
          "engine",
          "docker-plugin",
          "log");

  /** What may be printed below all others. */
  private static final Set<String> TIMES = Set.of("deadline", "pause");

  private static final Set<String> FILES = Set.of("secret-file", "ca-file");

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
  public static byte[] of(Path file) {
    StringBuilder text = new StringBuilder();
    print(file, text);
    try {
      for (Path part : SettingsFiles.beside(file)) {
        text.append("# ").append(PlainText.of(part.toString())).append('\n');
        print(part, text);
      }
    } catch (ConfigurationException e) {
      notPrinted(e.problems().toString(), text);
    }
    return text.toString().getBytes(UTF_8);
  }

  private static void print(Path file, StringBuilder text) {
    try {
      YamlValue root = YamlDocument.read(YamlFile.bytes(file)).root();
      if (root instanceof YamlValue.Mapping mapping) {
        for (YamlValue.Entry entry : mapping.entries()) {
          String key = entry.key().text();
          print(key, key, OPEN.contains(key), entry.value(), text);
        }
      } else {
        notPrinted("it is " + root.what(), text);
      }
    } catch (ConfigurationException e) {
      notPrinted(e.problems().toString(), text);
    } catch (YamlException e) {
      notPrinted("it is no YAML: " + e.getMessage(), text);
    }
  }

  /**
   * Prints a value and what is below it.
   *
   * @param name the last key on the way to it
   * @param path with the others, and the places in lists
   * @param isOpen whether it may be printed even if its key is not known to be harmless
   */
  private static void print(
      String name, String path, boolean isOpen, YamlValue value, StringBuilder text) {
    if (SECRET.contains(name)) {
      line(path, LEFT_OUT, text);
      return;
    }
    switch (value) {
      case YamlValue.Mapping mapping -> {
        for (YamlValue.Entry entry : mapping.entries()) {
          String key = entry.key().text();
          print(key, path + "." + key, isOpen, entry.value(), text);
        }
      }
      case YamlValue.Sequence sequence -> {
        for (int index = 0; index < sequence.values().size(); index++) {
          print(name, path + "." + index, isOpen, sequence.values().get(index), text);
        }
      }
      case YamlValue.Scalar scalar ->
          line(path, isOpen || isHarmless(name, scalar.text()) ? scalar.text() : LEFT_OUT, text);
    }
  }

  /** Where a file is to be named its secret may stand by mistake. */
  private static boolean isHarmless(String name, String value) {
    return TIMES.contains(name) || (FILES.contains(name) && value.startsWith("/"));
  }

  private static void line(String key, String value, StringBuilder text) {
    text.append(PlainText.of(key)).append(": ").append(PlainText.of(value)).append('\n');
  }

  private static void notPrinted(String why, StringBuilder text) {
    text.append("# not printed: ").append(PlainText.of(why)).append('\n');
  }
}
