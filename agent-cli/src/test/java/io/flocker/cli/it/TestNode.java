package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.EliotChecker;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.os.TestJvm;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One node: its pool, its files, and the daemon that runs, or does not, on them. */
final class TestNode implements AutoCloseable {
  private static final Duration LONG_POLL = Duration.ofSeconds(20);

  /** Far more than any operation of a test takes, and less than its build may. */
  private static final Duration LONGEST_OPERATION = Duration.ofMinutes(5);

  private static final int FIRST_PORT = 20_000;
  private static final int PORTS_OF_ONE = 2_000;

  /** Given to nodes, which may not listen yet. */
  private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

  private final NodeId id;
  private final Path folder;
  private final TestPool pool;
  private final Location location;
  private final int port;
  private final Credentials credentials;
  private final Credentials user;
  private final FlockerClient client;
  private Optional<DaemonProcess> daemon = Optional.empty();
  private int kills;

  private TestNode(
      NodeId id,
      Path folder,
      TestPool pool,
      Location location,
      int port,
      Credentials credentials,
      Credentials user,
      FlockerClient client) {
    this.id = id;
    this.folder = folder;
    this.pool = pool;
    this.location = location;
    this.port = port;
    this.credentials = credentials;
    this.user = user;
    this.client = client;
  }

  /** Makes the files of a node on {@code pool}, in a folder of the pool's that they share. */
  static TestNode create(TestCluster cluster, Credentials user, TestPool pool, NodeSetup setup)
      throws IOException, CredentialsException {
    NodeId id = NodeId.random();
    Path folder = Files.createDirectory(pool.folder().resolve(id.toString()));
    int port = freePort();
    String host = setup.location().host();
    Credentials credentials = cluster.node(id, host, "localhost");
    FlockerClient client =
        new FlockerClient(URI.create("https://" + host + ":" + port), user.sslContext());
    TestNode node =
        new TestNode(id, folder, pool, setup.location(), port, credentials, user, client);
    node.writeFiles(cluster, setup);
    return node;
  }

  NodeId id() {
    return id;
  }

  TestPool pool() {
    return pool;
  }

  /** Where it is reached, as {@code host:port}. */
  String address() {
    return location.host() + ":" + port;
  }

  Location location() {
    return location;
  }

  URI url() {
    return URI.create("https://" + address());
  }

  int port() {
    return port;
  }

  /** The certificate that it shows, to speak in its name. */
  Credentials credentials() {
    return credentials;
  }

  /** Those of the user of {@link #client}. */
  Credentials clientCredentials() {
    return user;
  }

  /** Its API, as a user sees it. */
  FlockerClient client() {
    return client;
  }

  Path configuration() {
    return file("flockerd.yml");
  }

  /** The Eliot log of all daemons that ran on it. */
  Path log() {
    return file("flockerd.log");
  }

  /** Waits until a line of its log holds all that: it is written behind what it tells of. */
  void awaitLogged(String... words) throws Exception {
    List<String> all = List.of(words);
    Await.until(
        "a log with " + all,
        () -> {
          try (Stream<String> lines = Files.lines(log())) {
            return lines.anyMatch(line -> all.stream().allMatch(line::contains));
          }
        });
  }

  /** What its daemons printed. */
  Path output() {
    return file("flockerd.out");
  }

  /** The daemon that was started last. */
  DaemonProcess daemon() {
    return daemon.orElseThrow();
  }

  /** Starts the daemon and waits until it listens. */
  void start() throws IOException, InterruptedException {
    begin();
    daemon().awaitReady();
  }

  /** Starts the daemon and does not wait. */
  void begin() throws IOException {
    kills = kills();
    daemon = Optional.of(DaemonProcess.start(configuration(), output(), location));
  }

  /** Ends the daemon by TERM; its exit status is 0. */
  void stop() throws IOException, InterruptedException {
    assertEquals(0, daemon().terminate(), "exit status after TERM");
  }

  /** Ends the daemon by KILL and starts it anew. */
  void crashAndStart() throws IOException, InterruptedException {
    daemon().kill();
    start();
  }

