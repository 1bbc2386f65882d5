package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.http.LocalConnection;
import io.flocker.http.LocalConnection.Reply;
import io.flocker.http.net.EventLoops;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PluginServerTest {
  private static final Principal.Node SELF = new Principal.Node(NodeId.random());

  @TempDir Path folder;

  private final EventLoops loops = EventLoops.start(1);
  private Path socket;
  private PluginServer server;

  @BeforeEach
  void start() throws IOException {
    socket = folder.resolve("docker").resolve("plugins").resolve("flocker.sock");
    server = listen();
  }

  @AfterEach
  void stop() {
    server.close();
    loops.close();
  }

  @Test
  void servesAnEngineThatNamesNoHostAndNoType() throws Exception {
    try (LocalConnection docker = LocalConnection.open(socket)) {
      assertEquals(
          "/x", docker.call("Path", "{\"Name\":\"x\"}").body().path("Mountpoint").asString());
      Reply again =
          docker.send("POST /Path HTTP/1.1\r\nContent-Length: 12\r\n\r\n{\"Name\":\"y\"}");
      assertEquals("/y", again.body().path("Mountpoint").asString());
      Reply nullOptions = docker.call("Path", "{\"Name\":\"z\",\"Opts\":null,\"Newer\":[1]}");
      assertEquals("/z", nullOptions.body().path("Mountpoint").asString());
    }
  }

  @Test
  void onlyItsOwnerMayOpenTheSocket() throws Exception {
    assertEquals("rw-------", mode(socket));
    Path plugins = folder.resolve("docker").resolve("plugins");
    assertEquals("rwx------", mode(plugins));
    assertEquals(List.of(socket), list(plugins));
  }

  @Test
  void theCallerIsKnownByItsProcessAndAsThisNodesOwn() throws Exception {
    Reply told = LocalConnection.call(socket, "Who", "{}");

    assertEquals(
        "/" + new Principal.Local(SELF.id()).name() + "/" + ProcessHandle.current().pid(),
        told.body().path("Mountpoint").asString());
  }

  @Test
  void failuresAreToldInAnAnswerThatDockerShows() throws Exception {
    Reply refused = LocalConnection.call(socket, "Refuse", "{\"Name\":\"x\"}");
    assertEquals(200, refused.status());
    assertTrue(refused.error().contains("x is kept"), refused.error());
    assertTrue(refused.error().contains(OwnershipFailure.KEPT_BY_OWNER.remedy()), refused.error());

    Reply broken = LocalConnection.call(socket, "Path", "{\"Name\":");
    assertEquals(200, broken.status());
    assertTrue(broken.error().contains("not one JSON document"), broken.error());

    Reply nameless = LocalConnection.call(socket, "Path", "{}");
    assertEquals(200, nameless.status());
    assertTrue(!nameless.error().isEmpty(), nameless.error());

    Reply defect = LocalConnection.call(socket, "Break", "{}");
    assertEquals(200, defect.status());
    assertTrue(!defect.error().isEmpty() && !defect.error().contains("secret"), defect.error());
  }

  @Test
  void whatAPluginDoesNotHaveIsA404() throws Exception {
    Reply unknown = LocalConnection.call(socket, "NetworkDriver.GetCapabilities", "{}");

    assertEquals(404, unknown.status());
    assertTrue(!unknown.error().isEmpty());
  }

  @Test
  void aSocketThatAKilledDaemonHasLeftIsReplaced() throws Exception {
    server.close();
    assertTrue(Files.notExists(socket), "closed, it is gone");
    Files.createFile(socket);
    Files.createFile(socket.resolveSibling("flocker.sock.new"));

    server = listen();

    assertEquals(404, LocalConnection.call(socket, "None", "{}").status());
    assertEquals("rw-------", mode(socket));
  }

  private PluginServer listen() throws IOException {
    return PluginServer.start(
        socket,
        SELF,
        loops,
        List.of(
            route("Path", request -> "/" + request.body().path("Name").asString()),
            bare(
                "Who",
                request -> "/" + request.caller().name() + "/" + request.process().orElse(0)),
            route(
                "Refuse",
                _ -> {
                  throw OwnershipFailure.KEPT_BY_OWNER.because("x is kept");
                }),
            bare(
                "Break",
                _ -> {
                  throw new IllegalStateException("secret");
                })));
  }

  private interface Told {
    String by(JsonRequest request) throws Exception;
  }

  private static Route route(String name, Told told) {
    return JsonRoute.post(name, "/" + name)
        .permits("docker-plugin", Route.OWN_COMMANDS)
        .takes("docker-plugin-request")
        .answers("docker-plugin-answer")
        .servedBy(request -> answer(told.by(request)));
  }

  private static Route bare(String name, Told told) {
    return JsonRoute.post(name, "/" + name)
        .permits("docker-plugin", Route.OWN_COMMANDS)
        .answers("docker-plugin-answer")
        .servedBy(request -> answer(told.by(request)));
  }

  private static JsonResponse answer(String mountpoint) {
    return JsonResponse.ok(Map.of("Mountpoint", mountpoint, "Err", ""));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
