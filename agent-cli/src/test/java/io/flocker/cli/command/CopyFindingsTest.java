package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.doctor.Finding;
import io.flocker.cli.doctor.Verdict;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.CopyStatus.State;
import io.flocker.core.volume.VolumeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyFindingsTest {
  private static final PeerNames NAMES = PeerNames.of(List.of());
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void whatWaitsForSomebodyIsAFailureThatSaysWhatToDo() {
    Finding finding = only(State.HINDERED);

    assertEquals(Verdict.FAILURE, finding.verdict());
    assertTrue(
        finding.text().startsWith("default.a at ")
            && finding.text().contains(" is hindered, ")
            && finding.text().endsWith("the key of the copy is another one. Load that key."),
        finding.text());
  }

  @ParameterizedTest
  @CsvSource({
    "NEW, OK",
    "CURRENT, OK",
    "BEHIND, WARNING",
    "STALLED, WARNING",
    "FAILED, WARNING",
    "HINDERED, FAILURE",
    "DRIFTED, FAILURE"
  })
  void eachCopyIsJudgedByItsState(State state, Verdict verdict) {
    assertEquals(verdict, only(state).verdict());
  }

  @Test
  void thoseThatAreAllRightAreNotListed() {
    List<Finding> findings =
        CopyFindings.of(List.of(copy(State.CURRENT), copy(State.DRIFTED)), NAMES);

    assertEquals(1, findings.size());
  }

  private static Finding only(State state) {
    return CopyFindings.of(Stream.of(state).map(CopyFindingsTest::copy).toList(), NAMES).getFirst();
  }

  private static CopyStatus copy(State state) {
    return new CopyStatus(
        VolumeId.random(),
        VolumeName.parse("default.a"),
        NodeId.random(),
        state,
        NOW,
        3.0,
        60.0,
        OptionalLong.empty(),
        Optional.empty(),
        new CopyStatus.WaitsFor("retry", "the next try", NOW, 0),
        1,
        Optional.of(
            Map.of("detail", "the key of the copy is another one", "remedy", "Load that key.")),
        Optional.empty(),
        Optional.empty());
  }
}
