package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.storage.OwnershipRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which peers have said that what this node has on record of its volumes is the last word, and
 * which are still to say it. Any thread; what is read comes from memory once the first call has
 * read the journal.
 */
public final class Confirmations {
  /**
   * What a peer has said of a record, or not yet.
   *
   * @param operation of the record
   * @param at when it has confirmed it; empty while it is waited for
   * @param since when it is waited for; empty once it has confirmed
   * @param reason why it has not yet, for people
   */
  public record Word(
      NodeId peer,
      UUID operation,
      Optional<Instant> at,
      Optional<Instant> since,
      Optional<String> reason) {}

  /**
   * Nodes that cannot write, as an operator has said.
   *
   * @param operation of the record that he had made
   */
  private record Fenced(UUID operation, Set<NodeId> nodes) {}

  private final ConfirmationJournal journal;
  private final InstantSource clock;

  /** By peer; replaced, never changed: every listing reads it for every volume, without a lock. */
  private final Map<VolumeId, Map<NodeId, Word>> words = new ConcurrentHashMap<>();

  private final Map<VolumeId, Map<NodeId, UUID>> ever = new HashMap<>();
  private final Map<VolumeId, Fenced> fenced = new HashMap<>();

  /** Those that are not decided yet; a few, for seconds. */
  private final Set<Taking> takings = new HashSet<>();

  private boolean isRead;

