package io.flocker.transfer.plugin;

import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.Operations;
import io.flocker.core.os.Holder;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.LocalConnection;
import io.flocker.http.LocalConnection.Reply;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.net.EventLoops;
import io.flocker.http.server.PluginServer;
import io.flocker.transfer.attach.MountBook;
import io.flocker.transfer.attach.VolumeAttachment;
import io.flocker.transfer.attach.VolumeGiver;
import io.flocker.transfer.deploy.DeployedVolumes;
import io.flocker.transfer.deploy.OperatedMoves;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.route.TransferWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Two nodes in memory, each with the plugin's real socket. */
@Timeout(120)
class DockerPluginTest {
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final UUID BOOT = UUID.randomUUID();
  private static final String DB = "{\"Name\":\"db\"}";

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final EventLoops loops = EventLoops.start(1);
  private final List<Side> sides = new ArrayList<>();
  private Side first;
  private Side second;

  /** A node with its plugin, its operations and its willingness. */
  private final class Side {
    final MemoryNode node;
    final Path socket;
    final Path state;
    final Database database;
    final Operations operations;
    MountBook book;
    PluginServer server;
    boolean isWilling = true;
    boolean isSeen = true;
    boolean destroys;
    Duration patience = WAIT;
    Duration leaving = Duration.ZERO;
    Optional<String> claim = Optional.empty();

    Side(MemoryNode node, MemoryNode other, String name) throws Exception {
      this.node = node;
      var _ =
          node.peers.put(new Peer(other.id, List.of(Address.parse("127.0.0.1:9")), Takeover.NEVER));
      socket = nodes.folder.resolve(name + ".sock");
      state = Files.createDirectory(nodes.folder.resolve(name + "-state"));
      database = Database.open(state);
      operations =
          new Operations(
              node.id,
              new StoredOperations(database),
              new OperationKinds(),
              OperationObserver.NONE,
              InstantSource.system(),
              WAIT);
      sides.add(this);
      start();
    }

    /** As a daemon does that comes after another one. */
    void start() throws IOException {
      book = MountBook.open(state, BOOT, InstantSource.system());
      OperatedMoves moves =
          new OperatedMoves(
              node.parts,
              node.links,
              node.find,
              operations,
              new TransferWork(
                  node.push,
                  node.handoff,
                  new VolumeDocuments(
                      node.register, MountStatus::of, node.parts.confirmations(), node.cursors)),
              node.wished);
      VolumeAttachment attachment =
          new VolumeAttachment(
              new DeployedVolumes(node.parts, node.links, node.find, node.policies, WAIT),
              moves,
              node.links,
              leaving);
      node.giver =
          (to, volume) ->
              new VolumeGiver(node.parts, node, book, moves, _ -> claim, isWilling)
                  .give(to, volume);
      DockerPlugin plugin =
          new DockerPlugin(
              node.parts,
              attachment,
              book,
              destroys,
              (_, _) -> isSeen,
              patience,
              InstantSource.system());
      server = PluginServer.start(socket, new Principal.Node(node.id), loops, plugin.routes());
    }

    void restart() throws IOException {
      server.close();
      start();
    }

    Reply call(String method, String body) throws IOException {
      return LocalConnection.call(socket, method, body);
    }

    JsonNode done(String method, String body) throws IOException {
      Reply reply = call(method, body);
      assertEquals("", reply.error());
      assertEquals(200, reply.status());
      return reply.body();
    }

    String refused(String method, String body) throws IOException {
      Reply reply = call(method, body);
      assertEquals(200, reply.status());
      assertFalse(reply.error().isEmpty(), reply.body().toString());
      return reply.error();
    }

    String mount(String caller) throws IOException {
      return done("VolumeDriver.Mount", mounting(caller)).path("Mountpoint").asString();
    }

    JsonNode get() throws IOException {
      return done("VolumeDriver.Get", DB).path("Volume");
    }

    Volume volume() throws Exception {
      return node.catalog.require(id());
    }

    VolumeId id() throws Exception {
      return node.catalog.known().stream()
          .filter(head -> head.name().equals(VolumeName.parse("default.db")))
          .findFirst()
          .orElseThrow()
          .id();
    }

    void end() throws Exception {
      server.close();
      operations.close();
      database.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    first = new Side(nodes.first, nodes.second, "first");
    second = new Side(nodes.second, nodes.first, "second");
  }

  @AfterEach
  void close() throws Exception {
    for (Side side : sides) {
      side.end();
    }
    loops.close();
  }

  @Test
  void saysWhatItIs() throws Exception {
    assertEquals(
        "[\"VolumeDriver\"]", first.done("Plugin.Activate", "").path("Implements").toString());
    assertEquals(
        "global",
        first.done("VolumeDriver.Capabilities", "{}").at("/Capabilities/Scope").asString());
  }

