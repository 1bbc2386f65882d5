package io.flocker.cli.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.tar.Tar;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.RevocationList;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What makes a machine a node of a cluster: the files of {@code /etc/flocker} that no package
 * brings. One thread.
 *
 * @param files what each holds, by its name
 */
public record NodeFiles(Map<String, byte[]> files) {
  private static final String IDENTITY = "volume.json";
  private static final String AUTHORITY = "cluster.crt";
  private static final String NODE = "node";
  private static final String LOCAL = "local";
  private static final Set<PosixFilePermission> FOR_ALL =
      PosixFilePermissions.fromString("rw-r--r--");

  /** All that there may be. */
  private static final List<String> NAMES =
      List.of(
          IDENTITY,
          AUTHORITY,
          RevocationList.FILE_NAME,
          "node.crt",
          "node.key",
          "local.crt",
          "local.key");

  /** A certificate and its key, both as PEM. */
  public record Certified(String certificate, String key) {}

  /**
   * Those of a node.
   *
   * @param authority {@code cluster.crt}
   * @param revoked {@code cluster.crl}, if there is one
   * @param server what the node shows to others
   * @param commands what its own commands show to it
   */
  public static NodeFiles of(
      NodeId id, String authority, Optional<String> revoked, Certified server, Certified commands) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    put(files, IDENTITY, NodeIdentity.text(id));
    put(files, AUTHORITY, authority);
    revoked.ifPresent(list -> put(files, RevocationList.FILE_NAME, list));
    put(files, "node.crt", server.certificate());
    put(files, "node.key", server.key());
    put(files, "local.crt", commands.certificate());
    put(files, "local.key", commands.key());
    return new NodeFiles(files);
  }

  /**
   * Those of an archive that {@code flocker-ca bundle} has made.
   *
   * @throws IOException if it cannot be read
   */
  static NodeFiles ofBundle(Path archive) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Tar.read(archive)
        .forEach((path, content) -> files.put(path.substring(path.lastIndexOf('/') + 1), content));
    return new NodeFiles(files);
  }

  /** Whether a file is for root alone. */
  public static boolean isSecret(String name) {
    return name.endsWith(".key");
  }

  /** Those that a folder has already. */
  public static List<Path> present(Path folder) {
    return NAMES.stream().map(folder::resolve).filter(Files::exists).toList();
  }

  /** Whether a folder has all that a node needs; a list of revoked certificates it may lack. */
  static boolean isWhole(Path folder) {
    return NAMES.stream()
        .filter(name -> !name.equals(RevocationList.FILE_NAME))
        .map(folder::resolve)
        .allMatch(Files::exists);
  }

  /**
   * Refuses a folder that has one of them.
   *
   * @throws SetupException naming them
   */
  public static void requireNone(Path folder) throws SetupException {
    List<Path> present = present(folder);
    if (!present.isEmpty()) {
      throw new SetupException(
          "this machine is a node already, or was one: there is "
              + String.join(", ", present.stream().map(Path::toString).toList())
              + "; nothing was changed. Move them away if it is to be another one");
    }
  }

  /**
   * Refuses a folder in which none can be created.
   *
   * @throws SetupException saying why
   */
  public static void requireWritable(Path folder) throws SetupException {
    try {
      DurableFile.createPassableFolder(folder);
      Files.delete(Files.createTempDirectory(folder, ".new-"));
    } catch (IOException e) {
      throw new SetupException(
          "%s cannot be written: %s; is this root?".formatted(folder, DurableFile.reason(e)), e);
    }
  }

  /**
   * Creates all of them, once they were read as a daemon reads them; when this throws, none was.
   *
   * @throws SetupException if one is there, cannot be written, or does not fit the others
   */
  public void place(Path folder) throws SetupException {
    requireNone(folder);
    Path draft = folder.resolve(".new-" + UUID.randomUUID());
    List<Path> placed = new ArrayList<>();
    try {
      DurableFile.createPassableFolder(folder);
      DurableFile.createFolder(draft);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        DurableFile.create(draft.resolve(file.getKey()), file.getValue());
      }
      requireFitting(draft);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path own = folder.resolve(file.getKey());
        DurableFile.create(own, file.getValue()); // Refused where one has come meanwhile.
        placed.add(own);
        if (!isSecret(file.getKey())) {
          var _ = Files.setPosixFilePermissions(own, FOR_ALL);
        }
      }
    } catch (IOException e) {
      Leftovers.takeAway(placed);
      throw new SetupException(
          "%s cannot be written: %s; nothing was changed".formatted(folder, DurableFile.reason(e)),
          e);
    } catch (CredentialsException e) {
      throw new SetupException(
          "what came is of no use: %s; nothing was changed".formatted(e.getMessage()), e);
    } finally {
      Leftovers.takeAway(List.of(draft));
    }
  }

  private static void requireFitting(Path folder)
      throws CredentialsException, IOException, SetupException {
    NodeIdentity identity = NodeIdentity.existing(folder.resolve(IDENTITY));
    Path authority = folder.resolve(AUTHORITY);
    CredentialFiles node = CredentialFiles.in(folder, NODE);
    CredentialFiles local = CredentialFiles.in(folder, LOCAL);
    Principal server = Credentials.load(authority, node.certificate(), node.key()).principal();
    Principal commands = Credentials.load(authority, local.certificate(), local.key()).principal();
    if (!server.equals(new Principal.Node(identity.node()))
        || !commands.equals(new Principal.Local(identity.node()))) {
      throw new SetupException("the certificates that came are of another node");
    }
  }

  private static void put(Map<String, byte[]> files, String name, String text) {
    files.put(name, text.getBytes(UTF_8));
  }
}
