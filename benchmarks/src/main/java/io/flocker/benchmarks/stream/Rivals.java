package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * All that we know to run beside us. Those that let us choose encrypt with AES-128-GCM as we do;
 * those that check certificates check both sides'.
 */
final class Rivals {
  private static final String AES_128 = "TLS_AES_128_GCM_SHA256";

  private final Path setup;

  private Rivals(Path setup) {
    this.setup = setup;
  }

  /**
   * All of them, the ceiling first.
   *
   * @param setup holds {@code ca.crt}, {@code tls.crt}, {@code tls.key}, {@code tls.pem} and the
   *     keys of ssh
   */
  static List<Rival> in(Path setup) {
    Rivals rivals = new Rivals(setup);
    return List.of(
        rivals.rival("pipe", "a pipe, no network", List.of("dd"), Rivals::pipe),
        rivals.rival("socat-tcp", "socat, TCP in the clear", List.of("socat"), Rivals::socatTcp),
        rivals.rival("nc", "nc, TCP in the clear", List.of("nc"), Rivals::nc),
        rivals.rival("mbuffer", "mbuffer, TCP in the clear", List.of("mbuffer"), Rivals::mbuffer),
        rivals.rival("socat-tls", "socat OPENSSL, mutual TLS", List.of("socat"), Rivals::socatTls),
        rivals.rival(
            "stunnel",
            "stunnel around socat, mutual TLS",
            List.of("socat", "stunnel"),
            Rivals::stunnel),
        rivals.rival(
            "nginx",
            "curl to nginx, mutual TLS, a file on tmpfs",
            List.of("curl", "nginx"),
            Rivals::nginx),
        rivals.rival(
            "ssh",
            "OpenSSH, aes128-gcm",
            List.of("ssh", "sshd"),
            stage -> ssh(stage, "-c aes128-gcm@openssh.com")),
        rivals.rival(
            "ssh-default", "OpenSSH as it comes", List.of("ssh", "sshd"), stage -> ssh(stage, "")),
        rivals.rival(
            "syncoid",
            "syncoid over OpenSSH, aes128-gcm",
            List.of("syncoid", "ssh", "sshd"),
            Rivals::syncoid));
  }

  private Rival rival(
      String name, String description, List<String> programs, Rival.Staging staging) {
    return new Rival(name, description, programs, setup, staging);
  }

  private static Plan pipe(Stage stage) {
    return new Plan(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        times(stage, _ -> stage.source() + " | " + stage.sink()));
  }

  private static Plan socatTcp(Stage stage) throws IOException {
    List<Integer> ports = ports(stage);
    return singleShots(
        stage,
        ports,
        port -> "socat -u -b 262144 TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr -",
        port -> "socat -u -b 262144 - TCP:127.0.0.1:" + port);
  }

  private static Plan socatTls(Stage stage) throws IOException {
    String tls = ",cert=" + stage.in("tls.pem") + ",cafile=" + stage.in("ca.crt") + ",verify=1";
    return singleShots(
        stage,
        ports(stage),
        port ->
            "socat -u -b 262144 OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr" + tls + " -",
        port -> "socat -u -b 262144 - OPENSSL:localhost:" + port + ",pf=ip4" + tls);
  }

  private static Plan nc(Stage stage) throws IOException {
    return singleShots(
        stage, ports(stage), port -> "nc -l 127.0.0.1 " + port, port -> "nc -N 127.0.0.1 " + port);
  }

  private static Plan mbuffer(Stage stage) throws IOException {
    return singleShots(
        stage,
        ports(stage),
        port -> "mbuffer -q -s 256k -m 16M -I 127.0.0.1:" + port,
        port -> "mbuffer -q -s 256k -m 16M -O 127.0.0.1:" + port);
  }

  private static Plan stunnel(Stage stage) throws IOException {
    List<Integer> sinks = ports(stage);
    List<Integer> plain = ports(stage);
    List<Integer> encrypted = ports(stage);
    List<String> services = new ArrayList<>();
    List<Integer> servicePorts = new ArrayList<>(plain);
    servicePorts.addAll(encrypted);
    for (int i = 0; i < sinks.size(); i++) {
      services.add(stunnel(stage, "stunnel-server" + i, false, encrypted.get(i), sinks.get(i)));
      services.add(stunnel(stage, "stunnel-client" + i, true, plain.get(i), encrypted.get(i)));
    }
    Plan inside =
        singleShots(
            stage,
            sinks,
            port -> "socat -u -b 262144 TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr -",
            port -> "socat -u -b 262144 - TCP:127.0.0.1:" + plain.get(sinks.indexOf(port)));
    return new Plan(services, servicePorts, inside.sinks(), sinks, inside.clients());
  }

  private static String stunnel(Stage stage, String role, boolean isClient, int from, int to)
      throws IOException {
    Path configuration = stage.folder().resolve(role + ".conf");
    Files.writeString(
        configuration,
        """
        foreground = yes
        pid =
        debug = 3
        [stream]
        client = %s
        accept = 127.0.0.1:%d
        connect = 127.0.0.1:%d
        cert = %s
        key = %s
        CAfile = %s
        verifyChain = yes
        ciphersuites = %s
        """
            .formatted(
                isClient ? "yes" : "no",
                from,
                to,
                stage.setup().resolve("tls.crt"),
                stage.setup().resolve("tls.key"),
                stage.setup().resolve("ca.crt"),
                AES_128));
    return stage.timed(role.replaceAll("[0-9]", ""), "stunnel '" + configuration + "'");
  }

