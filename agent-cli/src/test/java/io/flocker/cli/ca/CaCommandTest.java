package io.flocker.cli.ca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.PeerCertificate;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CaCommandTest {
  private static final String UUID = "4a9fd0b4-9c9b-4c1a-8f5e-0e4b7a3f1d22";

  @TempDir Path folder;

  /** How one run ended. */
  private record Run(int status, String out, String err) {}

  @Test
  @DisplayName("136 every command makes its two files, and none twice")
  void everyCommandMakesItsFilesOnce() throws Exception {
    List<List<String>> commands =
        List.of(
            List.of("initialize", "production"),
            List.of("create-control-certificate", "control.example.org", "-i", path()),
            List.of("create-node-certificate", "--uuid", UUID, "--host", "10.0.0.1", "-i", path()),
            List.of("create-local-certificate", "--uuid", UUID, "-i", path()),
            List.of("create-api-certificate", "alice", "-i", path()));
    for (List<String> command : commands) {
      assertEquals(0, run(command).status());
    }
    assertEquals(
        Set.of(
            "cluster.crt",
            "cluster.key",
            "control-control.example.org.crt",
            "control-control.example.org.key",
            UUID + ".crt",
            UUID + ".key",
            "local.crt",
            "local.key",
            "alice.crt",
            "alice.key"),
        fileNames());
    String before = Files.readString(folder.resolve("cluster.crt"));
    for (List<String> command : commands) {
      Run again = run(command);
      assertEquals(1, again.status());
      assertTrue(again.err().startsWith("Error: " + folder), again.err());
      assertTrue(again.err().contains("exists and is not overwritten"), again.err());
    }
    assertEquals(10, fileNames().size());
    assertEquals(before, Files.readString(folder.resolve("cluster.crt")));
  }

  @Test
  void takesBackAFileOrASerialNumber() throws Exception {
    run("initialize", "production");
    run("create-api-certificate", "alice", "-i", path());
    run("create-node-certificate", "--uuid", UUID, "-i", path());
    Path crl = folder.resolve("cluster.crl");

    Run first = execute("revoke", path() + "/alice.crt", "-i", path());
    assertEquals(0, first.status(), first.err());
    assertTrue(first.out().contains("Copy " + crl), first.out());
    X509Certificate node =
        Credentials.load(
                folder.resolve("cluster.crt"),
                folder.resolve(UUID + ".crt"),
                folder.resolve(UUID + ".key"))
            .certificate();
    Run second =
        execute(
            "revoke",
            node.getSerialNumber().toString(16).toUpperCase(Locale.ROOT),
            "--since",
            "2026-01-02T03:04:05Z",
            "--json",
            "-i",
            path());
    JsonNode said = JsonMapper.shared().readTree(second.out());
    assertEquals(2, said.path("revoked").asInt());
    assertEquals("2026-01-02T03:04:05Z", said.path("since").asString());

    String before = Files.readString(crl);
    for (String wrong : List.of("nobody", path() + "/cluster.crt", path() + "/alice.key")) {
      assertEquals(1, execute("revoke", wrong, "-i", path()).status(), wrong);
    }
    assertEquals(1, execute("revoke", "1", "--since", "yesterday", "-i", path()).status());
    assertEquals(before, Files.readString(crl));
  }

  @Test
  void aBundleHasAllThatANodeNeeds() throws Exception {
    run("initialize", "production");
    run("create-api-certificate", "alice", "-i", path());
    run("create-api-certificate", "mallory", "-i", path());
    execute("revoke", path() + "/mallory.crt", "-i", path());

    Run done = run("bundle", "node1.example.org", "10.0.0.1", "-i", path());
    assertEquals(0, done.status(), done.err());
    Path archive = folder.resolve("node1.example.org.tar");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)));
    Path node = Files.createDirectories(folder.resolve("node/etc/flocker"));
    tar("-xkpf", archive.toString(), "-C", folder.resolve("node").toString());

    NodeIdentity identity = NodeIdentity.existing(node.resolve("volume.json"));
    Path authority = node.resolve("cluster.crt");
    CredentialFiles its = CredentialFiles.in(node, "node");
    Credentials shown = Credentials.load(authority, its.certificate(), its.key());
    assertEquals(new Principal.Node(identity.node()), shown.principal());
    assertEquals(
        List.of("node1.example.org", "10.0.0.1", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"),
        List.copyOf(new PeerCertificate(shown.certificate()).hosts()));
    CredentialFiles local = CredentialFiles.in(node, "local");
    assertEquals(
        new Principal.Local(identity.node()),
        Credentials.load(authority, local.certificate(), local.key()).principal());
    assertEquals(
        Files.readString(folder.resolve("cluster.crl")),
        Files.readString(node.resolve("cluster.crl")));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(its.key())));
    assertEquals(
        "rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(authority)));
  }

  @Test
  @DisplayName("A bundle made again, or unpacked again, makes no stranger of a node")
  void aBundleOverwritesNothing() throws Exception {
    run("initialize", "production");
    run("bundle", "node1", "-i", path(), "--uuid", UUID);
    byte[] first = Files.readAllBytes(folder.resolve("node1.tar"));
    Run again = run("bundle", "node1", "-i", path());
    assertEquals(1, again.status());
    assertTrue(again.err().contains("node1.tar exists and is not overwritten"), again.err());
    assertArrayEquals(first, Files.readAllBytes(folder.resolve("node1.tar")));
    assertTrue(json(run("bundle", "node2", "--json", "-i", path())).get("archive").isString());

    String node = Files.createDirectory(folder.resolve("node")).toString();
    tar("-xkf", folder.resolve("node1.tar").toString(), "-C", node);
    assertEquals(
        2,
        new ProcessBuilder("tar", "-xkf", folder.resolve("node2.tar").toString(), "-C", node)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor());
    assertEquals(
        UUID, NodeIdentity.existing(Path.of(node, "etc/flocker/volume.json")).node().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bundle", "bundle no_host!", "bundle node1 --validity-days 0"})
  void aBundleOfNobodyIsNotMade(String line) throws Exception {
    run("initialize", "production");
    Run refused = run(Stream.concat(Stream.of(line.split(" ")), Stream.of("-i", path())).toList());
    assertEquals(1, refused.status(), refused.out());
    assertEquals(Set.of("cluster.crt", "cluster.key"), fileNames());
  }

  @Test
  void aBrowserTakesInWhatPkcs12Holds() throws Exception {
    run("initialize", "production");
    Path secret = Files.writeString(folder.resolve("secret"), "correct horse\n");
    List<String> command =
        List.of("create-api-certificate", "alice", "-i", path(), "--pkcs12", secret.toString());
    assertEquals(0, run(command).status());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("alice.p12"))) {
      store.load(in, "correct horse".toCharArray());
    }
    Credentials alice =
        Credentials.load(
            folder.resolve("cluster.crt"),
            folder.resolve("alice.crt"),
            folder.resolve("alice.key"));
    assertEquals(alice.certificate(), store.getCertificate("user-alice"));
    assertEquals(2, store.getCertificateChain("user-alice").length);

    Files.delete(folder.resolve("alice.p12"));
    assertEquals(1, run(command).status());
    assertFalse(Files.exists(folder.resolve("alice.p12")));
    Files.writeString(secret, "");
    Run refused = run("create-api-certificate", "bob", "-i", path(), "--pkcs12", secret.toString());
    assertTrue(refused.err().contains("has no password in its first line"), refused.err());
    assertFalse(Files.exists(folder.resolve("bob.crt")));
  }

  @Test
  void aUserMayWhatTheCommandSays() throws Exception {
    run("initialize", "production");
    Run done =
        run("create-api-certificate", "op", "-i", path(), "--may", "takeover", "--may", "resolve");
    assertEquals(0, done.status(), done.err());
    CredentialFiles op = CredentialFiles.in(folder, "op");
    Credentials read = Credentials.load(folder.resolve("cluster.crt"), op.certificate(), op.key());
    assertEquals(
        Set.of(CertifiedPermission.values()),
        new PeerCertificate(read.certificate()).caller().orElseThrow().permissions());
    Run unknown = run("create-api-certificate", "other", "-i", path(), "--may", "everything");
    assertEquals(1, unknown.status());
    assertTrue(unknown.err().contains("takeover"), unknown.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec", "rsa"})
  void filesOfOneClusterLoadTogether(String algorithm) throws Exception {
    run("initialize", "production");
    run("create-node-certificate", "--uuid", UUID, "-i", path(), "--key-algorithm", algorithm);
    CredentialFiles node = CredentialFiles.in(folder, UUID);
    Credentials credentials =
        Credentials.load(folder.resolve("cluster.crt"), node.certificate(), node.key());
    assertEquals("node-" + UUID, credentials.principal().name());
    assertEquals(algorithm, credentials.key().getAlgorithm().toLowerCase(Locale.ROOT));
  }

  @Test
  void nodeTakesItsUuidFromVolumeJson() throws Exception {
    run("initialize", "production");
    Path identity = folder.resolve("volume.json");
    Files.writeString(identity, "{\"uuid\": \"" + UUID + "\", \"version\": 1}");
    assertEquals(
        0,
        run("create-node-certificate", "--identity", identity.toString(), "-i", path()).status());
    assertTrue(Files.exists(folder.resolve(UUID + ".crt")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"uuid\": \"" + UUID + "\"}",
        "{\"uuid\": \"" + UUID + "\", \"version\": 2}",
        "{\"uuid\": \"1-1-1-1-1\", \"version\": 1}",
        "null",
        "{\"uuid\": null, \"version\": 1}"
      })
  void volumeJsonThatIsNoneIsNamed(String content) throws Exception {
    run("initialize", "production");
    Path identity = Files.writeString(folder.resolve("volume.json"), content);
    Run refused = run("create-local-certificate", "--identity", identity.toString(), "-i", path());
    assertEquals(1, refused.status());
    assertTrue(refused.err().startsWith("Error: "), refused.err());
    assertTrue(refused.err().contains(identity.toString()), refused.err());
    assertFalse(Files.exists(folder.resolve("local.key")));
  }

  @Test
  void nodeWithoutUuidGetsAFreshOne() throws Exception {
    run("initialize", "production");
    JsonNode first = json(run("create-node-certificate", "--json", "-i", path()));
    JsonNode second = json(run("create-node-certificate", "--json", "-i", path()));
    assertFalse(first.get("name").equals(second.get("name")));
  }

  @Test
  void jsonSaysWhatWasCreated() throws Exception {
    JsonNode cluster = json(run("initialize", "production", "--json"));
    JsonNode user = json(run("create-api-certificate", "alice", "-i", path(), "--json"));
    assertEquals("production", cluster.get("name").asString());
    assertEquals("user-alice", user.get("name").asString());
    assertEquals(cluster.get("cluster"), user.get("cluster"));
    assertEquals(folder.resolve("alice.crt").toString(), user.get("certificate").asString());
    assertEquals(folder.resolve("alice.key").toString(), user.get("key").asString());
    assertTrue(user.get("expires").asString().endsWith("Z"));
  }

  @Test
  @DisplayName("135 a missing authority is named, with the command that makes one")
  void missingAuthorityIsNamedWithTheCure() throws Exception {
    Run refused = run("create-api-certificate", "alice", "-i", path());
    assertEquals(1, refused.status());
    assertTrue(refused.err().startsWith("Error: " + folder.resolve("cluster.crt")));
    assertTrue(refused.err().contains("flocker-ca initialize"), refused.err());
    assertEquals("", refused.out());
    assertEquals(Set.of(), fileNames());
  }

  @Test
  @DisplayName("135 a missing output folder is named")
  void missingOutputFolderIsNamed() {
    Path nowhere = folder.resolve("nowhere");
    Run refused = execute("initialize", "production", "-o", nowhere.toString());
    assertEquals(1, refused.status());
    assertTrue(refused.err().startsWith("Error: " + nowhere.resolve("cluster")), refused.err());
    assertTrue(refused.err().contains("folder does not exist"), refused.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "initialize",
        "initialize a b",
        "create-local-certificate",
        "create-node-certificate --uuid 1-1-1-1-1",
        "initialize x --key-algorithm dsa",
        "create-node-certificate --uuid " + UUID + " --identity volume.json",
        "--frobnicate"
      })
  void wrongUsageIsExplainedOnStandardError(String line) {
    Run refused = execute(line.split(" "));
    assertEquals(1, refused.status());
    assertEquals("", refused.out());
    assertTrue(refused.err().startsWith("Usage: flocker-ca"), refused.err());
    assertTrue(refused.err().lines().anyMatch(said -> said.startsWith("ERROR: ")), refused.err());
  }

  @Test
  void termsThatMakeNoSenseAreRefused() {
    Run refused = execute("initialize", "production", "--validity-days", "0", "-o", path());
    assertEquals(1, refused.status());
    assertTrue(refused.err().startsWith("Error: a certificate holds between 1"), refused.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "", "create-node-certificate --help", "initialize --help"})
  @DisplayName("137 flocker-ca --help shows help")
  void helpIsAnAnswer(String line) {
    Run help = execute(line.isEmpty() ? new String[0] : line.split(" "));
    assertEquals(0, help.status());
    assertTrue(help.out().startsWith("Usage: flocker-ca"), help.out());
    assertTrue(help.out().contains("Exit codes:"), help.out());
    assertEquals("", help.err());
  }

  @Test
  void versionIsOneLine() {
    Run version = execute("--version");
    assertEquals(0, version.status());
    assertEquals(1, version.out().lines().count());
    assertTrue(version.out().startsWith("flocker-ca "));
  }

  private Run run(List<String> command) {
    return run(command.toArray(String[]::new));
  }

  /** Runs a command that writes into the test's folder. */
  private Run run(String... command) {
    return execute(
        Stream.concat(Stream.of(command), Stream.of("-o", path())).toArray(String[]::new));
  }

  private static Run execute(String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new CaCommand()
            .run(
                command,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static JsonNode json(Run run) {
    assertEquals(0, run.status(), run.err());
    return JsonMapper.shared().readTree(run.out());
  }

  private static void tar(String... arguments) throws Exception {
    int status =
        new ProcessBuilder(Stream.concat(Stream.of("tar"), Stream.of(arguments)).toList())
            .inheritIO()
            .start()
            .waitFor();
    assertEquals(0, status);
  }

  private String path() {
    return folder.toString();
  }

  private Set<String> fileNames() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
