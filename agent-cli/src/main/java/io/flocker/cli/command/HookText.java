package io.flocker.cli.command;

import io.flocker.core.replicate.policy.HookPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is run around snapshots, as a command line says it. */
final class HookText {
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final String ON_FAILURE = "on-failure";
  private static final String NONE = "none";

  private HookText() {}

  /**
   * Such as {@code before=freeze,after=thaw}; empty for {@code none}.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  static Optional<HookPolicy> parse(String text) {
    if (text.equals(NONE)) {
      return Optional.empty();
    }
    Map<String, String> said = new HashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0 || !Set.of(BEFORE, AFTER, ON_FAILURE).contains(part.substring(0, equals))) {
        throw new IllegalArgumentException(
            "hooks are before=NAME,after=NAME,on-failure=no-snapshot|go-on, not '" + part + "'");
      }
      said.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return Optional.of(
        new HookPolicy(
            Optional.ofNullable(said.get(BEFORE)),
            Optional.ofNullable(said.get(AFTER)),
            HookPolicy.OnFailure.parse(said.getOrDefault(ON_FAILURE, "no-snapshot"))));
  }

  /** The same the other way round. */
  static String of(HookPolicy hooks) {
    return hooks.before().map(name -> "runs " + name + " before snapshots").orElse("")
        + (hooks.before().isPresent() && hooks.after().isPresent() ? ", " : "")
        + hooks.after().map(name -> "runs " + name + " after snapshots").orElse("")
        + (hooks.onFailure() == HookPolicy.OnFailure.GO_ON ? ", and goes on without" : "");
  }
}