  @Test
  void aVolumeIsMadeMountedListedUnmountedAndKept() throws Exception {
    first.done(
        "VolumeDriver.Create",
        "{\"Name\":\"db\",\"Opts\":{\"size\":\"10g\",\"profile\":\"gold\"}}");
    first.done("VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":null}");

    assertEquals(10L << 30, first.volume().dataset().limitBytes());
    assertEquals("gold", first.node.register.metadata(first.id()).get(OperatedMoves.PROFILE));
    String mountpoint = first.node.home.mountpoint(VolumeName.parse("default.db")).toString();
    assertEquals(mountpoint, first.mount("a"));
    assertEquals(mountpoint, first.mount("a"));
    assertEquals(mountpoint, first.mount("b"));
    assertEquals(mountpoint, first.done("VolumeDriver.Path", DB).path("Mountpoint").asString());
    JsonNode listed = first.done("VolumeDriver.List", "{}").path("Volumes");
    assertEquals(1, listed.size());
    assertEquals("db", listed.get(0).path("Name").asString());
    assertEquals("owner", listed.get(0).at("/Status/role").asString());
    assertEquals(2, listed.get(0).at("/Status/mounts").asInt());
    assertEquals(0, listed.get(0).at("/Status/lagSeconds").asInt());

    first.done("VolumeDriver.Unmount", mounting("a"));
    first.done("VolumeDriver.Unmount", mounting("a"));
    first.done("VolumeDriver.Unmount", mounting("b"));
    first.done("VolumeDriver.Remove", DB);
    assertOwner(first.node, first.id(), 0);
  }

  @Test
  void aVolumeComesByItsOwnersHandoffAndGoesBack() throws Exception {
    first.done("VolumeDriver.Create", DB);
    VolumeId id = first.id();
    assertEquals("none", second.get().at("/Status/role").asString());
    assertEquals("", second.get().path("Mountpoint").asString());
    second.done("VolumeDriver.Create", DB);
    assertOwner(first.node, id, 0);

    String mountpoint = second.mount("a");

    assertEquals(
        second.node.home.mountpoint(VolumeName.parse("default.db")).toString(), mountpoint);
    assertOwner(second.node, id, 1);
    assertReplica(first.node, id, second.node, 1);
    assertEquals("replica", first.get().at("/Status/role").asString());
    assertEquals(second.node.id.toString(), first.get().at("/Status/owner").asString());
    assertTrue(first.get().at("/Status").has("lagSeconds"), first.get().toString());

    second.done("VolumeDriver.Unmount", mounting("a"));
    var _ = first.mount("b");
    assertOwner(first.node, id, 2);
  }

  @Test
  void whatIsMountedThereStaysThereOverARestartOfItsDaemonToo() throws Exception {
    first.done("VolumeDriver.Create", DB);
    var _ = first.mount("a");
    first.restart();

    String refusal = second.refused("VolumeDriver.Mount", mounting("b"));

    assertTrue(refusal.contains("mounted by the container engine for a"), refusal);
    assertOwner(first.node, first.id(), 0);
    assertEquals(List.of(), second.book.of(first.id()));
  }

  @Test
  void whatAProcessHoldsThereStaysThereAndNothingIsSentForIt() throws Exception {
    first.done("VolumeDriver.Create", DB);
    first.node.usersBefore.add(new Holder(42, "postgres", "cwd"));

    String refusal = second.refused("VolumeDriver.Mount", mounting("b"));

    assertTrue(refusal.contains("postgres (pid 42"), refusal);
    assertOwner(first.node, first.id(), 0);
    assertFalse(first.node.links.said().contains("prepare"), "the owner had begun");
  }

  @Test
  void aContainerThatHasJustEndedThereIsWaitedFor() throws Exception {
    first.done("VolumeDriver.Create", DB);
    first.node.usersBefore.add(new Holder(42, "postgres", "cwd"));
    second.leaving = WAIT;
    second.restart();
    second.node.links.breaks(moment -> {
      if (Collections.frequency(second.node.links.said(), "give") == 2) {
        first.node.usersBefore.clear();
      }
    });

    var _ = second.mount("a");

    assertOwner(second.node, first.id(), 1);
  }

  @Test
  void anOwnerThatKeepsItsVolumesSaysWhy() throws Exception {
    first.done("VolumeDriver.Create", DB);
    first.isWilling = false;
    String unwilling = second.refused("VolumeDriver.Mount", mounting("a"));
    assertTrue(unwilling.contains(first.node.id.toString()), unwilling);

    first.isWilling = true;
    first.claim = Optional.of("application web uses it there");
    String claimed = second.refused("VolumeDriver.Mount", mounting("a"));
    assertTrue(claimed.contains("application web uses it there"), claimed);
    assertOwner(first.node, first.id(), 0);
  }

