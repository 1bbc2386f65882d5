package io.flocker.cli.command;

import io.flocker.cli.deploy.Answer;
import io.flocker.cli.deploy.Cluster;
import io.flocker.cli.deploy.ClusterNode;
import io.flocker.cli.deploy.Following;
import io.flocker.cli.deploy.KnownWishes;
import io.flocker.cli.deploy.NodeNames;
import io.flocker.cli.deploy.PlanTree;
import io.flocker.cli.deploy.StandstillLimits;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.format.FormatException;
import io.flocker.core.deploy.format.Problem;
import io.flocker.core.pki.Credentials;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.ToldWish;
import io.flocker.http.client.WishPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flocker deploy}. */
@Command(
    name = "deploy",
    description = {
      "Has the cluster run what files say, and nothing else of flockerd's.",
      "%nThe node that is asked and all its peers are checked first, then told, then followed until"
          + " all is as wished or nothing moves any more. A node that is down is told by"
          + " 'flocker deploy --again' once it is back.%n"
    },
    customSynopsis = {
      "@|bold flocker deploy|@ [OPTIONS] DEPLOYMENT APPLICATIONS",
      "       @|bold flocker deploy|@ [OPTIONS] --on NODE COMPOSE",
      "       @|bold flocker deploy|@ [OPTIONS] --again"
    })
final class DeployCommand implements Callable<Integer> {
  private static final InstantSource CLOCK = InstantSource.system();

