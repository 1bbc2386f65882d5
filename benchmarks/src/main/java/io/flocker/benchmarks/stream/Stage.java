package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a rival finds when it comes on: a folder, certificates, ports.
 *
 * @param folder new for every run; holds what {@code time} says of each process
 * @param setup what holds for all runs: certificates, keys
 */
record Stage(Path folder, Path setup, Load load) {
  private static final Path TIME = Path.of("/usr/bin/time");
  private static final List<String> SOCKETS = List.of("/proc/net/tcp", "/proc/net/tcp6");
  private static final String LISTENING = "0A"; // TCP_LISTEN of net/tcp_states.h

  /** A port that nobody listens on. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Whether somebody listens there; asking by a connection would use up a sink. */
  static boolean isListening(int port) throws IOException {
    String end = String.format(Locale.ROOT, ":%04X", port);
    for (String file : SOCKETS) {
      for (String line : Files.readAllLines(Path.of(file))) {
        String[] fields = line.strip().split(" +", -1);
        if (fields[1].endsWith(end) && fields[3].equals(LISTENING)) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@code command}, whose CPU-seconds and peak memory are kept under {@code role}. */
  String timed(String role, String command) {
    return "%s -a -o '%s' -f '%%U %%S %%M' %s"
        .formatted(TIME, folder.resolve(role + ".time"), command);
  }

  /** The child that writes a stream. */
  String source() {
    return timed("source", String.join(" ", load.source()));
  }

  /** The child that takes a stream; how much it was stands in {@code taken.*}. */
  String sink() {
    return timed("sink", String.join(" ", load.sink())) + " 2> '" + folder + "'/taken.$$";
  }

  /** Where something of the setup is, quoted. */
  String in(String name) {
    return "'" + setup.resolve(name) + "'";
  }

  /** How much all sinks have taken by their own words. */
  long takenBytes() throws IOException {
    long bytes = 0;
    try (var files = Files.newDirectoryStream(folder, "taken.*")) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          if (line.contains(" bytes ")) {
            bytes += Long.parseLong(line.substring(0, line.indexOf(' ')));
          }
        }
      }
    }
    return bytes;
  }
}
