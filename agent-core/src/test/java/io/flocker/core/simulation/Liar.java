package io.flocker.core.simulation;

import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.ToyCredentials;
import io.flocker.core.simulation.Message.Answer;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.Tenure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Who has a node's certificate of the cluster and says whatever suits him. He signs what he likes
 * with his own key, and repeats what others have signed. Nobody ever hands a volume off to him.
 */
final class Liar implements Party {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int PLACE = 9;
  private static final long LONGEST_PEDIGREE = 8;

  private final World world;
  private final NodeId id = World.node(PLACE);
  private final Credentials credentials;
  private final boolean isSilent;

  /**
   * Who lies in a world.
   *
   * @param isSilent whether he answers nothing before the calm, so that he is held to no word
   */
  Liar(World world, boolean isSilent) {
    this.world = world;
    this.isSilent = isSilent;
    this.credentials =
        ToyCredentials.node(
            id, BEGIN.minus(Duration.ofDays(3000)), BEGIN.plus(Duration.ofDays(3000)));
  }

  @Override
  public NodeId id() {
    return id;
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  @Override
  public Instant clock() {
    return BEGIN.plusMillis(world.scheduler().nowMillis());
  }

  @Override
  public String toString() {
    return "liar";
  }

  /** He may be silent, or answer what is true, or something else; in the calm he is tired of it. */
  @Override
  public void serve(Party from, Message message, Consumer<Answer> answers) {
    if (isSilent && !world.isCalm()) {
      return;
    }
    int mood = world.isCalm() ? 0 : world.chance().below(4);
    switch (mood) {
      case 0, 1 -> answers.accept(Answer.Known.NOTHING);
      case 2 -> {
        GrantChain shown = grants(message.volume());
        Tenure claimed =
            shown.grants().isEmpty() || world.chance().hits(0.3)
                ? new Tenure(someNode(), epoch(message.volume()), world.chance().uuid())
                : Tenure.of(shown.grants().getLast().grant());
        answers.accept(
            new Answer.Known(
                true,
                world.chance().hits(0.5),
                world.chance().hits(0.5),
                Optional.of(claimed.owner()),
                claimed.epoch(),
                Optional.of(claimed),
                epoch(message.volume()),
                world.chance().hits(0.3),
                shown));
      }
      default -> {}
    }
  }

  /** One message to one node. */
  void lie() {
    Machine to = world.chance().oneOf(world.machines());
    VolumeId volume = world.chance().oneOf(world.volumes());
    GrantChain shown = grants(volume);
    // What fits to the last grant that is shown is the better lie.
    Optional<Grant> last =
        shown.grants().isEmpty() || world.chance().hits(0.3)
            ? Optional.empty()
            : Optional.of(shown.grants().getLast().grant());
    NodeId owner = world.chance().hits(0.7) ? id : someNode();
    long epoch = last.map(Grant::epoch).orElseGet(() -> epoch(volume));
    UUID operation = last.map(Grant::operation).orElseGet(world.chance()::uuid);
    Guid latest = last.map(Grant::finalSnapshot).orElseGet(() -> new Guid(0));
    Message lie =
        switch (world.chance().below(3)) {
          case 0 ->
              new Message.Push(
                  volume, owner, epoch, operation, shown, List.of(new Disk.Snap(latest, 0)));
          case 1 ->
              new Message.Acquire(volume, id, to.id(), epoch, operation, latest, shown, Map.of());
          default -> new Message.Confirm(volume, new Tenure(owner, epoch, operation), shown);
        };
    world.tell("liar", "says to " + to + ": " + world.text(lie), volume);
    var _ = world.network().send(this, to, lie);
  }

  private NodeId someNode() {
    return world.chance().hits(0.5) ? id : world.chance().oneOf(world.machines()).id();
  }

  /** Of those who are no liars. */
  private long highest(VolumeId volume) {
    return world.machines().stream()
        .flatMap(machine -> machine.record(volume).stream())
        .filter(record -> world.machine(record.node()).isPresent())
        .mapToLong(OwnershipRecord::epoch)
        .max()
        .orElse(0);
  }

  private long epoch(VolumeId volume) {
    long highest = highest(volume);
    return switch (world.chance().below(6)) {
      case 0 -> 0;
      case 1 -> highest;
      case 2, 3 -> highest + 1;
      case 4 -> highest + world.chance().below(2_000);
      default -> OwnershipRecord.MAX_EPOCH;
    };
  }

  /** What others signed and what he did, mixed. */
  private GrantChain grants(VolumeId volume) {
    List<SignedGrant> shown = new ArrayList<>();
    for (SignedGrant one : world.network().overheard()) {
      if (one.grant().lineage().equals(volume) && world.chance().hits(0.7)) {
        boolean _ = shown.add(one);
      }
    }
    if (world.truth(volume).isOfFreshId() && world.chance().hits(0.3)) {
      shown = new ArrayList<>(pedigree(volume));
    } else {
      for (int i = world.chance().below(3); i > 0; i--) {
        boolean _ = shown.add(forged(volume));
      }
    }
    shown.sort(Comparator.comparingLong(signed -> signed.grant().epoch()));
    return new GrantChain(shown);
  }

  /** As if he had created the volume, and had owned it ever since. */
  private List<SignedGrant> pedigree(VolumeId volume) {
    List<SignedGrant> shown = new ArrayList<>();
    long last = Math.min(highest(volume), LONGEST_PEDIGREE) + world.chance().below(2);
    for (long epoch = 0; epoch <= last; epoch++) {
      Guid mark = new Guid(world.chance().below(2));
      boolean _ =
          shown.add(
              SignedGrant.by(
                  credentials,
                  new Grant(volume, epoch, id, id, world.chance().uuid(), mark, clock())));
    }
    return shown;
  }

  private SignedGrant forged(VolumeId volume) {
    long epoch = epoch(volume);
    boolean isOfFreshId = world.truth(volume).isOfFreshId();
    if (epoch == 0 && !isOfFreshId && !isHeldToHisWord(volume)) {
      // Seldom, since after it there is little that must not be any more.
      epoch = world.chance().hits(0.02) ? 0 : 1;
      if (epoch == 0) {
        world.truth(volume).harm();
      }
    }
    Optional<SignedGrant> other =
        world.network().overheard().isEmpty()
            ? Optional.empty()
            : Optional.of(world.chance().oneOf(world.network().overheard()));
    if (other.isPresent() && world.chance().hits(0.2)) {
      Grant real = other.get().grant(); // Another text under a real signature.
      Grant bent =
          new Grant(
              real.lineage(),
              real.epoch() == 0 ? 0 : real.epoch(),
              real.from(),
              real.epoch() == 0 ? real.from() : id,
              real.operation(),
              new Guid(7),
              real.at());
      return new SignedGrant(bent, other.get().signer(), other.get().signature());
    }
    NodeId from = epoch == 0 ? id : someNode();
    Grant grant =
        new Grant(
            volume,
            epoch,
            from,
            epoch == 0 ? id : someNode(),
            world.chance().uuid(),
            new Guid(isOfFreshId ? world.chance().below(2) : world.chance().below(50)),
            clock());
    return SignedGrant.by(credentials, grant);
  }

  /**
   * Who creates a volume that another one has by an id that was chosen, and never said before that
   * he had not, contests it in good right: that is as if it was created twice. Whether he has said
   * so to anybody who has owned it: whoever was given it since is told, and whoever gave it away
   * before is not, as {@link Records} has it.
   */
  private boolean isHeldToHisWord(VolumeId volume) {
    return world.machines().stream()
        .anyMatch(one -> one.record(volume).isPresent() && one.confirmed(volume).containsKey(id));
  }
}