  private final Session session;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..2",
      paramLabel = "FILE",
      description =
          "A deployment file and the applications of Flocker or Fig; with --on one of Compose")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--on",
      paramLabel = "NODE",
      description = "The node, by uuid, name or address, that runs what a file of Compose says")
  private @Nullable String node;

  @Option(
      names = "--again",
      description = "Tell the newest wish to the nodes that do not have it, and follow it")
  private boolean again;

  @Option(names = "--dry-run", description = "Print what would be done, and do nothing")
  private boolean dryRun;

  @Mixin private Consent consent = new Consent(", or --dry-run");

  @Option(
      names = "--patience",
      defaultValue = "20",
      paramLabel = "SECONDS",
      description = "How long nothing may move before it is given up; ${DEFAULT-VALUE} if not said")
  private int patienceSeconds;

  DeployCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    Optional<Deployment> wished;
    try {
      wished = read();
    } catch (FormatException e) {
      e.problems().stream().map(Problem::toString).forEach(session::complain);
      return ExitCode.USAGE;
    } catch (DeployFiles.UnreadableException e) {
      session.complain(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
    Credentials credentials = session.clusterCredentials();
    SSLContext tls = credentials.sslContext();
    try (FlockerClient asked = session.connect(credentials);
        Cluster cluster = Cluster.around(asked, url -> new FlockerClient(url, tls))) {
      Map<ClusterNode, Answer<ToldWish>> known =
          KnownWishes.withinReach(cluster.ask(FlockerClient::configuration));
      if (isRefused(known)) {
        return ExitCode.FAILED;
      }
      List<String> problems = new ArrayList<>();
      Wish wish =
          wished.isPresent()
              ? next(wished.get(), cluster, known, problems)
              : newest(known, problems);
      if (!problems.isEmpty()) {
        problems.forEach(problem -> session.complain("flocker: " + problem));
        return ExitCode.USAGE;
      }
      return deploy(wish, known);
    }
  }

  private record Wish(long generation, Deployment deployment) {}

  /** Empty for the wish that the nodes know. */
  private Optional<Deployment> read() throws FormatException, DeployFiles.UnreadableException {
    int wanted = again ? 0 : node == null ? 2 : 1;
    if (files.size() != wanted || (again && node != null)) {
      throw new ParameterException(
          requireSpec().commandLine(),
          "Give a deployment file and one of applications, or one of Compose with --on NODE, or"
              + " --again alone");
    }
    if (again) {
      return Optional.empty();
    }
    String place = node;
    return Optional.of(
        place == null
            ? DeployFiles.flocker(files.get(0), files.get(1))
            : DeployFiles.compose(
                files.get(0), requireNode(place), session.environment().variables()));
  }

  private String requireNode(String text) {
    try {
      return NodeWish.of(text, List.of()).node();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(requireSpec().commandLine(), "--on: " + e.getMessage());
    }
  }

  private Wish next(
      Deployment wish,
      Cluster cluster,
      Map<ClusterNode, Answer<ToldWish>> known,
      List<String> problems) {
    NodeNames.Resolved resolved = new NodeNames(cluster.nodes()).resolve(wish);
    problems.addAll(resolved.problems());
    return new Wish(KnownWishes.last(known) + 1, resolved.wish());
  }

  /** What was told last, to whichever node. */
  private static Wish newest(Map<ClusterNode, Answer<ToldWish>> known, List<String> problems) {
    long generation = KnownWishes.last(known);
    List<Deployment> wishes =
        known.values().stream()
            .flatMap(answer -> answer.given().stream())
            .filter(told -> told.generation() == generation)
            .map(ToldWish::deployment)
            .distinct()
            .toList();
    if (generation == 0) {
      problems.add("no node was told what to run: give the files");
    } else if (wishes.size() > 1) {
      problems.add(
          "the nodes were told different wishes of generation " + generation + ": give the files");
    }
    return new Wish(generation, wishes.isEmpty() ? Deployment.EMPTY : wishes.getFirst());
  }

  private int deploy(Wish wish, Map<ClusterNode, Answer<ToldWish>> known) throws Exception {
    Map<ClusterNode, Answer<WishPlan>> plans =
        Cluster.askReached(
            known, one -> one.planConfiguration(wish.generation(), wish.deployment()));
    if (!session.isDocument()) {
      PlanTree.lines(wish.generation(), plans).forEach(session::say);
      session.environment().out().flush();
    }
    boolean isRefused = isRefused(plans);
    if (dryRun || isRefused) {
      if (session.isDocument()) {
        session.print(DeployDocument.ofPlans(wish.generation(), plans), List::of);
      }
      return isRefused ? ExitCode.FAILED : nameSilent(plans) ? ExitCode.UNREACHABLE : ExitCode.DONE;
    }
    if (PlanTree.changesAnything(plans)
        && !consent.isGiven(session, "This is what the nodes will do.")) {
      return ExitCode.FAILED;
    }
    Map<ClusterNode, Answer<ToldWish>> told =
        Cluster.askReached(
            plans, one -> one.putConfiguration(wish.generation(), wish.deployment()));
    return follow(wish.generation(), told);
  }

  private int follow(long generation, Map<ClusterNode, Answer<ToldWish>> told)
      throws InterruptedException {
    List<ClusterNode> followed =
        told.entrySet().stream()
            .filter(one -> one.getValue().given().isPresent())
            .map(Map.Entry::getKey)
            .toList();
    boolean isRefused = isRefused(told);
    if (followed.isEmpty()) {
      return isRefused || !nameSilent(told) ? ExitCode.FAILED : ExitCode.UNREACHABLE;
    }
    Instant begin = CLOCK.instant();
    session.environment().endOnceUnread(); // The nodes go on.
    Following.Ended ended;
    try (ClusterView view = ClusterView.in(session, CLOCK);
        InterruptHook _ = new InterruptHook(() -> interrupted(view))) {
      ended =
          new Following(
                  generation,
                  followed,
                  StandstillLimits.ofAll(Duration.ofSeconds(patienceSeconds)),
                  view,
                  CLOCK)
              .follow();
    }
    boolean isSilent = nameSilent(told) || isLost(ended);
    session.print(
        DeployDocument.of(told, ended),
        () -> summary(ended, told.size(), ClusterView.elapsed(begin, CLOCK)));
    tellTroubles(ended);
    boolean isReached = ended.end() == Following.End.AS_WISHED || isOnlyLost(ended);
    return isRefused || !isReached
        ? ExitCode.FAILED
        : isSilent ? ExitCode.UNREACHABLE : ExitCode.DONE;
  }

  private static List<String> summary(Following.Ended ended, int all, String elapsed) {
    return ended.end() == Following.End.AS_WISHED
        ? List.of(
            "generation %d: all is as wished on %d of %d nodes, after %s"
                .formatted(ended.last().generation(), ended.last().nodes().size(), all, elapsed))
        : List.of();
  }

  private void tellTroubles(Following.Ended ended) {
    if (ended.end() == Following.End.AS_WISHED) {
      return;
    }
    session.complain("flocker: generation " + ended.last().generation() + " is not reached:");
    ended.last().troubles().forEach(trouble -> session.complain("  " + trouble));
    session.complain(
        ended.end() == Following.End.OVERTAKEN
            ? "Somebody has told a later wish, which counts."
            : "The nodes go on trying; follow them with: " + againCommand());
  }

  /** Whether one that was told does not answer any more. */
  private static boolean isLost(Following.Ended ended) {
    return ended.last().nodes().values().stream().anyMatch(Answer.Silent.class::isInstance);
  }

  /** Whether all that answer have reached it. */
  private static boolean isOnlyLost(Following.Ended ended) {
    return ended.last().nodes().values().stream()
            .flatMap(answer -> answer.given().stream())
            .allMatch(
                status -> status.isAsWished() && status.generation() == ended.last().generation())
        && ended.last().nodes().values().stream().noneMatch(Answer.Refused.class::isInstance);
  }

  /** Names the nodes that refused. */
  private boolean isRefused(Map<ClusterNode, ? extends Answer<?>> answers) {
    boolean isRefused = false;
    for (Map.Entry<ClusterNode, ? extends Answer<?>> one : answers.entrySet()) {
      if (one.getValue() instanceof Answer.Refused<?>(var problem)) {
        isRefused = true;
        List<String> lines = session.lines(problem);
        session.complain("flocker: " + one.getKey() + ": " + lines.getFirst());
        lines.stream().skip(1).forEach(session::complain);
      }
    }
    return isRefused;
  }

  /** Names the nodes that did not answer, and what to do about them. */
  private boolean nameSilent(Map<ClusterNode, ? extends Answer<?>> answers) {
    boolean isSilent = false;
    for (Map.Entry<ClusterNode, ? extends Answer<?>> one : answers.entrySet()) {
      if (one.getValue() instanceof Answer.Silent<?>(String why)) {
        isSilent = true;
        session.complain("flocker: " + one.getKey() + " was not reached: " + why);
      }
    }
    if (isSilent && !dryRun) {
      session.complain("Once it is back: " + againCommand());
    }
    return isSilent;
  }

  private void interrupted(ClusterView view) {
    view.close();
    session.complain("flocker: interrupted; the nodes go on. Follow them with: " + againCommand());
  }

  private String againCommand() {
    return "flocker deploy --again" + session.urlOption();
  }

  private CommandSpec requireSpec() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("picocli has not set it");
    }
    return known;
  }
}
