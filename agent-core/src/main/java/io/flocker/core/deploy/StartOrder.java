package io.flocker.core.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which applications wait for which, as far as all of them are there. One thread, once. */
final class StartOrder {
  /** Those that nothing has settled yet, each with those that it waits for and are not settled. */
  private final Map<String, Set<String>> waiting = new LinkedHashMap<>();

  private final Map<String, List<String>> later = new HashMap<>();
  private final Deque<String> ready = new ArrayDeque<>();

  private StartOrder(Map<String, Application> applications) {
    applications.forEach((name, application) -> {
      Set<String> earlier = new LinkedHashSet<>(application.startsAfter());
      earlier.retainAll(applications.keySet());
      waiting.put(name, earlier);
      earlier.forEach(one -> later.computeIfAbsent(one, _ -> new ArrayList<>()).add(name));
      if (earlier.isEmpty()) {
        ready.add(name);
      }
    });
  }

  /**
   * Applications that wait for themselves, by way of others: of every circle that there is at least
   * some, and none where there is no circle. Looks at each application and each wait a few times.
   */
  static List<String> circles(Map<String, Application> applications) {
    return new StartOrder(applications).circles();
  }

  private List<String> circles() {
    List<String> members = new ArrayList<>();
    settle();
    while (!waiting.isEmpty()) {
      List<String> circle = circle();
      members.addAll(circle);
      ready.addAll(circle);
      settle();
    }
    return members;
  }

  private void settle() {
    while (!ready.isEmpty()) {
      String settled = ready.remove();
      waiting.remove(settled);
      for (String name : later.getOrDefault(settled, List.of())) {
        Set<String> earlier = waiting.get(name);
        if (earlier != null && earlier.remove(settled) && earlier.isEmpty()) {
          ready.add(name);
        }
      }
    }
  }

  /** Whoever waits now waits for somebody who does too: that way leads back to itself. */
  private List<String> circle() {
    Set<String> way = new LinkedHashSet<>();
    String next = waiting.keySet().iterator().next();
    while (way.add(next)) {
      next = waiting.getOrDefault(next, Set.of()).iterator().next();
    }
    List<String> circle = new ArrayList<>(way);
    return circle.subList(circle.indexOf(next), circle.size());
  }
}
