package io.flocker.cli.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.Setting;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes the authority of a new cluster and its first node: all of it, or nothing where that fails.
 * Only a process that is killed leaves a part. One thread.
 *
 * @param program makes certificates
 * @param authority the folder that the authority gets, which is not there, or empty
 * @param folder of the node, such as {@code /etc/flocker}
 */
public record FirstNode(CaProgram program, Path authority, Path folder) {
  /** Who may use the API of all nodes, as {@code flocker deploy} has to. */
  private static final String USER = "admin";

  private static final List<String> AUTHORITY = List.of("cluster.crt", "cluster.key");

  private static final String POOL_FILE = "conf.d/pool.yml";

  /** By it the package knows at a purge that the file is ours. */
  private static final String FIRST_LINE = "# Of 'flocker init'.\n";

  private static final String FOR_ALL = "rw-r--r--";

  /** What is there of it already. */
  public List<Path> present() {
    return Stream.concat(
            AUTHORITY.stream().map(authority::resolve).filter(Files::exists),
            NodeFiles.present(folder).stream())
        .toList();
  }

  /** Whether all of it is there. */
  public boolean isWhole() {
    return AUTHORITY.stream().map(authority::resolve).allMatch(Files::exists)
        && NodeFiles.isWhole(folder);
  }

  /**
   * Which node it is, once it is whole.
   *
   * @throws SetupException if its file cannot be read
   */
  public NodeId node() throws SetupException {
    try {
      return NodeIdentity.existing(folder.resolve("volume.json")).node();
    } catch (IOException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Makes it.
   *
   * @param cluster what people call the cluster
   * @param hosts at which others reach the node, the usual one first
   * @param pool to be written into its settings; empty where these say it
   * @param steps is told of each, in a few words, before it begins
   * @throws SetupException if that fails; then nothing is there that was not before
   */
  public void make(
      String cluster, List<String> hosts, Optional<String> pool, Consumer<String> steps)
      throws SetupException {
    Path draft = authority.resolveSibling("." + authority.getFileName() + "." + UUID.randomUUID());
    List<Path> made = new ArrayList<>(List.of(draft));
    try {
      DurableFile.createFolder(draft);
      NodeFiles files = issue(draft, cluster, hosts, steps);
      steps.accept("writing %s and %s".formatted(authority, folder));
      var _ = Files.move(draft, authority, ATOMIC_MOVE); // Refused where there is something.
      made.add(authority);
      if (pool.isPresent()) {
        writePool(pool.get(), made);
      }
      files.place(folder);
    } catch (IOException e) {
      Leftovers.takeAway(made);
      throw new SetupException(
          "the first node cannot be made: %s (%s); nothing was changed"
              .formatted(DurableFile.reason(e), e.getMessage()),
          e);
    } catch (SetupException e) {
      Leftovers.takeAway(made);
      throw e;
    }
  }

  private NodeFiles issue(Path draft, String cluster, List<String> hosts, Consumer<String> steps)
      throws SetupException, IOException {
    String in = "--inputpath=" + draft;
    String out = "--outputpath=" + draft;
    steps.accept("making the authority of the cluster " + cluster);
    program.run(List.of("initialize", out, "--", cluster));
    steps.accept("making a user of the API, " + USER);
    program.run(List.of("create-api-certificate", in, out, "--", USER));
    steps.accept("making the certificates of this node, " + String.join(", ", hosts));
    Path bundle = draft.resolve("bundle");
    DurableFile.createFolder(bundle);
    List<String> command = new ArrayList<>(List.of("bundle", in, "--outputpath=" + bundle, "--"));
    command.addAll(hosts);
    program.run(command);
    NodeFiles files = NodeFiles.ofBundle(only(bundle));
    Leftovers.delete(bundle);
    return files;
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow(() -> new IOException("no bundle was made"));
    }
  }

  private void writePool(String pool, List<Path> made) throws IOException, SetupException {
    Path file = folder.resolve(POOL_FILE);
    DurableFile.createPassableFolder(file.resolveSibling(""));
    byte[] content = (FIRST_LINE + "pool: " + pool + "\n").getBytes(UTF_8);
    if (Files.exists(file) && Files.readString(file).startsWith(FIRST_LINE)) {
      DurableFile.replace(file, content); // Left by an init that was killed, or by an earlier node.
    } else {
      DurableFile.create(file, content);
    }
    made.add(file);
    var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(FOR_ALL));
    requireInForce(pool);
  }

  /** Refuses settings of which a later file, which counts more, names another pool. */
  private void requireInForce(String pool) throws SetupException {
    try {
      Optional<Setting> said =
          NodeConfiguration.explain(folder.resolve("flockerd.yml")).said("pool");
      if (said.isPresent() && !said.get().value().equals(pool)) {
        throw new SetupException(
            "%s says that the pool is %s, and holds against %s: take it out there; nothing was changed"
                .formatted(said.get().from(), said.get().value(), POOL_FILE));
      }
    } catch (ConfigurationException e) {
      throw new SetupException(e.getMessage() + "; nothing was changed", e);
    }
  }
}
