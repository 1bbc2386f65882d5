package io.flocker.core.deploy.route;

import io.flocker.core.deploy.Protocol;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RouteFailure;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.TcpPorts;
import io.flocker.core.process.Asked;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.Output;
import io.flocker.core.process.StuckChildren;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Routes by the commands {@code nft} and, where there is one, {@code conntrack}. */
public final class Nftables implements Routes {
  private static final Asked PACKET_FILTER =
      new Asked(
          "nftables",
          ActionType.NFT,
          RouteFailure.ROUTES_UNAVAILABLE,
          RouteFailure.ROUTES_TIMEOUT,
          RouteFailure.ROUTES_UNREADABLE);

  /** One changes at a time; beside it others look. */
  private static final int COMMANDS_AT_ONCE = 4;

  /** As much as the routes of some ten thousand applications. */
  private static final int MAX_LISTING_BYTES = 8 << 20;

  private static final List<String> NO_RIGHTS =
      List.of("Operation not permitted", "Permission denied");
  private static final List<String> NO_KERNEL =
      List.of(
          "Protocol not supported", "cache initialization failed", "Unable to initialize Netlink");
  private static final String NOT_THERE = "No such file or directory";

  /** Which conntrack(8) says, and ends with 1, where it found nothing to forget. */
  private static final String FORGOTTEN = "flow entries have been deleted";

  private final RouteSettings settings;
  private final Commands commands;
  private final Forwarding forwarding;
  private final Supplier<List<InetAddress>> ownAddresses;
  private final ReentrantLock change = new ReentrantLock();
  private volatile List<String> undone = List.of();

  /** Asks as {@code settings} say. */
  public Nftables(RouteSettings settings, StuckChildren stuck, CommandObserver observer) {
    this(settings, stuck, observer, new Forwarding(Path.of("/proc")), Nftables::ownAddresses);
  }

  /** The same for a node that is not the host of this program. */
  Nftables(
      RouteSettings settings,
      StuckChildren stuck,
      CommandObserver observer,
      Forwarding forwarding,
      Supplier<List<InetAddress>> ownAddresses) {
    this.settings = settings;
    this.commands =
        new Commands(new Launch(PACKET_FILTER, "nft"), COMMANDS_AT_ONCE, stuck, observer);
    this.forwarding = forwarding;
    this.ownAddresses = ownAddresses;
  }

  @Override
  public Found discover() throws FailureException {
    Output output = nft("", "-j", "list", "table", "inet", "flocker");
    Found found =
        !output.isSuccess() && output.stderr().contains(NOT_THERE)
            ? Found.NOTHING
            : RulesetReader.read(json(said(output, "the table inet flocker cannot be listed")));
    return found.with(undone);
  }

  @Override
  public Applied apply(Routing wish) throws FailureException {
    for (Route route : wish.routes()) {
      if (settings.reserved().contains(route.port())) {
        throw RouteFailure.PORT_RESERVED.because(
            "this node is reached at %s, which shall not lead to %s"
                .formatted(route.port(), route.to().getHostAddress()));
      }
    }
    change.lock();
    try {
      Found found = discover();
      List<String> hindrances = new ArrayList<>(forward(wish));
      boolean isToChange = !found.is(wish);
      if (isToChange) {
        write(found, wish);
        forget(found.routing(), wish).ifPresent(hindrances::add);
      }
      tell(hindrances);
      return new Applied(isToChange, hindrances);
    } finally {
      change.unlock();
    }
  }

  /** A daemon that is killed between its change and what follows it leaves these. */
  @Override
  public Optional<String> forgetStale() throws FailureException {
    change.lock();
    try {
      Found found = discover();
      if (!found.isThere() || !found.isIntact()) {
        return Optional.empty(); // What somebody took out of it by hand is no way that is gone.
      }
      Routing now = found.routing();
      List<InetAddress> own = ownAddresses.get();
      Optional<String> left =
          forget(
              EnumSet.allOf(Family.class), listed -> StaleConnections.isLeftOver(listed, now, own));
      left.ifPresent(_ -> tell(Stream.concat(undone.stream(), left.stream()).distinct().toList()));
      return left;
    } finally {
      change.unlock();
    }
  }

  /** In the log once, and to all who look. */
  private void tell(List<String> hindrances) {
    if (!hindrances.isEmpty() && !hindrances.equals(undone)) {
      Action.message(MessageType.ROUTES_HINDERED, Map.of("hindrances", hindrances));
    }
    undone = List.copyOf(hindrances);
  }

  private void write(Found found, Routing wish) throws FailureException {
    if (!found.isIntact()) {
      Action.message(MessageType.ROUTES_MENDED, Map.of("table", Ruleset.TABLE));
    }
    String text;
    if (wish.isEmpty()) {
      text = Ruleset.removal();
    } else if (found.isThere() && found.isIntact()) {
      text = Ruleset.change(found.routing(), wish);
    } else {
      text = Ruleset.whole(wish);
    }
    String _ = said(nft(text, "-f", "-"), "the routes cannot be set");
    Action.message(
        MessageType.ROUTES_CHANGED,
        Map.of(
            "routes", wish.routes().size(),
            "open", wish.open().size(),
            "gone", found.routing().without(wish).stream().map(Route::toString).toList(),
            "come", wish.without(found.routing()).stream().map(Route::toString).toList()));
  }

  private List<String> forward(Routing wish) {
    return families(wish).stream().map(forwarding::allow).flatMap(Optional::stream).toList();
  }

