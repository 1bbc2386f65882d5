package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.api.ResolveRequest;
import io.flocker.http.api.Rollback;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What of {@code flocker volume} cannot be undone: it is asked for, or wants {@code --yes}. A class
 * above the other commands, since picocli calls the methods of one object.
 */
@Command
abstract sealed class VolumeRisks extends VolumeWaits permits VolumeCommands {
  private static final String SNAPSHOT = "Its name; see 'flocker volume snapshots'";
  private static final String FENCED =
      "Nodes that do not answer and cannot write, as you have made sure; may be repeated";

  private static final String FORCE = "Even what the next push to a peer starts from";

  private final Session session;

  VolumeRisks(Session session) {
    super(session);
    this.session = session;
  }

  @Command(
      description = {
        "Takes a volume back to a snapshot.",
        "What was written since is lost. Nobody may use it; it is mounted again afterwards."
      })
  int rollback(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Parameters(paramLabel = "SNAPSHOT", description = SNAPSHOT) String snapshot,
      @Option(names = "--destroy-newer", description = "Destroy the snapshots that are newer")
          boolean destroyNewer,
      @Option(names = "--force", description = FORCE) boolean force,
      @Mixin Consent consent)
      throws Exception {
    consent.requirePossible(session);
    try (FlockerClient node = session.connect()) {
      VolumeDocument meant = node.volume(volume);
      if (!consent.isGiven(
          session,
          "%s goes back to snapshot %s: what was written since is lost%s."
              .formatted(
                  meant.name(), snapshot, destroyNewer ? ", and all snapshots since" : ""))) {
        return ExitCode.FAILED;
      }
      VolumeDocument rolled =
          node.rollBack(meant.id(), new Rollback(snapshot, destroyNewer, force));
      session.print(
          rolled,
          () -> List.of("rolled " + rolled.name() + " " + rolled.id() + " back to " + snapshot));
      return ExitCode.DONE;
    }
  }

  @Command(
      description = {
        "Makes the node that is asked the owner of a volume whose owner is gone.",
        "It needs a certificate with the permission takeover, and signs with its key. What was"
            + " written after the last snapshot that is here may be lost."
      })
  int takeover(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Option(names = "--fenced", paramLabel = "NODE", arity = "1..*", description = FENCED)
          @Nullable List<NodeReference> fenced,
      @Mixin Consent consent)
      throws Exception {
    consent.requirePossible(session);
    TakeoverSignature signature = new TakeoverSignature(session.credentials());
    try (FlockerClient node = session.connect()) {
      VolumeDocument copy = node.volume(volume);
      List<NodeId> cannotWrite = NodeReference.on(node, fenced);
      TakeoverProposal proposal = node.proposeTakeover(copy.id(), cannotWrite);
      NodeId self = node.node().node();
      SignedTakeover signed = signature.of(proposal, copy.id(), self, cannotWrite);
      if (!consent.isGiven(session, TakeoverSignature.question(proposal, copy.name()))) {
        return ExitCode.FAILED;
      }
      VolumeDocument taken = node.takeOver(copy.id(), signed);
      PeerNames names = session.names(node);
      session.print(taken, () -> TakeoverSignature.told(proposal, taken, names));
      return ExitCode.DONE;
    }
  }

