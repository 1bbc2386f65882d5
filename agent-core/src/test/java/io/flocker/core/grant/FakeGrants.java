package io.flocker.core.grant;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCredentials;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A book in memory. Any thread may call. */
public final class FakeGrants implements GrantBook {
  private final Map<VolumeId, Map<Long, SignedGrant>> grants = new ConcurrentHashMap<>();
  private Optional<FailureException> refusal = Optional.empty();

  /** The keeper of a node, whose certificate all others of the same kind accept. */
  public static GrantKeeper keeper(NodeId node) {
    return new FakeGrants().keptBy(node);
  }

  /** The keeper of a node whose book this is. */
  public GrantKeeper keptBy(NodeId node) {
    Credentials credentials = TestCredentials.of(node);
    return new GrantKeeper(() -> credentials, this, InstantSource.system());
  }

  /** Nothing can be written down any more, until there is no {@code refusal}. */
  public synchronized void breaks(Optional<FailureException> refusal) {
    this.refusal = refusal;
  }

  /** As if nobody had signed anything about a volume, which is from before that was done. */
  public void forget(VolumeId volume) {
    var _ = grants.remove(volume);
  }

  /** What one node signed for another. */
  public static GrantChain granted(VolumeId volume, long epoch, NodeId from, NodeId to) {
    Grant grant = new Grant(volume, epoch, from, to, UUID.randomUUID(), new Guid(7), Instant.now());
    return new GrantChain(List.of(SignedGrant.by(TestCredentials.of(from), grant)));
  }

  @Override
  public synchronized List<SignedGrant> of(VolumeId volume) {
    return List.copyOf(grants.getOrDefault(volume, Map.of()).values());
  }

  @Override
  public synchronized void add(List<SignedGrant> added) throws FailureException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    for (SignedGrant signed : added) {
      var _ =
          grants
              .computeIfAbsent(signed.grant().lineage(), _ -> new TreeMap<>())
              .put(signed.grant().epoch(), signed);
    }
  }
}
