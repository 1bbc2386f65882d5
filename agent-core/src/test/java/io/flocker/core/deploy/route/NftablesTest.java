package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RouteFailure;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.StuckChildren;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is made of an nft that does not do as it is told; {@code RouteIT} has a real one. */
@Timeout(300)
class NftablesTest {
  private static final Routing WISH =
      Routing.of(routes(tcp(8080), "198.18.0.3"), List.of(tcp(4523)));

  @TempDir Path folder;

  @Test
  void saysWhatToInstall() {
    FailureException failure = failed(RouteFailure.ROUTES_UNAVAILABLE, by("/nowhere/nft"));

    assertTrue(failure.detail().contains("/nowhere/nft"), failure.detail());
    assertTrue(failure.failure().remedy().contains("Install nftables"));
  }

  @Test
  void saysWhichRightIsMissing() throws IOException {
    FailureException failure =
        failed(
            RouteFailure.ROUTES_UNAVAILABLE,
            by(script("echo 'Operation not permitted (you must be root)' >&2; exit 1")));

    assertTrue(failure.detail().contains("you must be root"), failure.detail());
    assertTrue(failure.failure().remedy().contains("CAP_NET_ADMIN"));
  }

  @Test
  void saysWhyTheRoutesWereRefused() throws IOException {
    FailureException failure =
        failed(
            RouteFailure.ROUTES_REFUSED,
            by(
                script(
                    """
                    [ "$1" = -j ] && { echo 'Error: No such file or directory' >&2; exit 1; }
                    cat > /dev/null
                    echo 'Error: syntax error, unexpected string' >&2
                    exit 1\
                    """)));

    assertTrue(failure.detail().contains("unexpected string"), failure.detail());
    assertTrue(String.valueOf(failure.members().get("stderr")).contains("syntax error"));
  }

  @Test
  void saysThatItCannotBeRead() throws IOException {
    failed(RouteFailure.ROUTES_UNREADABLE, by(script("echo 'table inet flocker {'")));
  }

  @Test
  void endsAnNftThatHangs() throws IOException {
    failed(RouteFailure.ROUTES_TIMEOUT, by(script("exec sleep 1000")));
  }

  @Test
  void neverLeadsAwayThePortAtWhichTheNodeIsReached() {
    Routing wish = Routing.of(routes(tcp(4523), "198.18.0.3"), List.of());
    FailureException failure =
        assertThrows(FailureException.class, () -> by("/nowhere/nft").apply(wish));

    assertEquals(RouteFailure.PORT_RESERVED, failure.failure());
    assertTrue(failure.detail().contains("4523/tcp"), failure.detail());
  }

  @Test
  void whatAChangeCouldNotDoIsToldToWhoLooks() throws Exception {
    Nftables routes =
        by(
            script(
                """
                [ "$1" = -j ] && { echo 'Error: No such file or directory' >&2; exit 1; }
                cat > /dev/null\
                """));

    Routes.Applied applied =
        routes.apply(Routing.of(routes(udp(53), "198.18.0.3"), List.of(udp(53))));

    assertTrue(applied.hasChanged());
    assertTrue(applied.hindrances().toString().contains("install conntrack"), applied::toString);
    assertEquals(applied.hindrances(), routes.discover().hindrances());
  }

  @Test
  void whatTheDaemonBeforeLeftAndCannotBeForgottenIsToldToo() throws Exception {
    Path listing = folder.resolve("listing.json");
    try (InputStream in =
        Objects.requireNonNull(NftablesTest.class.getResourceAsStream("listing.json"))) {
      Files.write(listing, in.readAllBytes());
    }
    Nftables routes = by(script("cat " + listing));
    assertEquals(List.of(), routes.discover().hindrances());

    String left = routes.forgetStale().orElse("");

    assertTrue(left.contains("install conntrack"), left);
    assertEquals(List.of(left), routes.discover().hindrances());
  }

  private String script(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("nft"), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  private Nftables by(String nft) {
    return new Nftables(
        new RouteSettings(nft, "/nowhere/conntrack", Duration.ofSeconds(2), Set.of(tcp(4523))),
        new StuckChildren(),
        CommandObserver.NONE,
        new Forwarding(folder.resolve("proc")),
        () -> List.of(InetAddress.ofLiteral("198.18.0.2")));
  }

  private static FailureException failed(Failure expected, Nftables routes) {
    FailureException failure =
        assertThrows(
            FailureException.class, () -> routes.apply(Routing.of(List.of(), WISH.open())));
    assertEquals(expected, failure.failure(), failure.detail());
    return failure;
  }
}
