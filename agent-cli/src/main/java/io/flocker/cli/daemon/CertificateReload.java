package io.flocker.cli.daemon;

import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.FileCalls;
import io.flocker.core.pki.ClusterAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes up the certificate, the key, the authority's certificate and its list of revoked ones that
 * were exchanged while the daemon runs: when told to, or once it sees that the files have changed
 * and are at rest. Where the new ones cannot be used, the old ones stay, and that is told. Ends the
 * connections of certificates that are in force no longer. Any thread.
 */
final class CertificateReload implements Background.Round {
  private final Identity identity;
  private final TlsContexts tls;
  private final PeerClient client;
  private List<Object> used;
  private List<Object> seen;
  private volatile Credentials current;
  private volatile Optional<NodeDocument.Warning> warning = Optional.empty();

  /**
   * One that begins with what was read at the start.
   *
   * @param client begins anew with each certificate
   */
  CertificateReload(Identity identity, TlsContexts tls, PeerClient client) {
    this.identity = identity;
    this.tls = tls;
    this.client = client;
    this.current = identity.credentials();
    this.used = look().orElse(List.of());
    this.seen = used;
  }

  /** What the node shows and trusts now. */
  Credentials current() {
    return current;
  }

  /** Why new files are not used, where that is so. */
  Optional<NodeDocument.Warning> warning() {
    return warning;
  }

  /** What is wrong with the files that are in use. */
  List<NodeDocument.Warning> complaints() {
    ClusterAuthority authority = current.authority();
    List<NodeDocument.Warning> complaints = new ArrayList<>();
    authority
        .revoked()
        .nextUpdate()
        .filter(due -> Instant.now().isAfter(due))
        .ifPresent(due ->
            complaints.add(
                new NodeDocument.Warning(
                    "The list of revoked certificates is out of date",
                    "what it says still counts, but a newer one was due at "
                        + due
                        + "; make it with flocker-ca revoke, and copy it here")));
    authority
        .revoked()
        .since(current.certificate())
        .ifPresent(since ->
            complaints.add(
                new NodeDocument.Warning(
                    "This node's own certificate is revoked",
                    "since "
                        + since
                        + ": no other node answers it; make a new one with flocker-ca"
                        + " create-node-certificate")));
    return complaints;
  }

  /** Looks at the files. A certificate may be there before its key: two looks have to agree. */
  @Override
  public synchronized boolean leavesWork() {
    look().ifPresent(this::reloadIfAtRest);
    tls.endUntrusted();
    return true;
  }

  private void reloadIfAtRest(List<Object> now) {
    boolean isAtRest = now.equals(seen);
    seen = now;
    if (isAtRest && !now.equals(used)) {
      reload();
    }
  }

  /** Reads the files, whether they have changed or not. */
  synchronized void reload() {
    List<Object> now = look().orElse(seen);
    used = now;
    seen = now;
    try {
      Credentials fresh = identity.read();
      tls.use(fresh);
      client.renew();
      current = fresh;
      warning = Optional.empty();
      Action.message(
          MessageType.CERTIFICATE_LOADED,
          Map.of(
              "holder", fresh.principal().name(),
              "serial", fresh.certificate().getSerialNumber().toString(16),
              "revoked", fresh.authority().revoked().size(),
              "notAfter", fresh.certificate().getNotAfter().toInstant().toString()));
    } catch (StartException | GeneralSecurityException e) {
      String reason = String.valueOf(e.getMessage());
      warning =
          Optional.of(
              new NodeDocument.Warning("New certificates are not used; the old ones are", reason));
      Action.message(MessageType.CERTIFICATE_REFUSED, Map.of("reason", reason));
    }
  }

  /**
   * How the files stand; empty if their disk does not tell. One call for all: each costs a thread,
   * which would be most of what an idle node does.
   */
  private Optional<List<Object>> look() {
    List<Path> files = identity.files();
    try {
      return Optional.of(FileCalls.ask(files.getFirst(), () -> states(files)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static List<Object> states(List<Path> files) {
    return files.stream().map(CertificateReload::state).toList();
  }

  /** What changes when a file is written or replaced; a word of its own for one that is missing. */
  private static Object state(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
    } catch (IOException _) {
      return "missing";
    }
  }
}