  /**
   * Makes every {@code zfs} that the daemon starts from now on run this piece of shell first, its
   * arguments being those of {@code zfs}; {@link NodeSetup#withFaultyZfs} only. A piece that does
   * not {@code exit} or {@code exec} lets the command happen.
   */
  void faults(String shell) throws IOException {
    Path draft = file("faults.new");
    Files.writeString(draft, shell + "\n");
    Files.move(draft, file("faults"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Ends what {@link #faults} began. */
  void heal() throws IOException {
    Files.deleteIfExists(file("faults"));
  }

  /** A file of the node's own, for what a test wants beside it. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Replaces top-level settings, for the next start; each on one line of {@code flockerd.yml}. */
  void settings(String lines) throws IOException {
    List<String> keys =
        lines.lines().map(line -> line.substring(0, line.indexOf(':') + 1)).toList();
    String kept =
        Files.readString(configuration())
            .lines()
            .filter(line -> keys.stream().noneMatch(line::startsWith))
            .collect(Collectors.joining("\n", "", "\n"));
    Files.writeString(configuration(), kept + lines + "\n");
  }

  /** Creates a volume that it owns, mounted. */
  VolumeDocument create(String name) throws Exception {
    return client.createVolume(new NewVolume(VolumeName.parse(name), null, null));
  }

  VolumeDocument volume(VolumeId volume) throws Exception {
    return client.volume(volume);
  }

  /** Where a volume is mounted, or would be. */
  static Path folder(VolumeDocument volume) {
    return Path.of(volume.mountpoint().orElseThrow());
  }

  /** The newest snapshot of a volume that has one. */
  static SnapshotDocument latest(VolumeDocument volume) {
    return volume.latestSnapshot().orElseThrow();
  }

  /** Waits for the end of an operation. */
  OperationView finish(OperationView operation) throws Exception {
    long deadline = System.nanoTime() + LONGEST_OPERATION.toNanos();
    OperationView now = operation;
    while (!now.state().isEnd()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("does not end: " + now);
      }
      now = client.operation(operation.id(), LONG_POLL);
    }
    return now;
  }

  /** Waits for the good end of an operation. */
  OperationView succeed(OperationView operation) throws Exception {
    OperationView end = finish(operation);
    assertEquals(OperationState.SUCCEEDED, end.state(), () -> String.valueOf(end.problem()));
    return end;
  }

  /** Waits for the bad end of an operation, for this reason. */
  FailureException fail(Failure expected, OperationView operation) throws Exception {
    OperationView end = finish(operation);
    JsonNode problem = Json.tree(end.problem().orElseThrow(() -> new AssertionError(end)));
    FailureException failure = Problem.read(problem.path("status").intValue(), problem);
    assertEquals(expected, failure.failure(), failure::getMessage);
    return failure;
  }

  /** Pushes with a fresh snapshot and waits for the good end. */
  OperationView push(VolumeId volume, TestNode peer) throws Exception {
    return succeed(client.push(volume, peer.id()));
  }

  /** Hands off and waits for the good end. */
  OperationView handOff(VolumeId volume, TestNode peer) throws Exception {
    return succeed(client.handoff(volume, peer.id()));
  }

  /** Tells it where {@code other} is. */
  void learn(TestNode other) throws Exception {
    learn(other, Takeover.NEVER);
  }

  /** Tells it where {@code other} is, and whether it may ever take a volume over. */
  void learn(TestNode other, Takeover takeover) throws Exception {
    var _ = client.putPeer(new Peer(other.id(), List.of(Address.parse(other.address())), takeover));
  }

  /**
   * Ends the daemon, if it runs.
   *
   * @throws AssertionError if a line of all that its daemons have logged is none of Eliot's
   */
  @Override
  public void close() {
    client.close();
    daemon.ifPresent(DaemonProcess::close);
    List<String> faults = logFaults();
    assertEquals(List.of(), faults, () -> "log of " + address());
  }

  /** How many of its daemons were killed. */
  private int kills() {
    return kills + (daemon.filter(DaemonProcess::wasKilled).isPresent() ? 1 : 0);
  }

  /** None where it has not logged: not every daemon comes that far. */
  private List<String> logFaults() {
    try {
      return Files.exists(log())
          ? new EliotChecker().allowingParts().allowingCuts(kills()).file(log()).faults()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeFiles(TestCluster cluster, NodeSetup setup)
      throws IOException, CredentialsException {
    Path certificates = Files.createDirectory(file("certificates"));
    var _ = credentials.save(certificates, "node");
    Files.copy(cluster.authorityFile(), certificates.resolve("cluster.crt"));
    Files.writeString(file("volume.json"), "{\"uuid\": \"%s\", \"version\": 1}\n".formatted(id));
    Files.writeString(configuration(), yaml(setup));
    if (setup.isFaulty()) {
      writeFaultyZfs();
    }
  }

  private String yaml(NodeSetup setup) {
    return """
    version: 1
    listen: %s
    pool: %s
    mount-root: %s
    certificates: %s
    state: %s
    identity: %s
    log: { target: file, file: %s, level: debug }
    """
            .formatted(
                address(),
                pool.name(),
                pool.mounts(),
                file("certificates"),
                file("state"),
                file("volume.json"),
                log())
        + (setup.isFaulty() ? "zfs: { zfs: " + file("zfs") + " }\n" : "")
        + setup.settings();
  }

  private void writeFaultyZfs() throws IOException {
    Path script = file("zfs");
    Files.writeString(
        script,
        """
        #!/bin/sh
        PATH=$PATH:/usr/sbin:/sbin
        if [ -e "%1$s" ]; then . "%1$s"; fi
        exec zfs "$@"
        """
            .formatted(file("faults")));
    if (!script.toFile().setExecutable(true)) {
      throw new IOException(script + " cannot be made executable");
    }
  }

  /**
   * Below those that the kernel gives to outgoing connections, and no other node's, not even of
   * tests that another JVM runs.
   */
  static int freePort() {
    int first = FIRST_PORT + TestJvm.number() * PORTS_OF_ONE;
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(first, first + PORTS_OF_ONE);
      if (!PORTS.add(port)) {
        continue;
      }
      try (ServerSocket _ = new ServerSocket(port)) {
        return port;
      } catch (IOException _) {
        // Somebody listens there.
      }
    }
  }
}
