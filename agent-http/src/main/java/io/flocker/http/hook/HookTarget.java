package io.flocker.http.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.notify.Notification;
import io.flocker.core.notify.Target;
import io.flocker.core.pki.OutsideTrust;
import io.flocker.core.pki.TlsPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that is sent notifications over HTTPS, each signed with a secret that it shares with the
 * node. It says by a status from 200 to 299 that it took one; it is not followed elsewhere. Secret
 * and authorities are read for each try: they may be exchanged at any time.
 */
public final class HookTarget implements Target {
  private static final int LEAST_SECRET_BYTES = 16;
  private static final int MOST_SECRET_BYTES = 4096;
  private static final int SUCCESS = 2;
  private static final int HUNDRED = 100;

  private final URI url;
  private final Path secretFile;
  private final Optional<Path> authorities;
  private final Duration deadline;
  private final InstantSource clock;

  /**
   * Calls {@code url}.
   *
   * @param secretFile what is in it without the white space around it is the secret
   * @param authorities certificates in PEM; empty for those that the system trusts
   * @param deadline of one try
   */
  public HookTarget(
      URI url,
      Path secretFile,
      Optional<Path> authorities,
      Duration deadline,
      InstantSource clock) {
    this.url = url;
    this.secretFile = secretFile;
    this.authorities = authorities;
    this.deadline = deadline;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "hook";
  }

  @Override
  public void tell(Notification notification) throws FailureException, InterruptedException {
    byte[] body = notification.json().getBytes(UTF_8);
    int status;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .timeout(deadline)
              .header("Content-Type", "application/json")
              .header("User-Agent", "flockerd")
              .header("Flocker-Notification", notification.id().toString())
              .header(Signature.HEADER, Signature.of(secret(), clock.instant(), body))
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      status = status(request);
    } catch (IOException | GeneralSecurityException e) {
      throw failed(e);
    }
    if (status / HUNDRED != SUCCESS) {
      throw NotifyFailure.NOTIFICATION_FAILED.because(
          "%s answered with status %d".formatted(server(), status));
    }
  }

  /** The answer's status; nobody reads its body, which may have no end. */
  private int status(HttpRequest request)
      throws IOException, GeneralSecurityException, InterruptedException {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(deadline)
            .sslContext(OutsideTrust.of(authorities))
            .sslParameters(TlsPolicy.client())
            .build();
    try {
      CompletableFuture<HttpResponse<InputStream>> answer =
          http.sendAsync(request, BodyHandlers.ofInputStream());
      HttpResponse<InputStream> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      response.body().close();
      return response.statusCode();
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + deadline.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause() == null ? e : e.getCause()), e);
    } finally {
      http.shutdownNow();
    }
  }

  private byte[] secret() throws IOException {
    long length = Files.size(secretFile);
    byte[] secret =
        length > MOST_SECRET_BYTES
            ? new byte[0]
            : Files.readString(secretFile).strip().getBytes(UTF_8);
    if (secret.length < LEAST_SECRET_BYTES) {
      throw new IOException(
          "%s holds no secret of %d to %d bytes"
              .formatted(secretFile, LEAST_SECRET_BYTES, MOST_SECRET_BYTES));
    }
    return secret;
  }

  private FailureException failed(Exception why) {
    return NotifyFailure.NOTIFICATION_FAILED
        .because("%s was not told: %s".formatted(server(), reason(why)))
        .causedBy(why);
  }

  private static String reason(Throwable why) {
    String message = why.getMessage();
    return message == null ? why.getClass().getSimpleName() : message;
  }

  /** Where it is; what follows in the URL may be as good as a password. */
  private String server() {
    return url.getScheme() + "://" + url.getAuthority();
  }
}
