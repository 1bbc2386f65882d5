package io.flocker.core.replicate.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.volume.VolumeName;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What a volume's next owner is told of its replication. As plain members: a newer flockerd may say
 * what this one does not know, and the volume does not wait for that.
 *
 * @param source whose policy it is at the owner before
 * @param policy as {@code source} says it; empty for nobody's
 * @param wished whether the cluster's wish said it, of {@code VOLUME}; empty for no
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Handover(
    PolicySource source, Optional<Map<String, Object>> policy, Optional<Boolean> wished) {
  /** What the next owner of a volume is told. */
  public static Handover of(Policies policies, VolumeId volume, VolumeName name) {
    PolicySource source = policies.source(volume, name);
    Optional<Map<String, Object>> policy = policies.of(volume, name).map(Policy::members);
    return source == PolicySource.CONFIGURATION // A word that older nodes do not know.
        ? new Handover(PolicySource.VOLUME, policy, Optional.of(true))
        : new Handover(source, policy, Optional.empty());
  }

  /**
   * Goes on where the owner before has left off. What this node says of the namespace itself
   * replaces what was said of it there.
   *
   * @return whether the policy is one that this version can carry out; else the volume has none
   */
  public boolean takeUp(
      Policies policies, VolumeId volume, VolumeName name, NodeId giver, NodeId taker)
      throws FailureException {
    boolean isSaidHere =
        source == PolicySource.NAMESPACE && policies.ofNamespace(name.namespace()).isPresent();
    if (policy.isEmpty() || isSaidHere) {
      policies.remove(volume);
      return true;
    }
    Policy told;
    try {
      told = JsonMappers.WIRE.convertValue(policy.get(), Policy.class);
    } catch (JacksonException | IllegalArgumentException _) {
      policies.remove(volume);
      return false;
    }
    OwnPolicy here = new OwnPolicy(told.handedOver(giver, taker), wished.orElse(false));
    policies.set(volume, Optional.of(here));
    return true;
  }
}
