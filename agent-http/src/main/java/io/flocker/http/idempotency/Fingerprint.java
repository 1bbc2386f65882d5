package io.flocker.http.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.http.json.Json;
import io.flocker.http.route.JsonRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/** What a request asks, so short that it can be kept: the order of members does not matter. */
final class Fingerprint {
  private static final byte[] BETWEEN = {'\n'};

  private Fingerprint() {}

  /** SHA-256 of query and body, 64 hex digits. */
  static String of(JsonRequest request) {
    MessageDigest digest = sha256();
    digest.update(Json.write(new TreeMap<>(request.query())));
    digest.update(BETWEEN);
    if (!request.body().isMissingNode()) {
      digest.update(Json.canonical(request.body()).getBytes(UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
