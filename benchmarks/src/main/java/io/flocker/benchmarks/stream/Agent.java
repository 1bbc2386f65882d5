package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.http.api.VersionDocument;
import io.flocker.http.json.Json;
import io.flocker.http.net.Buffers;
import io.flocker.http.net.EventLoops;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.http.route.StreamRoute;
import io.flocker.http.server.HttpsServer;
import io.flocker.http.server.HttpsServerSettings;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsEngine;
import io.flocker.http.tls.TlsSettings;
import io.flocker.http.tls.TlsVersion;
import io.flocker.transfer.stream.RateSource;
import io.flocker.transfer.stream.SendOutcome;
import io.flocker.transfer.stream.StreamReceiver;
import io.flocker.transfer.stream.StreamSender;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.zfs.process.StreamChild;
import io.flocker.zfs.process.Zfs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One daemon of the harness: the product's server, client, sender and receiver, put together as
 * {@code flockerd} does, with children that cost next to nothing. Obeys the {@link Order}s that
 * come on stdin and answers each with a line on stdout; ends with its stdin.
 */
public final class Agent {
  static final String BODY = "/body";
  static final String VERSION = "/v1/version";

  private static final String MEDIA_TYPE = "application/octet-stream";
  private static final int OK = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TransferSettings transfers = TransferSettings.defaults();
  private final Launch launch = new Launch(Zfs.ASKED, "benchmark");
  private final StuckChildren stuck = new StuckChildren();
  private final EventLoops loops;
  private final PeerClient client;
  private final HttpsServer server;
  private volatile List<String> sink = List.of("cat");

  private Agent(Credentials credentials, int loopCount, TlsEngine engine) throws Exception {
    loops = EventLoops.start(loopCount);
    TlsSettings usual = TlsSettings.defaults();
    TlsContexts tls =
        TlsContexts.of(new TlsSettings(engine, TlsVersion.TLS_1_3, usual.handshake()), credentials);
    client = new PeerClient(loops, tls, PeerClientSettings.defaults());
    server =
        HttpsServer.start(
            HttpsServerSettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            tls,
            loops,
            routes());
  }

