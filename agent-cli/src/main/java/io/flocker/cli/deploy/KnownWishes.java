package io.flocker.cli.deploy;

import io.flocker.core.deploy.configuration.Generations;
import io.flocker.http.client.ToldWish;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the nodes of a cluster say that they were told last. Pure. */
public final class KnownWishes {
  private KnownWishes() {}

  /** The last generation of them; 0 if none was told anything. */
  public static long last(Map<ClusterNode, Answer<ToldWish>> known) {
    return generations(known).stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /**
   * The same without those that are out of reach of the others, which no wish can be told together
   * with them: those are left out, with the reason. Most nodes count, and of as many those that the
   * node that was asked is among: who types has chosen that one.
   *
   * @param known the node that was asked is the first
   */
  public static Map<ClusterNode, Answer<ToldWish>> withinReach(
      Map<ClusterNode, Answer<ToldWish>> known) {
    long last = lastOfMost(known);
    Map<ClusterNode, Answer<ToldWish>> within = new LinkedHashMap<>();
    for (Map.Entry<ClusterNode, Answer<ToldWish>> one : known.entrySet()) {
      within.put(one.getKey(), within(last, one.getValue()));
    }
    return within;
  }

  private static long lastOfMost(Map<ClusterNode, Answer<ToldWish>> known) {
    List<Long> generations = generations(known);
    Optional<Long> ofAsked =
        known.values().stream()
            .limit(1)
            .flatMap(answer -> answer.given().stream())
            .map(ToldWish::generation)
            .findFirst();
    Comparator<Long> bySupport =
        Comparator.comparingLong(
            last -> generations.stream().filter(one -> isTogether(last, one)).count());
    return generations.stream()
        .max(
            bySupport
                .thenComparing(last -> ofAsked.filter(own -> isTogether(last, own)).isPresent())
                .thenComparing(Comparator.reverseOrder()))
        .orElse(0L);
  }

  private static Answer<ToldWish> within(long last, Answer<ToldWish> answer) {
    return answer instanceof Answer.Given<ToldWish>(ToldWish told)
            && !isTogether(last, told.generation())
        ? new Answer.Silent<>(
            "it is left out, at generation %d, which is out of reach of generation %d of most nodes, or of the one that was asked where as many say otherwise;"
                    .formatted(told.generation(), last)
                + " a PUT of /v1/configuration whose If-Match has its ETag brings it there")
        : answer;
  }

  /** Whether a node of that generation can be told what follows {@code last}. */
  private static boolean isTogether(long last, long generation) {
    return generation <= last && Generations.isWithinReach(generation, last + 1);
  }

  private static List<Long> generations(Map<ClusterNode, Answer<ToldWish>> known) {
    return known.values().stream()
        .flatMap(answer -> answer.given().stream())
        .map(ToldWish::generation)
        .toList();
  }
}
