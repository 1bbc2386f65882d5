package io.flocker.core.config;

import io.flocker.core.replicate.hook.Hook;
import io.flocker.core.replicate.policy.HookPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands that policies of volumes may name.
 *
 * @param byName by name: keys {@code command}, a list that begins with the program's absolute path,
 *     {@code environment}, texts by names, and {@code deadline}, 1s to 10m, 30s by default
 */
public record HooksConfiguration(Map<String, Hook> byName) {
  /** No policy may name any. */
  public static final HooksConfiguration NONE = new HooksConfiguration(Map.of());

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration USUAL = Duration.ofSeconds(30);

  public HooksConfiguration {
    byName = Map.copyOf(byName);
  }

  static HooksConfiguration read(YamlMapping hooks) {
    Map<String, Hook> byName = new LinkedHashMap<>();
    for (String name : hooks.keys()) {
      YamlMapping one = hooks.mapping(name);
      if (!HookPolicy.isName(name)) {
        hooks.refuse(name, "is no name: letters, digits, '.', '_' and '-', at most 64");
      }
      byName.put(
          name,
          new Hook(
              command(one),
              environment(one.mapping("environment")),
              one.duration("deadline", SHORTEST, LONGEST, USUAL)));
      one.refuseUnknown();
    }
    hooks.refuseUnknown();
    return new HooksConfiguration(byName);
  }

  private static List<String> command(YamlMapping hook) {
    List<String> command = hook.texts("command");
    if (command.isEmpty() || !command.getFirst().startsWith("/")) {
      hook.refuse("command", "is a list of texts, the first of them a program's absolute path");
    }
    return command;
  }

  private static Map<String, String> environment(YamlMapping environment) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String name : environment.keys()) {
      variables.put(name, environment.text(name, ""));
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        environment.refuse(name, "is no name of a variable");
      }
    }
    return variables;
  }
}
