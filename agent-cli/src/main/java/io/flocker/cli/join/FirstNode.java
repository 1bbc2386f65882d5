package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes the authority of a new cluster and its first node: all of it, or nothing. One thread.
 *
 * @param program makes certificates
 * @param authority the folder that the authority gets, which is not there, or empty
 * @param folder of the node, such as {@code /etc/flocker}
 */
public record FirstNode(CaProgram program, Path authority, Path folder) {
  /** Who may use the API of all nodes, as {@code flocker deploy} has to. */
  private static final String USER = "admin";

  private static final String SETTINGS = "conf.d/pool.yml";
  private static final String FOR_ALL = "rw-r--r--";

  /** What is there of it already. */
  public List<Path> present() {
    return Stream.concat(
            Stream.of("cluster.crt", "cluster.key").map(authority::resolve).filter(Files::exists),
            NodeFiles.present(folder).stream())
        .toList();
  }

  /**
   * Makes it.
   *
   * @param cluster what people call the cluster
   * @param hosts at which others reach the node, the usual one first
   * @param pool to be written into its settings; empty where these say it
   * @throws JoinException if that fails; then nothing is there that was not before
   */
  public void make(String cluster, List<String> hosts, Optional<String> pool)
      throws JoinException, InterruptedException {
    Path draft = authority.resolveSibling("." + authority.getFileName() + "." + UUID.randomUUID());
    List<Path> made = new ArrayList<>(List.of(draft));
    try {
      DurableFile.createFolder(draft);
      NodeFiles files = issue(draft, cluster, hosts);
      var _ = Files.move(draft, authority, ATOMIC_MOVE); // Refused where there is something.
      made.add(authority);
      if (pool.isPresent()) {
        made.add(writePool(pool.get()));
      }
      files.place(folder);
    } catch (IOException e) {
      takeAway(made);
      throw new JoinException(
          "the first node cannot be made: %s (%s); nothing was changed"
              .formatted(DurableFile.reason(e), e.getMessage()),
          e);
    } catch (JoinException e) {
      takeAway(made);
      throw e;
    }
  }

  private NodeFiles issue(Path draft, String cluster, List<String> hosts)
      throws JoinException, InterruptedException, IOException {
    String in = "--inputpath=" + draft;
    String out = "--outputpath=" + draft;
    String _ = program.run(List.of("initialize", out, "--", cluster));
    String _ = program.run(List.of("create-api-certificate", in, out, "--", USER));
    Path bundle = draft.resolve("bundle");
    DurableFile.createFolder(bundle);
    List<String> command = new ArrayList<>(List.of("bundle", in, "--outputpath=" + bundle, "--"));
    command.addAll(hosts);
    String _ = program.run(command);
    NodeFiles files = NodeFiles.ofBundle(only(bundle));
    delete(bundle);
    return files;
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow(() -> new IOException("no bundle was made"));
    }
  }

  private Path writePool(String pool) throws IOException {
    Path file = folder.resolve(SETTINGS);
    DurableFile.createPassableFolder(file.resolveSibling(""));
    DurableFile.create(file, ("# Of 'flocker init'.\npool: " + pool + "\n").getBytes(UTF_8));
    var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(FOR_ALL));
    return file;
  }

  private static void takeAway(List<Path> made) {
    for (Path path : made) {
      try {
        delete(path);
      } catch (IOException _) {
        // What led here is what has to be told.
      }
    }
  }

  /** With what is in it; a folder of the draft has files, and one folder of files. */
  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          delete(file);
        }
      }
    }
    boolean _ = Files.deleteIfExists(path);
  }
}
