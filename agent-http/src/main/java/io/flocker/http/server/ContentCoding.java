package io.flocker.http.server;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.util.Native;
import io.flocker.http.route.QualityValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How the body of a response is made smaller (RFC 9110, section 8.4.1), where a caller asks. */
enum ContentCoding {
  /** RFC 8878. The first where a caller likes both the same: it is the faster one. */
  ZSTD("zstd") {
    @Override
    boolean isThere() {
      return IS_ZSTD_THERE;
    }

    @Override
    byte[] encode(byte[] body) {
      return Zstd.compress(body, ZSTD_LEVEL);
    }
  },

  /** RFC 1952. */
  GZIP("gzip") {
    @Override
    boolean isThere() {
      return true;
    }

    @Override
    byte[] encode(byte[] body) {
      ByteArrayOutputStream encoded = new ByteArrayOutputStream(body.length / EXPECTED_RATIO);
      try (GZIPOutputStream gzip = new GZIPOutputStream(encoded)) {
        gzip.write(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return encoded.toByteArray();
    }
  };

  /** Below it a body fits into one packet whatever is done to it. */
  private static final int LEAST_BYTES = 1024;

  private static final int ZSTD_LEVEL = 3; // What zstd(1) does unless told otherwise.
  private static final int EXPECTED_RATIO = 4;
  private static final String CONTENT_TYPE = "content-type";
  private static final String ETAG = "ETag";

  private static final boolean IS_ZSTD_THERE = isZstdThere();

  private final String token;

  ContentCoding(String token) {
    this.token = token;
  }

  /** The answer as its caller prefers it: the same one, if that is as it is. */
  static Answer applyTo(Answer answer, RequestHead head) {
    if (answer.body().remaining() < LEAST_BYTES || !isText(answer)) {
      return answer;
    }
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    headers.merge("Vary", "Accept-Encoding", (one, other) -> one + ", " + other);
    String accepted = head.headers().get("accept-encoding");
    ContentCoding coding = accepted == null ? null : best(QualityValues.parse(accepted));
    if (coding == null) {
      return new Answer(answer.status(), headers, answer.body());
    }
    headers.put("Content-Encoding", coding.token);
    headers.computeIfPresent(ETAG, (_, tag) -> weak(tag));
    return new Answer(
        answer.status(), headers, ByteBuffer.wrap(coding.encode(bytes(answer.body()))));
  }

  /** Whether this machine can do it. */
  abstract boolean isThere();

  abstract byte[] encode(byte[] body);

  private static @Nullable ContentCoding best(QualityValues preferences) {
    // Nothing said of it, a body as it is is the last resort.
    double most = preferences.of("identity").orElse(0);
    ContentCoding best = null;
    for (ContentCoding coding : values()) {
      double weight = preferences.of(coding.token, "*").orElse(0);
      boolean isBetter = best == null ? weight >= most : weight > most;
      if (coding.isThere() && weight > 0 && isBetter) {
        best = coding;
        most = weight;
      }
    }
    return best;
  }

  /** Other bytes of the same meaning (RFC 9110, section 8.8.3.3). */
  private static String weak(String tag) {
    return tag.startsWith("W/") ? tag : "W/" + tag;
  }

  private static boolean isText(Answer answer) {
    String type = answer.headers().getOrDefault(CONTENT_TYPE, "");
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

  /** It comes for the machines that flockerd is built for, and has to be unpacked. */
  private static boolean isZstdThere() {
    try {
      Native.load();
      return true;
    } catch (LinkageError | RuntimeException _) {
      return false;
    }
  }
}
