package io.flocker.core.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OperationViewTest {
  private static final UUID ID = UUID.fromString("6b7a1c3e-0f12-4d5a-9e8b-0123456789ab");

  @Test
  void oneThatRunsIsWrittenWithoutWhatIsUnknown() {
    assertEquals(
        """
        {"id":"6b7a1c3e-0f12-4d5a-9e8b-0123456789ab","kind":"push","state":"running",\
        "volume":"6b7a1c3e-0f12-4d5a-9e8b-0123456789ab","volumeName":"default.db",\
        "started":"2026-01-02T03:04:05Z","phase":"sending","bytes":512,"bytesPerSecond":0}\
        """,
        write(
            new OperationView(
                ID,
                "push",
                OperationState.RUNNING,
                Optional.of(new VolumeId(ID)),
                Optional.of("default.db"),
                Instant.parse("2026-01-02T03:04:05Z"),
                Optional.empty(),
                "sending",
                512,
                OptionalLong.empty(),
                0,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty())));
  }

  @Test
  void oneThatFailedIsWrittenWithItsProblem() {
    assertEquals(
        """
        {"id":"6b7a1c3e-0f12-4d5a-9e8b-0123456789ab","kind":"push","state":"failed",\
        "volume":"6b7a1c3e-0f12-4d5a-9e8b-0123456789ab","started":"2026-01-02T03:04:05Z",\
        "finished":"2026-01-02T03:04:06.500Z","phase":"sending","bytes":512,"totalBytes":1024,\
        "bytesPerSecond":512,"etaSeconds":1,\
        "problem":{"type":"urn:flocker:problem:peer-silent","title":"The peer has fallen silent",\
        "status":504,"detail":"node b","side":"link","retry":"resume",\
        "remedy":"Check the link; the next try resumes."}}\
        """,
        write(
            new OperationView(
                ID,
                "push",
                OperationState.FAILED,
                Optional.of(new VolumeId(ID)),
                Optional.empty(),
                Instant.parse("2026-01-02T03:04:05Z"),
                Optional.of(Instant.parse("2026-01-02T03:04:06.500Z")),
                "sending",
                512,
                OptionalLong.of(1_024),
                512,
                OptionalLong.of(1),
                Optional.empty(),
                Optional.of(TransferFailure.PEER_SILENT.because("node b").document()))));
  }

  private static String write(OperationView view) {
    return JsonMapper.shared().writeValueAsString(view);
  }
}
