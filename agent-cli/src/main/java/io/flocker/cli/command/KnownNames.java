package io.flocker.cli.command;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.flocker.cli.console.IdsInText;
import io.flocker.core.failure.FailureException;
import io.flocker.core.peer.Peer;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What people call the nodes and volumes that sentences name by their ids. Immutable; any thread.
 *
 * @param names by the ids of both
 */
record KnownNames(Map<UUID, String> names) {
  /** Of a node that is not asked. */
  static final KnownNames NONE = new KnownNames(Map.of());

  /** What there is to say waits no longer for names: its pool may hang. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  KnownNames {
    names = Map.copyOf(names);
  }

  /** Those that the node tells at once; the ids have to do for the others. */
  static KnownNames of(FlockerClient node) {
    Map<UUID, String> told = new ConcurrentHashMap<>();
    Thread asking = Thread.ofVirtual().name("names").start(() -> ask(node, told));
    try {
      boolean _ = asking.join(PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    asking.interrupt();
    return new KnownNames(told);
  }

  /** What that node or volume is called, if it is known. */
  Optional<String> of(UUID id) {
    return Optional.ofNullable(names.get(id));
  }

  /** The sentence with names. */
  String in(String sentence) {
    return IdsInText.named(sentence, this::of);
  }

  private static void ask(FlockerClient node, Map<UUID, String> told) {
    try {
      Map<UUID, String> all = new HashMap<>();
      for (Peer peer : node.peers()) {
        peer.name().ifPresent(name -> all.put(peer.node().uuid(), name.text()));
      }
      told.putAll(unmistakable(all));
      node.volumes().forEach(volume -> all.put(volume.id().uuid(), volume.name().toString()));
      told.putAll(unmistakable(all));
    } catch (FailureException | IOException _) {
      // What it has told so far has to do.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A name that several of them have tells nothing, and a command that a sentence proposes might
   * take another one than is meant.
   */
  private static Map<UUID, String> unmistakable(Map<UUID, String> names) {
    Map<String, Long> bearers = names.values().stream().collect(groupingBy(identity(), counting()));
    Map<UUID, String> unmistakable = new HashMap<>(names);
    unmistakable.values().removeIf(name -> bearers.getOrDefault(name, 0L) > 1);
    return unmistakable;
  }
}
