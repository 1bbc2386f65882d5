package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Application;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The applications that a file defines.
 *
 * @param file its name
 * @param lines of all that it names, also those that could not be read
 * @param applications those that could be read
 */
record Definitions(String file, Map<String, Integer> lines, List<Application> applications) {
  Definitions {
    lines = new LinkedHashMap<>(lines);
    applications = List.copyOf(applications);
  }

  /** Whose part a field of that application is. */
  static String subject(String application) {
    return "application " + application;
  }
}
