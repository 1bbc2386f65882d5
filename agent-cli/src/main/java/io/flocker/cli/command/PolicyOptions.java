package io.flocker.cli.command;

import io.flocker.core.config.Quantity;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerReference;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a command line says about the replication of volumes; what it leaves out stays. */
final class PolicyOptions {
  private static final String KEEP =
      "last=10,within=48h,hourly=24,daily=14,weekly=8,monthly=12,yearly=3,zone=Europe/Berlin, or"
          + " some of these";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--to",
      paramLabel = "NODE",
      split = ",",
      description = "Who holds a copy: names of peers, their uuids or hosts; may be repeated")
  private @Nullable List<String> peers;

  @Option(names = "--off", description = "Nobody is to hold a copy; those that are there stay")
  private boolean isOff;

  @Option(
      names = "--max-lag",
      paramLabel = "TIME",
      description = "How far behind a copy may be, such as 30s; at first 60s")
  private @Nullable Duration maxLag;

  @Option(
      names = "--min-interval",
      paramLabel = "TIME",
      description = "The pause between two snapshots, such as 500ms; at first 1s")
  private @Nullable Duration minInterval;

  @Option(
      names = "--history",
      paramLabel = "all|latest",
      description =
          "What a node without a copy is given: all snapshots that users took, or the latest state")
  private @Nullable InitialReplication history;

  @Option(
      names = "--keep",
      paramLabel = "RULES",
      description = "What stays at the owner of the snapshots taken for this: " + KEEP)
  private @Nullable RetentionRules keep;

  @Option(
      names = "--keep-at-peers",
      paramLabel = "RULES",
      description = "What is wished to stay at the peers; else the same as at the owner")
  private @Nullable RetentionRules keepAtPeers;

  @Option(
      names = "--on-divergence",
      paramLabel = "report|rotate",
      description =
          "What becomes of a copy that has changed by itself: it is told of, or its keeper, where"
              + " it allows that, sets it aside and is sent a new one")
  private @Nullable OnDivergence onDivergence;

  @Option(
      names = "--hooks",
      paramLabel = "HOOKS",
      description =
          "What is run around snapshots, by the names that hooks of the node's flockerd.yml have:"
              + " before=NAME,after=NAME,on-failure=no-snapshot|go-on, or some of these; none for"
              + " nothing")
  private @Nullable String hooks;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "How fast each stream to a peer may leave:"
              + " limit=10MiB,08:00-18:00=1MiB,zone=Europe/Berlin, or some of these; none for as"
              + " fast as it goes")
  private @Nullable String rate;

  @Option(
      names = "--verify",
      paramLabel = "TIME",
      description =
          "How often each copy is compared with what its owner has, file by file, such as 24h; none"
              + " for when somebody asks")
  private @Nullable String verify;

  @Option(
      names = "--raw",
      paramLabel = "true|false",
      arity = "1",
      description =
          "Whether blocks are sent as they are on disk, encrypted where the volume is; a copy stays"
              + " as it was begun")
  private @Nullable Boolean raw;

  @Option(
      names = "--compressed",
      paramLabel = "true|false",
      arity = "1",
      description =
          "Whether blocks that are stored compressed are sent so, where both nodes can do that")
  private @Nullable Boolean compressed;

  /** Whether nothing is to be changed. */
  boolean isEmpty() {
    return !isOff && peers == null && saysNothingFurther();
  }

  /** Whether nobody is to hold a copy any more. */
  boolean isOff() {
    if (isOff && (peers != null || !saysNothingFurther())) {
      throw wrong("--off stands alone");
    }
    return isOff;
  }

  /**
   * What holds then; who is no peer of the node any more is left out, and named.
   *
   * @param before what holds now
   * @param known the node's peers
   */
  Policy policy(Optional<Policy> before, List<Peer> known) {
    if (peers == null && before.filter(Policy::wantsCopies).isEmpty()) {
      throw wrong("nobody holds a copy so far: say who by --to");
    }
    Policy base = before.orElse(Policy.to(List.of()));
    try {
      return new Policy(
          peers == null
              ? present(base.peers(), known)
              : peers.stream().map(name -> peer(name, known)).toList(),
          or(maxLag, base.maxLag()),
          or(minInterval, base.minInterval()),
          or(history, base.history()),
          or(keep, base.keep()),
          keepAtPeers == null ? base.keepAtPeers() : Optional.of(keepAtPeers),
          or(onDivergence, base.onDivergence()),
          hooks == null ? base.hooks() : HookText.parse(hooks),
          rate == null ? base.rate() : RateText.parse(rate),
          verify == null ? base.verify() : interval(verify),
          raw == null ? base.raw() : Optional.of(raw),
          compressed == null ? base.compressed() : Optional.of(compressed));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private List<NodeId> present(List<NodeId> holders, List<Peer> known) {
    List<NodeId> nodes = known.stream().map(Peer::node).toList();
    List<NodeId> present = holders.stream().filter(nodes::contains).toList();
    List<NodeId> gone = holders.stream().filter(node -> !nodes.contains(node)).toList();
    if (present.isEmpty() && !gone.isEmpty()) {
      throw wrong("no peer of the node any more: " + gone + "; say who holds a copy by --to");
    }
    if (!gone.isEmpty()) {
      command.commandLine().getErr().println("left out, no peer of the node any more: " + gone);
    }
    return present;
  }

  private boolean saysNothingFurther() {
    return maxLag == null
        && minInterval == null
        && history == null
        && keep == null
        && keepAtPeers == null
        && onDivergence == null
        && hooks == null
        && rate == null
        && verify == null
        && raw == null
        && compressed == null;
  }

  private NodeId peer(String name, List<Peer> known) {
    try {
      return new PeerReference(name).among(known, Optional.empty());
    } catch (FailureException e) {
      throw wrong(e.getMessage() + "; see 'flocker peer list'");
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(command.commandLine(), why);
  }

  private static Optional<Duration> interval(String text) {
    if (text.equals("none")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Quantity.duration(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--verify " + e.getMessage(), e);
    }
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
