package io.flocker.core.deploy;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.replicate.policy.Policy;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * What the wish says of a volume's replication: a {@link Policy} that names nodes as the wish does.
 *
 * @param peers the nodes that hold the volume, each by its uuid or the host of one of its
 *     addresses, in order; the one among them that owns it needs no copy
 * @param terms all else, with no peers
 */
public record WishedPolicy(List<String> peers, Policy terms) {
  private static final String PEERS = "peers";

  public WishedPolicy {
    peers = List.copyOf(new TreeSet<>(peers));
    peers.forEach(WishedPolicy::requireNode);
    terms = terms.at(List.of());
    if (peers.size() > Policy.MOST_PEERS) {
      throw new IllegalArgumentException("a policy names at most " + Policy.MOST_PEERS + " peers");
    }
  }

  /**
   * Reads it as JSON has it: the members of a policy, its peers as the wish names nodes.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  @JsonCreator
  public static WishedPolicy of(Map<String, Object> members) {
    Map<String, Object> terms = new HashMap<>(members);
    if (!(terms.put(PEERS, List.of()) instanceof List<?> peers)) {
      throw new IllegalArgumentException("a policy names the peers that hold the volume");
    }
    try {
      return new WishedPolicy(
          peers.stream().map(String::valueOf).toList(),
          JsonMappers.WIRE.convertValue(terms, Policy.class));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(complaint(e), e);
    }
  }

  /** In words for whoever told the wish: Jackson's own name classes of ours. */
  private static String complaint(JacksonException refusal) {
    String place =
        refusal.getPath().stream()
            .map(JacksonException.Reference::getPropertyName)
            .filter(Objects::nonNull)
            .collect(joining("/"));
    String field = place.isEmpty() ? "" : place + ": ";
    return switch (refusal) {
      case UnrecognizedPropertyException unknown ->
          "a policy has nothing called " + unknown.getPropertyName();
      case MismatchedInputException other when other.getTargetType() == Duration.class ->
          field + "not a duration such as PT30S";
      case MismatchedInputException other when other.getTargetType() == ZoneId.class ->
          field + "not a time zone such as Europe/Berlin";
      default ->
          refusal.getCause() instanceof IllegalArgumentException cause
              ? field + cause.getMessage()
              : field + "not what belongs there";
    };
  }

  /**
   * Makes sure that a node can be called so.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public static String requireNode(String name) {
    return NodeWish.of(name, List.of()).node();
  }

  /** Its members as JSON has them. */
  @JsonValue
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>(terms.members());
    members.put(PEERS, peers);
    return members;
  }
}
