package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The TCP ports that this host uses. */
public final class TcpPorts {
  /** Slot, then local and remote address and port, then the state; see proc_pid_net(5). */
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*[0-9]+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2})(?: .*)?");

  private static final String LISTENING = "0A"; // TCP_LISTEN

  private static final int HEXADECIMAL = 16;

  private TcpPorts() {}

  /** Local ports of all sockets, whatever their state is. */
  public static SortedSet<Integer> used() throws IOException {
    return in("");
  }

  /** Local ports of the sockets that take connections. */
  public static SortedSet<Integer> listening() throws IOException {
    return in(LISTENING);
  }

  private static SortedSet<Integer> in(String state) throws IOException {
    SortedSet<Integer> used = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc/self/net", table);
      if (Files.exists(file)) {
        used.addAll(parse(Files.readAllLines(file, ISO_8859_1), state));
      }
    }
    return used;
  }

  /**
   * Ports of the table of the kernel.
   *
   * @param state that of their sockets; empty for whatever it is
   */
  static SortedSet<Integer> parse(List<String> lines, String state) {
    SortedSet<Integer> ports = new TreeSet<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && (state.isEmpty() || state.equals(matcher.group(2)))) {
        ports.add(Integer.parseInt(matcher.group(1), HEXADECIMAL));
      }
    }
    return ports;
  }
}
