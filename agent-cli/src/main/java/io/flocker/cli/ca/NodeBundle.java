package io.flocker.cli.ca;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.join.Invitee;
import io.flocker.cli.setup.NodeFiles;
import io.flocker.cli.tar.Tar;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.RevocationList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What makes a machine a node of a cluster: the files of {@code /etc/flocker} that no package
 * brings. One thread.
 *
 * @param files what each holds, by its path below {@code /}
 * @param expires when the node's certificate ends
 */
record NodeBundle(Map<String, byte[]> files, Instant expires) {
  private static final String FOLDER = "etc/flocker/";

  private static final int FOR_ALL = 0644;
  private static final int FOR_ROOT = 0600;

  /**
   * Issues a node's certificates and puts them together with what the folder of the authority
   * holds.
   *
   * @param folder where {@code cluster.crt} is, and {@code cluster.crl} if there is one
   * @param hosts at which others reach it; the certificate has those at which it reaches itself,
   *     too
   * @throws IllegalArgumentException if a host is neither a DNS name nor an IP address
   */
  static NodeBundle of(CertificateAuthority authority, Path folder, NodeId id, List<String> hosts)
      throws IOException {
    Credentials node = authority.issueNode(id, Invitee.certified(hosts));
    Credentials local = authority.issueLocal(id);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("volume.json", NodeIdentity.text(id).getBytes(UTF_8));
    files.put("cluster.crt", Files.readAllBytes(folder.resolve("cluster.crt")));
    Path revoked = folder.resolve(RevocationList.FILE_NAME);
    if (Files.exists(revoked)) {
      files.put(RevocationList.FILE_NAME, Files.readAllBytes(revoked));
    }
    put(files, "node", node);
    put(files, "local", local);
    return new NodeBundle(files, node.certificate().getNotAfter().toInstant());
  }

  private static void put(Map<String, byte[]> files, String name, Credentials of) {
    files.put(name + ".crt", of.chainPem().getBytes(UTF_8));
    files.put(name + ".key", of.keyPem().getBytes(UTF_8));
  }

  /** One archive of all, owned by root; it names no folder, so that those of the node stay. */
  byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Instant now = Instant.now();
    try (Tar tar = new Tar(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        int mode = NodeFiles.isSecret(file.getKey()) ? FOR_ROOT : FOR_ALL;
        tar.add(FOLDER + file.getKey(), mode, now, file.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
