package io.flocker.cli.deploy;

import io.flocker.core.deploy.configuration.Generations;
import io.flocker.http.client.ToldWish;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the nodes of a cluster say that they were told last. Pure. */
public final class KnownWishes {
  private KnownWishes() {}

  /** The last generation of them; 0 if none was told anything. */
  public static long last(Map<ClusterNode, Answer<ToldWish>> known) {
    return generations(known).stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /**
   * The same without those that are out of reach of the others, which no wish can be told together
   * with them: those are left out, with the reason. Most nodes count, and of as many the lower
   * generation: who lies about a high one would have all others go there for good.
   */
  public static Map<ClusterNode, Answer<ToldWish>> withinReach(
      Map<ClusterNode, Answer<ToldWish>> known) {
    List<Long> generations = generations(known);
    long last = 0;
    long most = 0;
    for (long candidate : generations.stream().sorted().toList()) {
      long together = generations.stream().filter(one -> isTogether(candidate, one)).count();
      if (together > most) {
        most = together;
        last = candidate;
      }
    }
    Map<ClusterNode, Answer<ToldWish>> within = new LinkedHashMap<>();
    for (Map.Entry<ClusterNode, Answer<ToldWish>> one : known.entrySet()) {
      within.put(one.getKey(), within(last, one.getValue()));
    }
    return within;
  }

  private static Answer<ToldWish> within(long last, Answer<ToldWish> answer) {
    return answer instanceof Answer.Given<ToldWish>(ToldWish told)
            && !isTogether(last, told.generation())
        ? new Answer.Silent<>(
            "it is left out, at generation %d, which is out of reach of generation %d of the others;"
                    .formatted(told.generation(), last)
                + " a PUT of /v1/configuration whose If-Match has its ETag brings it there")
        : answer;
  }

  /** Whether a node of that generation can be told what follows {@code last}. */
  private static boolean isTogether(long last, long generation) {
    return generation <= last && Generations.isWithinReach(generation, last);
  }

  private static List<Long> generations(Map<ClusterNode, Answer<ToldWish>> known) {
    return known.values().stream()
        .flatMap(answer -> answer.given().stream())
        .map(ToldWish::generation)
        .toList();
  }
}
