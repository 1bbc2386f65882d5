package io.flocker.core.config;

import io.flocker.core.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The settings as files say them: a file, and those of the folder {@code conf.d} beside it, in the
 * order of their names. Of what several say the last one holds, key by key; a list is one value.
 * One thread.
 */
public final class SettingsFiles {
  private static final String FOLDER = "conf.d";
  private static final String ENDING = ".yml";

  private final Path file;

  /** Which of the folder's files a value is from; the others are from the file itself. */
  private final IdentityHashMap<YamlValue, Path> origins = new IdentityHashMap<>();

  SettingsFiles(Path file) {
    this.file = file;
  }

  /**
   * The files of the folder beside {@code file}, in their order; none where it is not there.
   *
   * @throws ConfigurationException if it cannot be looked into
   */
  public static List<Path> beside(Path file) throws ConfigurationException {
    Path folder = file.resolveSibling(FOLDER);
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(SettingsFiles::isMeant).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException e) {
      throw new ConfigurationException(folder, List.of("it cannot be read: " + e));
    }
  }

  /**
   * What editors leave begins with a period, or ends otherwise. A pipe would be waited for, but a
   * link to nothing is let through, to be told of.
   */
  private static boolean isMeant(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(ENDING)
        && !name.startsWith(".")
        && (Files.isRegularFile(path) || !Files.exists(path));
  }

  /**
   * All of them as one.
   *
   * @param problems is told of keys that a file has twice
   */
  YamlValue.Mapping read(List<String> problems) throws ConfigurationException {
    YamlValue.Mapping all = YamlFile.mapping(file, YamlFile.bytes(file), problems);
    for (Path part : beside(file)) {
      List<String> own = new ArrayList<>();
      YamlValue.Mapping read = YamlFile.part(part, YamlFile.bytes(part), own);
      own.forEach(problem -> problems.add(name(part) + ": " + problem));
      remember(read, part);
      all = merged(all, read, part);
    }
    return all;
  }

  /** Where a value stands, for a message about the file. */
  String place(YamlValue value) {
    Path part = origins.get(value);
    return (part == null ? "" : name(part) + ": ") + "line " + value.line();
  }

  /** Where a value stands, for whoever looks it up. */
  String from(YamlValue value) {
    return origins.getOrDefault(value, file) + ":" + value.line();
  }

  private static String name(Path part) {
    return FOLDER + "/" + part.getFileName();
  }

  private void remember(YamlValue value, Path part) {
    origins.put(value, part);
    switch (value) {
      case YamlValue.Mapping mapping ->
          mapping
              .entries()
              .forEach(entry -> {
                remember(entry.key(), part);
                remember(entry.value(), part);
              });
      case YamlValue.Sequence sequence -> sequence.values().forEach(each -> remember(each, part));
      case YamlValue.Scalar _ -> {
        // It has no parts.
      }
    }
  }

  private YamlValue.Mapping merged(YamlValue.Mapping before, YamlValue.Mapping over, Path part) {
    Map<String, YamlValue.Entry> entries = new LinkedHashMap<>(before.byKey());
    over.byKey()
        .forEach((key, entry) -> {
          YamlValue.Entry other = entries.get(key);
          entries.put(
              key,
              other != null
                      && other.value() instanceof YamlValue.Mapping old
                      && entry.value() instanceof YamlValue.Mapping fresh
                  ? new YamlValue.Entry(entry.key(), merged(old, fresh, part))
                  : entry);
        });
    YamlValue.Mapping merged = new YamlValue.Mapping(over.line(), List.copyOf(entries.values()));
    origins.put(merged, part);
    return merged;
  }
}
