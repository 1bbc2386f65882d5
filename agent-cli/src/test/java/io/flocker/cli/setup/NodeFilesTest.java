package io.flocker.cli.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.ForeignKey;
import io.flocker.core.pki.OwnKey;
import io.flocker.core.pki.SignerCertificate;
import io.flocker.core.pki.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFilesTest {
  private static final NodeId NODE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");

  @TempDir private Path folder;
  private Path place;
  private TestCluster cluster;
  private final OwnKey nodeKey = OwnKey.generate();
  private final OwnKey localKey = OwnKey.generate();

  @BeforeEach
  void createCluster() throws Exception {
    cluster = TestCluster.create(Files.createDirectory(folder.resolve("ca")));
    place = Files.createDirectory(folder.resolve("etc"));
  }

  @Test
  void haveTheModesOfABundle() throws Exception {
    files(nodeKey).place(place);

    assertEquals(
        Set.of(
            "volume.json rw-r--r--",
            "cluster.crt rw-r--r--",
            "node.crt rw-r--r--",
            "node.key rw-------",
            "local.crt rw-r--r--",
            "local.key rw-------"),
        modes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"volume.json", "cluster.crt", "cluster.crl", "node.key", "local.crt"})
  void areNotPlacedWhereOneIs(String there) throws Exception {
    Files.writeString(place.resolve(there), "of before");

    SetupException refused = assertThrows(SetupException.class, () -> files(nodeKey).place(place));

    assertTrue(String.valueOf(refused.getMessage()).contains(there));
    assertEquals(List.of(there), names());
    assertEquals("of before", Files.readString(place.resolve(there)));
  }

  @Test
  void areNotPlacedWhereTheyDoNotFit() throws Exception {
    assertThrows(SetupException.class, () -> files(OwnKey.generate()).place(place));
    assertEquals(List.of(), names());
  }

  @Test
  void areNotPlacedWhereTheCertificatesAreOfAnotherNode() throws Exception {
    Map<String, byte[]> changed = new LinkedHashMap<>(files(nodeKey).files());
    changed.put(
        "volume.json",
        "{\"uuid\": \"bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee\", \"version\": 1}".getBytes(UTF_8));

    assertThrows(SetupException.class, () -> new NodeFiles(changed).place(place));
    assertEquals(List.of(), names());
  }

  @Test
  void areAllTakenAwayWhereOneCannotBeWritten() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>(files(nodeKey).files());
    // A name that is taken in a way that nobody looks for: as if it came in between.
    files.put("conf.d", new byte[0]);
    Files.createDirectory(place.resolve("conf.d"));

    SetupException failed =
        assertThrows(SetupException.class, () -> new NodeFiles(files).place(place));

    assertTrue(String.valueOf(failed.getMessage()).contains("nothing was changed"));
    assertEquals(List.of("conf.d"), names());
  }

  @Test
  void whereTheyCannotBeWrittenIsSaidBeforehand() throws Exception {
    NodeFiles.requireWritable(place);
    assertEquals(List.of(), names());

    Path none = Files.writeString(folder.resolve("no-folder"), "");
    assertThrows(SetupException.class, () -> NodeFiles.requireWritable(none));
  }

  private NodeFiles files(OwnKey kept) throws Exception {
    CertificateAuthority authority = cluster.authority();
    SignerCertificate server =
        authority.certifyNode(NODE, List.of("node2"), ForeignKey.parse(nodeKey.publicText()));
    SignerCertificate commands =
        authority.certifyLocal(NODE, ForeignKey.parse(localKey.publicText()));
    return NodeFiles.of(
        NODE,
        Files.readString(folder.resolve("ca").resolve("cluster.crt")),
        Optional.empty(),
        new NodeFiles.Certified(server.pem(), kept.pem()),
        new NodeFiles.Certified(commands.pem(), localKey.pem()));
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Set<String> modes() throws Exception {
    Set<String> modes = new TreeSet<>();
    for (String name : names()) {
      modes.add(
          name
              + " "
              + PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(name))));
    }
    return modes;
  }
}