  public Confirmations(ConfirmationJournal journal, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /** Whether a peer has confirmed a record, this very one. */
  public synchronized boolean has(VolumeId volume, UUID operation, NodeId peer)
      throws FailureException {
    read();
    Word word = words.getOrDefault(volume, Map.of()).get(peer);
    return word != null && word.operation().equals(operation) && word.at().isPresent();
  }

  /**
   * Whether a peer has ever confirmed a record of a volume's here, or at who gave the volume to
   * this node: it cannot have created the volume.
   */
  public synchronized boolean hasEver(VolumeId volume, NodeId peer) throws FailureException {
    read();
    return ever.getOrDefault(volume, Map.of()).containsKey(peer);
  }

  /** Who has ever confirmed a record of a volume's, and by which operation it was the last one. */
  public synchronized Map<NodeId, UUID> ever(VolumeId volume) throws FailureException {
    read();
    return Map.copyOf(ever.getOrDefault(volume, Map.of()));
  }

  /** Takes over from who gives a volume to this node who has ever confirmed it there. */
  public synchronized void inherit(VolumeId volume, Map<NodeId, UUID> confirmed)
      throws FailureException {
    read();
    for (Map.Entry<NodeId, UUID> one : confirmed.entrySet()) {
      if (!hasEver(volume, one.getKey())) {
        journal.add(new Confirmation(volume, one.getValue(), one.getKey(), now()));
        put(volume, one.getKey(), one.getValue());
      }
    }
  }

  private void put(VolumeId volume, NodeId peer, UUID operation) {
    var _ = ever.computeIfAbsent(volume, _ -> new HashMap<>()).put(peer, operation);
  }

  /** The same of a volume that this node owns; nothing of another. */
  public List<Word> of(Volume volume) {
    Optional<UUID> operation = volume.dataset().record().map(OwnershipRecord::operation);
    return volume.role() == Role.OWNER && operation.isPresent()
        ? of(volume.id(), operation.get())
        : List.of();
  }

  /** What each peer has said of a record, or has still to say. */
  public List<Word> of(VolumeId volume, UUID operation) {
    return words.getOrDefault(volume, Map.of()).values().stream()
        .filter(word -> word.operation().equals(operation))
        .toList();
  }

  /**
   * A peer confirms a record. That it did counts also where it cannot be written down.
   *
   * @return whether it had not before, in this run or an earlier one
   */
  public synchronized boolean confirm(VolumeId volume, UUID operation, NodeId peer)
      throws FailureException {
    boolean isNew = !has(volume, operation, peer);
    Instant now = now();
    put(volume, new Word(peer, operation, Optional.of(now), Optional.empty(), Optional.empty()));
    put(volume, peer, operation);
    if (isNew) {
      try {
        journal.add(new Confirmation(volume, operation, peer, now));
      } catch (FailureException e) {
        Action.traceback(e);
      }
    }
    return isNew;
  }

  /**
   * A peer has not confirmed a record, and is asked again.
   *
   * @param why for people
   * @return whether it is waited for only from now on
   */
  public synchronized boolean await(VolumeId volume, UUID operation, NodeId peer, String why) {
    Optional<Instant> since =
        Optional.ofNullable(words.getOrDefault(volume, Map.of()).get(peer))
            .filter(before -> before.operation().equals(operation))
            .flatMap(Word::since);
    put(
        volume,
        new Word(
            peer,
            operation,
            Optional.empty(),
            Optional.of(since.orElseGet(this::now)),
            Optional.of(why)));
    return since.isEmpty();
  }

  /**
   * An operator has made sure that these nodes cannot write a volume: nobody waits for them. That
   * counts until the daemon ends; a node that is there again may have been started since.
   *
   * @param operation of the record that he had made
   */
  public synchronized void fenced(VolumeId volume, UUID operation, Collection<NodeId> nodes) {
    var _ = fenced.put(volume, new Fenced(operation, Set.copyOf(nodes)));
  }

  /** Whether an operator has had a record made in this run, whomever he has named as fenced. */
  public synchronized boolean isTakenOver(VolumeId volume, UUID operation) {
    Fenced known = fenced.get(volume);
    return known != null && known.operation().equals(operation);
  }

  /** Whether nobody waits for what a peer says of a record. */
  public synchronized boolean isFenced(VolumeId volume, UUID operation, NodeId peer) {
    Fenced known = fenced.get(volume);
    return known != null && known.operation().equals(operation) && known.nodes().contains(peer);
  }

  /**
   * From now on this node is taking a volume over, on an operator's word that these nodes cannot
   * write it: one of them that has started since is not confirmed before that is decided.
   *
   * @return to be closed when it is decided, by the thread that has it
   */
  public synchronized Taking taking(VolumeId volume, Collection<NodeId> from) {
    Taking taking = new Taking(volume, Set.copyOf(from));
    boolean _ = takings.add(taking);
    return taking;
  }

  /** Whether this node takes a volume over just now, as one that a node cannot write. */
  public synchronized boolean isTakenFrom(VolumeId volume, NodeId node) {
    return takings.stream()
        .anyMatch(taking -> taking.volume.equals(volume) && taking.from.contains(node));
  }

  /** A takeover that is not decided yet. */
  public final class Taking implements AutoCloseable {
    private final VolumeId volume;
    private final Set<NodeId> from;

    private Taking(VolumeId volume, Set<NodeId> from) {
      this.volume = volume;
      this.from = from;
    }

    @Override
    public void close() {
      synchronized (Confirmations.this) {
        boolean _ = takings.remove(this);
      }
    }
  }

  /** Forgets what a peer is waited for that is none any more. */
  public synchronized void takenOut(NodeId peer) {
    words.replaceAll((_, peers) -> {
      Map<NodeId, Word> left = new LinkedHashMap<>(peers);
      left.computeIfPresent(peer, (_, word) -> word.at().isPresent() ? word : null);
      return left;
    });
  }

  /** Forgets all volumes but these. */
  synchronized void retain(Collection<VolumeId> volumes) throws FailureException {
    read();
    boolean _ = fenced.keySet().retainAll(volumes);
    Set<VolumeId> known = new HashSet<>(words.keySet());
    boolean _ = known.addAll(ever.keySet());
    for (VolumeId gone : known) {
      if (!volumes.contains(gone)) {
        journal.remove(gone);
        var _ = words.remove(gone);
        var _ = ever.remove(gone);
      }
    }
  }

  private void read() throws FailureException {
    if (isRead) {
      return;
    }
    for (Confirmation one : journal.list()) {
      put(one.volume(), one.peer(), one.operation());
      put(
          one.volume(),
          new Word(
              one.peer(),
              one.operation(),
              Optional.of(one.at()),
              Optional.empty(),
              Optional.empty()));
    }
    isRead = true;
  }

  private void put(VolumeId volume, Word word) {
    Map<NodeId, Word> peers = new LinkedHashMap<>(words.getOrDefault(volume, Map.of()));
    peers.put(word.peer(), word);
    words.put(volume, peers);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
