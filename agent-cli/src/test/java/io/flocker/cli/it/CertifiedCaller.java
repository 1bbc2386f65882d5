package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TlsPolicy;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Somebody who has a certificate and says with it whatever a test wants to be said. */
final class CertifiedCaller {
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final Credentials credentials;
  private final HttpClient http;

  CertifiedCaller(Credentials credentials) {
    this.credentials = credentials;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(credentials.sslContext())
            .sslParameters(TlsPolicy.client())
            .connectTimeout(ANSWER)
            .build();
  }

  /** Which node it is; a test's mistake where it is none. */
  NodeId node() {
    return ((Principal.Node) credentials.principal()).id();
  }

  /** Signs what he likes. */
  SignedGrant sign(Grant grant) {
    return SignedGrant.by(credentials, grant);
  }

  Reply get(TestNode node, String path) throws IOException, InterruptedException {
    return answer(request(node, path).GET());
  }

  /** The good answer to a question for what is no JSON. */
  String text(TestNode node, String path) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request(node, path).build(), BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response::body);
    return response.body();
  }

  /** The sum of a metric that has no labels; 0 if it is not told. */
  double metric(TestNode node, String name) throws IOException, InterruptedException {
    return text(node, "/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  /** Posts {@code body} as JSON. */
  Reply post(TestNode node, String path, Object body) throws IOException, InterruptedException {
    return answer(
        request(node, path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofByteArray(Json.write(body))));
  }

  /** Sends a merge patch, with a key. */
  Reply patch(TestNode node, String path, Object body) throws IOException, InterruptedException {
    return answer(
        request(node, path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .method("PATCH", BodyPublishers.ofByteArray(Json.write(body))));
  }

  /** Sends {@code body} as JSON by another method. */
  Reply send(String method, TestNode node, String path, Object body)
      throws IOException, InterruptedException {
    return answer(
        request(node, path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(Json.write(body))));
  }

  Reply delete(TestNode node, String path) throws IOException, InterruptedException {
    return answer(request(node, path).DELETE());
  }

  /** Posts nothing but the members of an empty object. */
  Reply post(TestNode node, String path) throws IOException, InterruptedException {
    return post(node, path, Map.of());
  }

  /** Begins to upload the body of a transfer, byte by byte as the test says. */
  ForgedBody upload(TestNode node, UUID transfer) throws IOException {
    return ForgedBody.begin(credentials, node, "/node/v1/transfers/" + transfer + "/body");
  }

  private static HttpRequest.Builder request(TestNode node, String path) {
    return HttpRequest.newBuilder(node.url().resolve(path)).timeout(ANSWER);
  }

  private Reply answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    return Reply.of(response.statusCode(), response.body());
  }
}