  @Test
  void whoWaitedLongEnoughIsToldThatItGoesOnAndFindsItTheNextTime() throws Exception {
    first.done("VolumeDriver.Create", DB);
    VolumeId id = first.id();
    second.patience = Duration.ofMillis(200);
    second.restart();
    CountDownLatch told = new CountDownLatch(1);
    first.node.links.breaks(moment -> {
      if (moment.equals("prepare")) {
        await(told);
      }
    });

    String late = second.refused("VolumeDriver.Mount", mounting("a"));
    assertTrue(late.contains("which goes on"), late);
    told.countDown();
    second.patience = WAIT;
    second.restart();

    var _ = second.mount("a");
    assertOwner(second.node, id, 1);
  }

  @Test
  void theOwnerIsAskedOnceWhoeverMounts() throws Exception {
    first.done("VolumeDriver.Create", DB);
    CountDownLatch asked = new CountDownLatch(2);
    second.node.links.breaks(moment -> {
      if (moment.equals("find")) {
        asked.countDown();
      }
    });
    first.node.links.breaks(moment -> {
      if (moment.equals("prepare")) {
        await(asked);
      }
    });

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> one = callers.submit(() -> second.mount("a"));
      Future<String> other = callers.submit(() -> second.mount("b"));
      assertEquals(one.get(), other.get());
    }
    assertEquals(1, Collections.frequency(second.node.links.said(), "give"));
    assertEquals(2, second.book.of(first.id()).size());
  }

  @Test
  void aMountThatTheEngineDoesNotSeeIsRefusedAndNotCounted() throws Exception {
    first.done("VolumeDriver.Create", DB);
    first.isSeen = false;

    String refusal = first.refused("VolumeDriver.Mount", mounting("a"));

    assertTrue(refusal.contains("--make-shared"), refusal);
    assertEquals(List.of(), first.book.of(first.id()));
  }

  @Test
  void whatSomebodyMayHaveIsNotMade() throws Exception {
    first.node.links.breaks("find", TransferFailure.PEER_UNREACHABLE.because("it is away"));

    String refusal = first.refused("VolumeDriver.Create", DB);
    assertTrue(refusal.contains(second.node.id.toString()), refusal);
    assertEquals(List.of(), first.node.catalog.known());

    String silent = first.refused("VolumeDriver.Get", DB);
    assertTrue(silent.contains("default.db"), silent);
  }

  @Test
  void volumesOfOneNameOnTwoNodesAreNamed() throws Exception {
    VolumeId one = first.node.create("default.db").id();
    VolumeId other = second.node.create("default.db").id();

    String refusal = second.refused("VolumeDriver.Create", DB);

    assertTrue(refusal.contains(one.toString()), refusal);
    assertTrue(refusal.contains(other.toString()), refusal);
  }

  @Test
  void wrongWordsAreToldAndNothingIsMade() throws Exception {
    assertTrue(
        first
            .refused("VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"sise\":\"1g\"}}")
            .contains("'sise'"));
    assertTrue(
        first
            .refused("VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"size\":\"much\"}}")
            .contains("'much'"));
    assertTrue(first.refused("VolumeDriver.Create", "{\"Name\":\"-/x\"}").contains("-/x"));
    assertTrue(first.refused("VolumeDriver.Mount", mounting("a")).contains("default.db"));
    assertEquals(List.of(), first.node.catalog.known());
  }

  @Test
  void removeDestroysWhereItIsSetTo() throws Exception {
    first.destroys = true;
    first.restart();
    second.destroys = true;
    second.restart();
    first.done("VolumeDriver.Create", DB);
    VolumeId id = first.id();
    var _ = first.mount("a");
    assertTrue(first.refused("VolumeDriver.Remove", DB).contains("mounted"));
    assertTrue(second.refused("VolumeDriver.Remove", DB).contains(first.node.id.toString()));

    first.done("VolumeDriver.Unmount", mounting("a"));
    first.done("VolumeDriver.Remove", DB);
    first.done("VolumeDriver.Remove", DB);

    assertEquals(Optional.empty(), first.node.catalog.find(id));
  }

  @Test
  void namesAreShortWhereTheyCanBe() throws Exception {
    first.done("VolumeDriver.Create", "{\"Name\":\"web.data\"}");
    first.done("VolumeDriver.Create", "{\"Name\":\"default.a.b\"}");
    first.done("VolumeDriver.Create", "{\"Name\":\"default.plain\"}");

    List<String> names =
        first
            .done("VolumeDriver.List", "{}")
            .path("Volumes")
            .valueStream()
            .map(volume -> volume.path("Name").asString())
            .toList();

    assertEquals(List.of("default.a.b", "plain", "web.data"), names);
  }

  @Test
  void howeverManyVolumesThereAreThePoolIsAskedForThemOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      first.done("VolumeDriver.Create", "{\"Name\":\"web.data%d\"}".formatted(i));
    }
    int listings = first.node.fake.listings();
    int looks = first.node.fake.looks();

    assertEquals(5, first.done("VolumeDriver.List", "{}").path("Volumes").size());

    assertEquals(1, first.node.fake.listings() - listings);
    assertEquals(0, first.node.fake.looks() - looks);
  }

  private static String mounting(String caller) {
    return "{\"Name\":\"db\",\"ID\":\"%s\"}".formatted(caller);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
