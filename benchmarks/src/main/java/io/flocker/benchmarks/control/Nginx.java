package io.flocker.benchmarks.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's nginx with a folder and a configuration of its own. */
final class Nginx {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private Nginx() {}

  /**
   * Starts it, to answer what ours answers.
   *
   * @param setup where the certificates are
   * @param version what {@code GET} of the version is answered
   * @param list what {@code GET} of the list is answered
   * @param accepted what every {@code POST} is answered
   */
  static Contender start(Path setup, byte[] version, byte[] list, String accepted)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectory(setup.resolve("nginx"));
    Path files = Files.createDirectories(folder.resolve("files/v1"));
    Files.write(files.resolve("version"), version);
    Files.write(files.resolve("volumes"), list);
    int port = freePort();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(setup, folder, port, accepted));
    Process process =
        new ProcessBuilder(
                "nginx", "-p", folder.toString(), "-c", configuration.toString(), "-e", "error.log")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("stdout.log").toFile())
            .start();
    awaitListening(process, port, folder);
    return new Contender(process, port);
  }

  private static String configuration(Path setup, Path folder, int port, String accepted) {
    return """
    daemon off;
    user root;
    worker_processes auto;
    pid %2$s/nginx.pid;
    events { worker_connections 256; }
    http {
      access_log %2$s/access.log;
      client_body_temp_path %2$s/body;
      proxy_temp_path %2$s/proxy;
      fastcgi_temp_path %2$s/fastcgi;
      uwsgi_temp_path %2$s/uwsgi;
      scgi_temp_path %2$s/scgi;
      sendfile on;
      tcp_nodelay on;
      keepalive_requests 100000000;
      server_tokens off;
      default_type application/json;
      open_file_cache max=16;
      server {
        listen 127.0.0.1:%3$d ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384;
        ssl_certificate %1$s/tls.crt;
        ssl_certificate_key %1$s/tls.key;
        ssl_client_certificate %1$s/ca.crt;
        ssl_verify_client on;
        root %2$s/files;
        location /v1/work/ { return 202 '%4$s'; }
      }
    }
    """
        .formatted(setup, folder, port, accepted);
  }

  private static void awaitListening(Process process, int port, Path folder)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException _) {
        Thread.sleep(20);
      }
    }
    process.destroy();
    throw new IOException(
        "nginx does not listen: " + Files.readString(folder.resolve("stdout.log")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
