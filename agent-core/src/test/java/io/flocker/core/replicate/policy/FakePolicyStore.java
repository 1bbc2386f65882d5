package io.flocker.core.replicate.policy;

import io.flocker.core.id.VolumeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Policies in memory. */
public final class FakePolicyStore implements PolicyStore {
  private final Map<VolumeId, OwnPolicy> volumes = new HashMap<>();
  private final Map<String, Policy> namespaces = new HashMap<>();

  @Override
  public synchronized Map<VolumeId, OwnPolicy> volumes() {
    return Map.copyOf(volumes);
  }

  @Override
  public synchronized Map<String, Policy> namespaces() {
    return Map.copyOf(namespaces);
  }

  @Override
  public synchronized void write(VolumeId volume, Optional<OwnPolicy> policy) {
    policy.ifPresentOrElse(given -> volumes.put(volume, given), () -> volumes.remove(volume));
  }

  @Override
  public synchronized void write(String namespace, Optional<Policy> policy) {
    policy.ifPresentOrElse(
        given -> namespaces.put(namespace, given), () -> namespaces.remove(namespace));
  }
}
