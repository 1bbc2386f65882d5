package io.flocker.transfer.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PeerVolumesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "null", "{\"snapshots\":[null]}", "{\"exists\":true}"})
  void anAnswerThatLacksWhatBelongsInItIsThePeersFault(String said) {
    JsonNode answer = Json.read(said.getBytes(StandardCharsets.UTF_8));

    FailureException failure =
        assertThrows(
            FailureException.class,
            () -> PeerVolumes.read(answer, VolumeView.class),
            answer::toString);

    assertEquals(TransferFailure.PEER_FAILED, failure.failure());
  }
}
