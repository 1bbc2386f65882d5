package io.flocker.http.docker;

import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.engine.PullProgress;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The fetching of an image from its registry, by the engine. One thread. */
final class DockerPull {
  /** The registry may take its time before the engine says anything. */
  private static final Duration BEGINNING = Duration.ofMinutes(5);

  /** An image of more parts is fetched too, but only so many are counted. */
  private static final int MAX_LAYERS = 1_000;

  private final Image image;
  private final PullProgress progress;
  private final Map<String, Layer> layers = new HashMap<>();

  /** A part of the image. */
  private record Layer(long bytes, long totalBytes) {}

  private DockerPull(Image image, PullProgress progress) {
    this.image = image;
    this.progress = progress;
  }

  /**
   * Fetches an image, for as long as the engine gives signs of life.
   *
   * @throws FailureException {@code IMAGE_NOT_PULLED} with the engine's words
   */
  static void run(DockerApi api, Image image, PullProgress progress) throws FailureException {
    String what = image.digest().orElse(image.tag());
    EngineCall call =
        EngineCall.post(
                "fetch the image " + image,
                "/images/create?fromImage=%s&tag=%s"
                    .formatted(
                        DockerEngine.encoded(image.repository()), DockerEngine.encoded(what)),
                null)
            .within(BEGINNING);
    Action action = Action.start(ActionType.ENGINE_CHANGE, call.fields());
    try (EngineStream stream = api.stream(call, EngineFailure.IMAGE_NOT_PULLED)) {
      new DockerPull(image, progress).follow(stream);
      action.succeed(Map.of());
    } catch (FailureException e) {
      action.fail(e);
      throw e;
    }
  }

  private void follow(EngineStream stream) throws FailureException {
    JsonLines lines = new JsonLines(stream);
    for (Optional<JsonNode> line = lines.next(DockerApi.HEARTBEAT);
        line.isPresent();
        line = lines.next(DockerApi.HEARTBEAT)) {
      String error = error(line.get());
      if (!error.isEmpty()) {
        // By then the engine has answered 200.
        throw EngineFailure.IMAGE_NOT_PULLED.because(
            "The engine at %s could not fetch the image %s: %s"
                .formatted(stream.engine(), image, error));
      }
      count(line.get());
    }
  }

  private static String error(JsonNode line) {
    return line.path("error").asString(line.path("errorDetail").path("message").asString(""));
  }

  private void count(JsonNode line) {
    String layer = line.path("id").asString("");
    long total = line.path("progressDetail").path("total").asLong(0);
    boolean isDownload = line.path("status").asString("").equals("Downloading");
    if (isDownload && total > 0 && (layers.size() < MAX_LAYERS || layers.containsKey(layer))) {
      layers.put(layer, new Layer(line.path("progressDetail").path("current").asLong(0), total));
    } else if (line.path("status").asString("").equals("Download complete")) {
      layers.computeIfPresent(layer, (_, had) -> new Layer(had.totalBytes(), had.totalBytes()));
    } else {
      return;
    }
    progress.reached(
        layers.values().stream().mapToLong(Layer::bytes).sum(),
        layers.values().stream().mapToLong(Layer::totalBytes).sum());
  }
}
