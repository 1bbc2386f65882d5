package io.flocker.http.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flocker.core.deploy.format.NodeStateWriter;
import io.flocker.http.route.RawBody;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedSet;

/**
 * What {@code flocker-reportstate} of Flocker 0.3.2 prints. No containers are looked after here
 * yet, so there are no applications.
 */
final class ReportedState {
  static final String MEDIA_TYPE = "application/yaml"; // RFC 9512

  private ReportedState() {}

  static RawBody of(SortedSet<Integer> usedPorts) {
    byte[] text = NodeStateWriter.write(List.of(), usedPorts).getBytes(US_ASCII);
    return new RawBody(MEDIA_TYPE, ByteBuffer.wrap(text));
  }
}
