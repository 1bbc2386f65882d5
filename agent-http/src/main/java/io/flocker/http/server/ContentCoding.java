package io.flocker.http.server;

import io.flocker.http.route.QualityValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Makes the body of a response smaller by gzip (RFC 1952), where a caller asks for that. */
final class ContentCoding {
  private static final String GZIP = "gzip";

  /** Below it a body fits into one packet whatever is done to it. */
  private static final int LEAST_BYTES = 1024;

  private static final int EXPECTED_RATIO = 4;
  private static final String CONTENT_TYPE = "content-type";
  private static final String ETAG = "ETag";

  private ContentCoding() {}

  /** The response in the coding that its caller prefers; the same one, if that is none. */
  static FinalResponse applyTo(FinalResponse response, RequestHead head) {
    if (response.body().remaining() < LEAST_BYTES || !isText(response)) {
      return response;
    }
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.merge("Vary", "Accept-Encoding", (one, other) -> one + ", " + other);
    String accepted = head.headers().get("accept-encoding");
    if (accepted == null || !prefersGzip(QualityValues.parse(accepted))) {
      return new FinalResponse(response.status(), headers, response.body());
    }
    headers.put("Content-Encoding", GZIP);
    headers.computeIfPresent(ETAG, (_, tag) -> weak(tag));
    return new FinalResponse(response.status(), headers, ByteBuffer.wrap(gzip(response.body())));
  }

  /** A body without a coding counts for as much as is said of it; unlisted, for nothing. */
  private static boolean prefersGzip(QualityValues accepted) {
    double weight = accepted.of(GZIP, "*").orElse(0);
    return weight > 0 && weight >= accepted.of("identity").orElse(0);
  }

  private static byte[] gzip(ByteBuffer body) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(body.remaining() / EXPECTED_RATIO);
    try (GZIPOutputStream gzip = new GZIPOutputStream(encoded)) {
      gzip.write(bytes(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return encoded.toByteArray();
  }

  /** Other bytes of the same meaning (RFC 9110, section 8.8.3.3). */
  private static String weak(String tag) {
    return tag.startsWith("W/") ? tag : "W/" + tag;
  }

  private static boolean isText(FinalResponse response) {
    String type = response.headers().getOrDefault(CONTENT_TYPE, "");
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("application/yaml")
        || type.contains("+json");
  }

  private static byte[] bytes(ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    return bytes;
  }
}