  private static Plan nginx(Stage stage) throws IOException {
    int port = Stage.freePort();
    Path files = Files.createTempDirectory(Path.of("/dev/shm"), "flockerd-nginx");
    Path configuration = stage.folder().resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        user root;
        worker_processes 2;
        pid %1$s/pid;
        error_log %1$s/error.log;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path %2$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%3$d ssl;
            ssl_protocols TLSv1.3;
            ssl_conf_command Ciphersuites %5$s;
            ssl_certificate %4$s/tls.crt;
            ssl_certificate_key %4$s/tls.key;
            ssl_client_certificate %4$s/ca.crt;
            ssl_verify_client on;
            client_max_body_size 0;
            client_body_buffer_size 1m;
            root %2$s;
            location / { dav_methods PUT; }
          }
        }
        """
            .formatted(stage.folder(), files, port, stage.setup(), AES_128));
    String certificates =
        " --cacert %s --cert %s --key %s"
            .formatted(stage.in("ca.crt"), stage.in("tls.crt"), stage.in("tls.key"));
    List<String> clients =
        times(
            stage,
            i ->
                stage.source()
                    + " | "
                    + stage.timed(
                        "curl",
                        "curl -sSf --http1.1 --tls13-ciphers "
                            + AES_128
                            + certificates
                            + " -T - https://127.0.0.1:%d/%d".formatted(port, i))
                    + " && stat -c '%%s bytes ' %s/%d > '%s/taken.%d'; status=$?; rm -f %s/%d; exit $status"
                        .formatted(files, i, stage.folder(), i, files, i));
    return new Plan(
        List.of(
            stage.timed("nginx", "nginx -c '" + configuration + "'") + "; rm -rf '" + files + "'"),
        List.of(port),
        List.of(),
        List.of(),
        clients);
  }

  private static Plan ssh(Stage stage, String cipher) throws IOException {
    int port = Stage.freePort();
    String options =
        " -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
            + " -o LogLevel=ERROR -i %s -p %d %s 127.0.0.1 "
                .formatted(stage.in("ssh_user"), port, cipher);
    String remote = "exec " + stage.sink().replace("'", "'\\''");
    return sshd(
        stage,
        port,
        times(
            stage,
            _ ->
                stage.source() + " | " + stage.timed("ssh", "ssh" + options) + "'" + remote + "'"));
  }

  /** It takes its own snapshots and starts its own children, so it can do nothing but pools. */
  private static Plan syncoid(Stage stage) throws IOException {
    int port = Stage.freePort();
    return sshd(
        stage,
        port,
        times(
            stage,
            i ->
                stage.timed(
                        "syncoid",
                        "syncoid --quiet --no-sync-snap --compress=none --no-privilege-elevation"
                            + " --sshport=%d --sshkey=%s --sshcipher=aes128-gcm@openssh.com"
                                .formatted(port, stage.in("ssh_user"))
                            + " --sshoption=StrictHostKeyChecking=no"
                            + " --sshoption=UserKnownHostsFile=/dev/null"
                            + " --sshoption=LogLevel=ERROR "
                            + Pools.SNAPSHOT.replaceFirst("@.*", "")
                            + " root@127.0.0.1:%s/syncoid%d".formatted(Pools.TARGET, i))
                    + " && echo '%d bytes received' > '%s/taken.%d'"
                        .formatted(stage.load().bytes(), stage.folder(), i)));
  }

  private static Plan sshd(Stage stage, int port, List<String> clients) throws IOException {
    Path configuration = stage.folder().resolve("sshd_config");
    Files.writeString(
        configuration,
        """
        ListenAddress 127.0.0.1
        Port %d
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        StrictModes no
        UsePAM no
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        MaxStartups 100
        """
            .formatted(
                port, stage.setup().resolve("ssh_host"), stage.setup().resolve("ssh_user.pub")));
    return new Plan(
        List.of(
            "mkdir -p /run/sshd; "
                + stage.timed("sshd", "$(command -v sshd) -D -e -f '" + configuration + "'")),
        List.of(port),
        List.of(),
        List.of(),
        clients);
  }

  private static Plan singleShots(
      Stage stage, List<Integer> ports, Command listening, Command connecting) {
    return new Plan(
        List.of(),
        List.of(),
        ports.stream()
            .map(port -> stage.timed("receiver", listening.on(port)) + " | " + stage.sink())
            .toList(),
        ports,
        ports.stream()
            .map(port -> stage.source() + " | " + stage.timed("sender", connecting.on(port)))
            .toList());
  }

  private static List<String> times(Stage stage, IntFunction<String> command) {
    return IntStream.range(0, stage.load().streams()).mapToObj(command).toList();
  }

  private static List<Integer> ports(Stage stage) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < stage.load().streams(); i++) {
      ports.add(Stage.freePort());
    }
    return ports;
  }

  /** A command for a port. */
  @FunctionalInterface
  private interface Command {
    String on(int port);
  }
}
