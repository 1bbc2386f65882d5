package io.flocker.core.config;

import io.flocker.core.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What comes of the reading of settings: all that is wrong, and what holds. One thread. */
final class SettingsReading {
  private final SettingsFiles files;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  SettingsReading(SettingsFiles files) {
    this.files = files;
  }

  /** One line a problem. */
  List<String> problems() {
    return problems;
  }

  /** In the order in which they were asked for. */
  List<Setting> settings() {
    return List.copyOf(settings.values());
  }

  /** Notes what is wrong with a value, or with its key. */
  void note(YamlValue where, String key, String problem) {
    problems.add(files.place(where) + ": " + key + " " + problem);
  }

  /** Notes what is wrong with a key that no file has. */
  void note(String key, String problem) {
    problems.add(key + " " + problem);
  }

  /**
   * Notes what holds.
   *
   * @param given what a file says; null where that is the default
   */
  void holds(String key, String value, @Nullable YamlValue given) {
    settings.put(key, new Setting(key, value, given == null ? "" : files.from(given)));
  }
}