  @Command(
      description = {
        "Chooses whose copy of a volume lives on, where two nodes claim it.",
        "First on the node that is kept, which becomes its owner: that needs a certificate with the"
            + " permissions resolve and takeover. Then on the other, whose copy is kept under"
            + " another name, to be cloned or destroyed."
      },
      customSynopsis = "flocker volume resolve [OPTIONS] --keep=NODE VOLUME")
  int resolve(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Option(
              names = "--keep",
              paramLabel = "NODE",
              required = true,
              description = "The node whose copy lives on, by its name or uuid")
          NodeReference keep,
      @Option(names = "--fenced", paramLabel = "NODE", arity = "1..*", description = FENCED)
          @Nullable List<NodeReference> fenced,
      @Mixin Consent consent)
      throws Exception {
    consent.requirePossible(session);
    TakeoverSignature signature = new TakeoverSignature(session.credentials());
    try (FlockerClient node = session.connect()) {
      VolumeDocument copy = node.volume(volume);
      NodeId self = node.node().node();
      NodeId kept = keep.on(node, self);
      if (!kept.equals(self)) {
        return setAside(copy, kept, node, consent);
      }
      List<NodeId> cannotWrite = NodeReference.on(node, fenced);
      TakeoverProposal proposal = node.proposeResolution(copy.id(), cannotWrite);
      SignedTakeover signed = signature.of(proposal, copy.id(), self, cannotWrite);
      if (!consent.isGiven(session, TakeoverSignature.question(proposal, copy.name()))) {
        return ExitCode.FAILED;
      }
      VolumeDocument taken = node.resolve(copy.id(), new ResolveRequest(kept, signed));
      PeerNames names = session.names(node);
      session.print(taken, () -> TakeoverSignature.told(proposal, taken, names));
      return ExitCode.DONE;
    }
  }

  @Command(name = "destroy-snapshot", description = "Destroys one snapshot of a volume.")
  int destroySnapshot(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Parameters(paramLabel = "SNAPSHOT", description = SNAPSHOT) String snapshot,
      @Option(names = "--force", description = FORCE) boolean force,
      @Mixin Consent consent)
      throws Exception {
    consent.requirePossible(session);
    try (FlockerClient node = session.connect()) {
      VolumeDocument meant = node.volume(volume);
      if (!consent.isGiven(
          session, "Snapshot %s of %s is destroyed.".formatted(snapshot, meant.name()))) {
        return ExitCode.FAILED;
      }
      node.destroySnapshot(meant.id(), snapshot, force);
      session.print(Map.of("destroyed", snapshot), () -> List.of("destroyed snapshot " + snapshot));
      return ExitCode.DONE;
    }
  }

  @Command(
      aliases = "rm",
      description = {
        "Destroys a volume with all its snapshots on this node.",
        "Copies that peers have stay there; the command names them, and how to remove them."
      })
  int destroy(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Option(names = "--replica", description = "It is the copy of another node's that is meant")
          boolean isReplica,
      @Mixin Consent consent)
      throws Exception {
    consent.requirePossible(session);
    try (FlockerClient node = session.connect()) {
      VolumeDocument meant = node.volume(volume);
      RemainingCopies copies =
          isReplica ? RemainingCopies.NONE : RemainingCopies.of(meant, session.names(node));
      if (!consent.isGiven(
          session,
          "%s %s, %s, is destroyed here with its %d snapshots. %s"
              .formatted(
                  isReplica ? "The copy of" : "Volume",
                  meant.name(),
                  Amounts.bytes(meant.usedBytes()),
                  meant.snapshotCount(),
                  copies.sentence()))) {
        return ExitCode.FAILED;
      }
      if (isReplica) {
        node.destroyReplica(meant.id());
      } else {
        node.destroyVolume(meant.id());
      }
      session.print(
          Map.of("destroyed", meant.id(), "copies", copies.holders()),
          () -> copies.after(VolumeText.done("destroyed", meant)));
      return ExitCode.DONE;
    }
  }

  private int setAside(VolumeDocument copy, NodeId kept, FlockerClient node, Consent consent)
      throws Exception {
    String whose = session.names(node).whole(kept);
    if (!consent.isGiven(
        session,
        "The copy of %s at node %s lives on; the one here gets another name, and is nobody's."
            .formatted(copy.name(), whose))) {
      return ExitCode.FAILED;
    }
    VolumeDocument aside = node.resolve(copy.id(), new ResolveRequest(kept, null));
    session.print(aside, () -> List.of("kept what was here as " + aside.name() + " " + aside.id()));
    return ExitCode.DONE;
  }
}
