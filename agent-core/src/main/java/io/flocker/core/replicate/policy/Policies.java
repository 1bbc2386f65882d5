package io.flocker.core.replicate.policy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What holds for the replication of each volume: its own policy, else that of its namespace. Any
 * thread may call; those that only ask wait for no disk.
 */
public final class Policies {
  private final PolicyStore store;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Replaced, never changed, together. */
  private volatile Kept kept;

  /** What a caller demands of the policies as they are; nobody changes them meanwhile. */
  @FunctionalInterface
  public interface Condition {
    /** Demands nothing. */
    Condition NONE = () -> {};

    /**
     * Looks at them.
     *
     * @throws FailureException {@code PRECONDITION_FAILED}
     */
    void check() throws FailureException;
  }

  /** Knows which volumes never come back. */
  @FunctionalInterface
  public interface Gone {
    /** Whether the volume was destroyed. */
    boolean isGone(VolumeId volume) throws FailureException;
  }

  private record Kept(Map<VolumeId, OwnPolicy> volumes, Map<String, Policy> namespaces) {}

  private Policies(PolicyStore store, Kept kept) {
    this.store = store;
    this.kept = kept;
  }

  /** Opens them where the daemon before has left them. */
  public static Policies open(PolicyStore store) throws FailureException {
    return new Policies(
        store, new Kept(Map.copyOf(store.volumes()), Map.copyOf(store.namespaces())));
  }

  /** Has {@code listener} told after every change; it waits for nothing. */
  public void onChange(Runnable listener) {
    boolean _ = listeners.add(listener);
  }

  /** The volume's own policy. */
  public Optional<OwnPolicy> own(VolumeId volume) {
    return Optional.ofNullable(kept.volumes().get(volume));
  }

  /** The policies of all volumes that have one of their own. */
  public Map<VolumeId, OwnPolicy> volumes() {
    return kept.volumes();
  }

  /** The policy of those volumes of a namespace that have none of their own. */
  public Optional<Policy> ofNamespace(String namespace) {
    return Optional.ofNullable(kept.namespaces().get(namespace));
  }

  /** The policies of all namespaces that have one. */
  public Map<String, Policy> namespaces() {
    return kept.namespaces();
  }

  /** What holds for a volume; empty where it is not replicated because nobody said anything. */
  public Optional<Policy> of(VolumeId volume, VolumeName name) {
    return of(kept, volume, name);
  }

  /** Whose policy it is that holds for a volume. */
  public PolicySource source(VolumeId volume, VolumeName name) {
    Kept now = kept;
    OwnPolicy own = now.volumes().get(volume);
    if (own != null) {
      return own.isWished() ? PolicySource.CONFIGURATION : PolicySource.VOLUME;
    }
    return now.namespaces().containsKey(name.namespace())
        ? PolicySource.NAMESPACE
        : PolicySource.NONE;
  }

  /** Takes away what is said of volumes that are no more. */
  public synchronized void forget(Gone gone) throws FailureException {
    for (VolumeId volume : kept.volumes().keySet()) {
      if (gone.isGone(volume)) {
        remove(volume);
      }
    }
  }

  /** What holds for those of {@code volumes} of which somebody is to hold a copy. */
  public Map<VolumeId, Policy> all(Collection<Volume> volumes) {
    Kept now = kept;
    Map<VolumeId, Policy> all = new HashMap<>();
    for (Volume volume : volumes) {
      of(now, volume.id(), volume.name())
          .filter(Policy::wantsCopies)
          .ifPresent(policy -> all.put(volume.id(), policy));
    }
    return all;
  }

  /**
   * Says for a user what holds for a volume; on disk when this returns, untouched after any
   * failure.
   */
  public void put(VolumeId volume, Policy policy) throws FailureException {
    put(volume, policy, Condition.NONE);
  }

  /** As {@link #put(VolumeId, Policy)}, if {@code condition} holds then. */
  public synchronized void put(VolumeId volume, Policy policy, Condition condition)
      throws FailureException {
    condition.check();
    replace(volume, Optional.of(new OwnPolicy(policy, false)));
  }

  /** Says what holds for a volume, or that it has nothing of its own, whoever wants that. */
  public synchronized void set(VolumeId volume, Optional<OwnPolicy> policy)
      throws FailureException {
    replace(volume, policy);
  }

  /** Takes a volume's own policy away where the cluster's wish said it, and no user did. */
  public synchronized void unwish(VolumeId volume) throws FailureException {
    if (own(volume).filter(OwnPolicy::isWished).isPresent()) {
      replace(volume, Optional.empty());
    }
  }

  /** Takes a volume's own policy away, if it has one: that of its namespace counts then. */
  public void remove(VolumeId volume) throws FailureException {
    remove(volume, Condition.NONE);
  }

  /** As {@link #remove(VolumeId)}, if {@code condition} holds then. */
  public synchronized void remove(VolumeId volume, Condition condition) throws FailureException {
    condition.check();
    replace(volume, Optional.empty());
  }

  /**
   * Says what holds for the volumes of a namespace that have no policy of their own, if {@code
   * condition} holds then.
   */
  public synchronized void putNamespace(String namespace, Policy policy, Condition condition)
      throws FailureException {
    condition.check();
    replace(namespace, Optional.of(policy));
  }

  /** Takes a namespace's policy away, if it has one and {@code condition} holds then. */
  public synchronized void removeNamespace(String namespace, Condition condition)
      throws FailureException {
    condition.check();
    replace(namespace, Optional.empty());
  }

  private static Optional<Policy> of(Kept kept, VolumeId volume, VolumeName name) {
    return Optional.ofNullable(kept.volumes().get(volume))
        .map(OwnPolicy::policy)
        .or(() -> Optional.ofNullable(kept.namespaces().get(name.namespace())));
  }

  private void replace(VolumeId volume, Optional<OwnPolicy> policy) throws FailureException {
    if (!own(volume).equals(policy)) {
      store.write(volume, policy);
      kept = new Kept(changed(kept.volumes(), volume, policy), kept.namespaces());
      listeners.forEach(Runnable::run);
    }
  }

  private void replace(String namespace, Optional<Policy> policy) throws FailureException {
    if (!ofNamespace(namespace).equals(policy)) {
      store.write(namespace, policy);
      kept = new Kept(kept.volumes(), changed(kept.namespaces(), namespace, policy));
      listeners.forEach(Runnable::run);
    }
  }

  private static <K, P> Map<K, P> changed(Map<K, P> present, K key, Optional<P> policy) {
    Map<K, P> changed = new HashMap<>(present);
    policy.ifPresentOrElse(given -> changed.put(key, given), () -> changed.remove(key));
    return Map.copyOf(changed);
  }
}
