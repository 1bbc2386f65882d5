package io.flocker.http.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flocker.http.route.RawBody;
import java.nio.ByteBuffer;
import java.util.SortedSet;

/**
 * What {@code flocker-reportstate} of Flocker 0.3.2 prints, byte by byte as PyYAML writes it. No
 * containers are looked after here yet, so there are no applications.
 */
final class ReportedState {
  static final String MEDIA_TYPE = "application/yaml"; // RFC 9512

  /** Where PyYAML begins a new line before an item. */
  private static final int WIDTH = 80;

  private static final String PORTS = "used_ports: [";
  private static final String INDENT = "\n  ";

  private ReportedState() {}

  static RawBody of(SortedSet<Integer> usedPorts) {
    String text = "applications: {}\n" + ports(usedPorts) + "version: 1\n";
    return new RawBody(MEDIA_TYPE, ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  private static String ports(SortedSet<Integer> usedPorts) {
    StringBuilder text = new StringBuilder(PORTS);
    int lineStart = 0;
    boolean isFirst = true;
    for (int port : usedPorts) {
      if (!isFirst) {
        text.append(',');
        if (text.length() - lineStart > WIDTH) {
          lineStart = text.length() + 1;
          text.append(INDENT);
        } else {
          text.append(' ');
        }
      }
      text.append(port);
      isFirst = false;
    }
    return text.append("]\n").toString();
  }
}