  private static Set<Family> families(Routing routing) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    routing.routes().forEach(route -> families.add(route.family()));
    return families;
  }

  /**
   * After the change, or their next packets would be remembered the old way again.
   *
   * @return why some are not forgotten; the routes are right all the same
   */
  private Optional<String> forget(Routing before, Routing after) {
    Set<StaleConnections.To> stale = StaleConnections.after(before, after, ownAddresses.get());
    Set<Family> families = EnumSet.noneOf(Family.class);
    stale.forEach(one -> families.add(one.family()));
    return forget(families, listed -> stale.contains(listed.to()));
  }

  private Optional<String> forget(
      Set<Family> families, Predicate<StaleConnections.Listed> isStale) {
    try {
      for (StaleConnections.To one : thereAre(families, isStale)) {
        Output output = commands.run(conntrack(one.forget()), settings.deadline());
        if (!output.isSuccess() && !output.stderr().contains(FORGOTTEN)) {
          return Optional.of(keptConnections(reason(output)));
        }
      }
      return Optional.empty();
    } catch (FailureException e) {
      return Optional.of(keptConnections(e.detail()));
    }
  }

  /** Of many that may be stale there are few, or none. */
  private Set<StaleConnections.To> thereAre(
      Set<Family> families, Predicate<StaleConnections.Listed> isStale) throws FailureException {
    Set<StaleConnections.To> found = new HashSet<>();
    for (Family family : families) {
      Output output =
          commands.run(
              conntrack(StaleConnections.list(family)),
              settings.deadline(),
              line ->
                  StaleConnections.parse(line)
                      .filter(isStale)
                      .map(StaleConnections.Listed::to)
                      .ifPresent(found::add));
      String _ = said(output, "the connections cannot be listed");
    }
    return found;
  }

  private List<String> conntrack(List<String> arguments) {
    return Stream.concat(Stream.of(settings.conntrack()), arguments.stream()).toList();
  }

  private static String keptConnections(String reason) {
    return """
    Connections of routes that changed may keep their old way until they are silent for two \
    minutes, since conntrack cannot end them (%s): install conntrack.\
    """
        .formatted(reason);
  }

  private static List<InetAddress> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
    } catch (SocketException _) {
      return List.of(); // A host without any device.
    }
  }

  @Override
  public List<String> examine() throws FailureException {
    Found found = discover();
    List<String> sentences = new ArrayList<>();
    if (!found.isIntact()) {
      sentences.add(
          "Somebody changed the table inet flocker by hand: flockerd writes it anew with the next"
              + " change, or when it converges next.");
    }
    for (Family family : families(found.routing())) {
      forwarding.obstacle(family).ifPresent(sentences::add);
    }
    sentences.addAll(firewalls());
    sentences.addAll(hidden(found.routing()));
    missing(settings.conntrack()).ifPresent(sentences::add);
    return sentences;
  }

  private List<String> firewalls() throws FailureException {
    List<String> advice = new ArrayList<>();
    JsonNode chains =
        json(said(nft("", "-j", "list", "chains"), "the chains of others cannot be listed"));
    for (Firewall firewall : Firewall.in(chains)) {
      Output table = nft("", "list", "table", firewall.family(), firewall.table());
      if (!Firewall.looksForTheMark(table.stdout())) {
        advice.add(firewall.advice());
      }
    }
    return advice;
  }

  /** What listens here at a port that leads elsewhere: nobody outside reaches it. */
  private static List<String> hidden(Routing routing) {
    SortedSet<Integer> listening;
    try {
      listening = TcpPorts.listening();
    } catch (IOException _) {
      return List.of();
    }
    return routing.routes().stream()
        .filter(route -> route.port().protocol() == Protocol.TCP)
        .filter(route -> listening.contains(route.port().number()))
        .map(route ->
            """
            A program on this node listens at a port that leads elsewhere (%s): it is reached \
            at this node's loopback address only.\
            """
                .formatted(route))
        .toList();
  }

  private Optional<String> missing(String program) {
    try {
      Output _ = commands.run(List.of(program, "--version"), settings.deadline());
      return Optional.empty();
    } catch (FailureException e) {
      return Optional.of(keptConnections(e.detail()));
    }
  }

  private Output nft(String stdin, String... arguments) throws FailureException {
    List<String> argv = Stream.concat(Stream.of(settings.nft()), Stream.of(arguments)).toList();
    return commands.run(argv, stdin, MAX_LISTING_BYTES, settings.deadline());
  }

  /** Its stdout, where it did what it was told. */
  private static String said(Output output, String otherwise) throws FailureException {
    if (output.isSuccess()) {
      return output.stdout();
    }
    RouteFailure failure =
        says(output, NO_RIGHTS) || says(output, NO_KERNEL)
            ? RouteFailure.ROUTES_UNAVAILABLE
            : RouteFailure.ROUTES_REFUSED;
    throw failure.because(otherwise + ": " + reason(output)).with("stderr", output.stderr());
  }

  private static boolean says(Output output, List<String> words) {
    return words.stream().anyMatch(output.stderr()::contains);
  }

  private static String reason(Output output) {
    return output
        .stderr()
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("it " + output.ending() + " and did not say why");
  }

  private static JsonNode json(String text) throws FailureException {
    try {
      return JsonMappers.WIRE.readTree(text);
    } catch (JacksonException e) {
      throw RouteFailure.ROUTES_UNREADABLE
          .because("nft printed no JSON that can be read: " + e.getOriginalMessage())
          .causedBy(e);
    }
  }
}