  /**
   * Runs one.
   *
   * @param arguments the folder of the certificates, the node's uuid, how many event loops, which
   *     {@link TlsEngine}
   */
  public static void main(String... arguments) throws Exception {
    Credentials credentials = credentials(Path.of(arguments[0]), arguments[1]);
    Agent agent =
        new Agent(credentials, Integer.parseInt(arguments[2]), TlsEngine.valueOf(arguments[3]));
    say(Map.of("port", agent.server.address().getPort()));
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      say(agent.obey(Json.convert(Json.read(line.getBytes(UTF_8)), Order.class)));
    }
    // Whatever still runs is of no interest to anybody.
    Runtime.getRuntime().halt(0);
  }

  /** What {@link CertificateAuthority} has written into {@code folder} for a node. */
  static Credentials credentials(Path folder, String node) throws Exception {
    CredentialFiles files = CredentialFiles.in(folder, "node-" + node);
    return Credentials.load(
        CredentialFiles.in(folder, CertificateAuthority.FILE_NAME).certificate(),
        files.certificate(),
        files.key());
  }

  private static void say(Object answer) {
    System.out.println(new String(Json.write(answer), UTF_8));
    System.out.flush();
  }

  private Object obey(Order order) throws Exception {
    return switch (order.verb()) {
      case "sink" -> {
        sink = order.child();
        yield Map.of();
      }
      case "send" -> send(order);
      case "provoke" -> provoke(order);
      case "fan" -> fan(order);
      case "tally" -> Tally.now();
      default -> throw new IOException("no such order: " + order.verb());
    };
  }

  private Sent send(Order order) throws InterruptedException, ExecutionException {
    PeerAddress peer =
        new PeerAddress(NodeId.parse(order.node()), new Address("127.0.0.1", order.port()));
    long begun = System.nanoTime();
    List<Future<Sent>> lanes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int lane = 0; lane < order.streams(); lane++) {
        lanes.add(threads.submit(() -> sendInTurn(peer, order)));
      }
    }
    Sent all = new Sent(0, 0, List.of(), List.of());
    for (Future<Sent> lane : lanes) {
      all = plus(all, lane.get());
    }
    return new Sent(
        System.nanoTime() - begun, all.bytes(), all.firstByteNanos(), all.streamNanos());
  }

  /** Sends to several at once. */
  private Sent fan(Order order) throws Exception {
    TransferSettings limited =
        transfers.and(
            RateSource.of(
                order.rate() == 0 ? OptionalLong.empty() : OptionalLong.of(order.rate())));
    AtomicInteger children = new AtomicInteger();
    FanOut fanOut =
        new FanOut(
            order.others().stream().map(target -> NodeId.parse(target.node())).toList(), PATIENCE);
    FanOut.Source source =
        () -> {
          children.incrementAndGet();
          return StreamChild.sending(launch, order.child(), transfers.pipeBytes(), stuck);
        };
    long begun = System.nanoTime();
    List<CompletableFuture<SendOutcome>> outcomes = new ArrayList<>();
    for (Order.Target target : order.others()) {
      NodeId node = NodeId.parse(target.node());
      fanOut.needs(node, List.of(BODY));
      StreamSender sender =
          new StreamSender(
              () ->
                  order.isShared()
                      ? fanOut.start(node, BODY, transfers.pipeBytes(), source, _ -> {})
                      : source.start(),
              limited,
              Buffers.pool());
      PeerAddress peer = new PeerAddress(node, new Address("127.0.0.1", target.port()));
      client.upload(peer, BODY, MEDIA_TYPE, Map.of(), loops.next(), sender);
      outcomes.add(sender.outcome().toCompletableFuture());
    }
    long bytes = 0;
    for (CompletableFuture<SendOutcome> outcome : outcomes) {
      if (!(outcome.get() instanceof SendOutcome.Answered answered) || answered.status() != OK) {
        throw new IOException("a stream failed: " + outcome.get());
      }
      bytes += answered.bytes();
    }
    return new Sent(System.nanoTime() - begun, bytes, List.of(), List.of(), children.get());
  }

  /** Sends what must fail, one after the other; tells how long after the child's own words. */
  private Sent provoke(Order order) throws Exception {
    PeerAddress peer =
        new PeerAddress(NodeId.parse(order.node()), new Address("127.0.0.1", order.port()));
    long begun = System.nanoTime();
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < order.repeat(); i++) {
      SendOutcome outcome = outcome(peer, order.child());
      long known = System.nanoTime();
      if (!(outcome instanceof SendOutcome.Answered refused) || refused.status() == OK) {
        throw new IOException("the stream should have failed: " + outcome);
      }
      String lastWords = refused.body().path("receiver").path("stderr").asString();
      delays.add(known - Long.parseLong(lastWords.strip()));
    }
    return new Sent(System.nanoTime() - begun, 0, List.of(), delays);
  }

  private Sent sendInTurn(PeerAddress peer, Order order) throws Exception {
    long bytes = 0;
    List<Long> firstBytes = new ArrayList<>();
    List<Long> streams = new ArrayList<>();
    for (int i = 0; i < order.repeat(); i++) {
      long begun = System.nanoTime();
      SendOutcome.Answered answered = sendOne(peer, order.child());
      streams.add(System.nanoTime() - begun);
      firstBytes.add(answered.body().path(Sink.FIRST_BYTE).asLong() - begun);
      bytes += answered.bytes();
    }
    return new Sent(0, bytes, firstBytes, streams);
  }

  private SendOutcome.Answered sendOne(PeerAddress peer, List<String> child) throws Exception {
    SendOutcome outcome = outcome(peer, child);
    if (outcome instanceof SendOutcome.Answered answered && answered.status() == OK) {
      return answered;
    }
    throw new IOException("the stream failed: " + outcome);
  }

  private SendOutcome outcome(PeerAddress peer, List<String> child) throws Exception {
    StreamSender sender =
        new StreamSender(
            () -> StreamChild.sending(launch, child, transfers.pipeBytes(), stuck),
            transfers,
            Buffers.pool());
    client.upload(peer, BODY, MEDIA_TYPE, Map.of(), loops.next(), sender);
    return sender.outcome().toCompletableFuture().get();
  }

  private static Sent plus(Sent one, Sent other) {
    List<Long> firstBytes = new ArrayList<>(one.firstByteNanos());
    firstBytes.addAll(other.firstByteNanos());
    List<Long> streams = new ArrayList<>(one.streamNanos());
    streams.addAll(other.streamNanos());
    return new Sent(0, one.bytes() + other.bytes(), firstBytes, streams);
  }

  private List<Route> routes() {
    return List.of(
        StreamRoute.put("sendBody", BODY)
            .permits("transfer:receive", Route.NODES)
            .takesRaw(MEDIA_TYPE)
            .streamedTo(this::receive),
        JsonRoute.get("getVersion", VERSION)
            .permits("node:read", Route.NODES)
            .answers("version")
            .servedBy(_ -> JsonResponse.ok(VersionDocument.of("0", List.of()))));
  }

  private StreamBody receive(StreamExchange exchange) {
    return StreamReceiver.open(
        exchange,
        new Sink(() -> StreamChild.receiving(launch, sink, transfers.pipeBytes(), stuck)),
        transfers,
        Buffers.pool());
  }
}
