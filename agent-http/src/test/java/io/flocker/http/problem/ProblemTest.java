package io.flocker.http.problem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.http.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ProblemTest {
  @Test
  void isTheDocumentThatUsersWillRead() {
    FailureException failure =
        TransferFailure.WRONG_GUID.because("It is another.").with("guid", new Guid(1));

    assertEquals(
        """
        {"type":"urn:flocker:problem:wrong-guid",\
        "title":"The received snapshot is not the one that was sent",\
        "status":502,"detail":"It is another.","side":"receiver","retry":"re-plan",\
        "remedy":"Plan anew.","guid":"0000000000000001"}\
        """,
        new String(Problem.of(failure).toBytes(), UTF_8));
  }

  @ParameterizedTest
  @MethodSource("io.flocker.core.failure.Failure#all")
  void comesBackAsTheFailureThatItWas(Failure failure) {
    Problem problem = Problem.of(failure.because("The detail.").with("extra", List.of(1, 2)));

    FailureException read = Problem.read(problem.status(), Json.read(problem.toBytes()));

    assertEquals(failure, read.failure());
    assertEquals("The detail.", read.detail());
    assertEquals(Map.of("extra", Json.tree(List.of(1, 2))), read.members());
  }

  /** It is kept with the operation, and told to whoever lists all of them. */
  @Test
  void leavesOutWhatNoProblemMayHold() {
    Map<String, Object> odd = new LinkedHashMap<>();
    odd.put("type", TransferFailure.DIVERGED.type());
    odd.put("detail", "Both changed.");
    odd.put("node", "xxxxxxxxxx");
    odd.put("incident", 5);
    odd.put("allow", "GET");
    odd.put("unknown", List.of(1));
    odd.put("violations", List.of(Map.of("pointer", "/a")));
    odd.put("branches", 2);
    odd.put("much", "x".repeat(1 << 20));
    odd.put("more", 1);

    FailureException read = Problem.read(409, Json.tree(odd));

    assertEquals(TransferFailure.DIVERGED, read.failure());
    assertEquals(Map.of("branches", Json.tree(2)), read.members());
  }

  @Test
  void holdsLittleOfWhatNobodyUnderstands() {
    FailureException read = Problem.read(409, Json.tree(Map.of("x", "y".repeat(1 << 20))));

    assertEquals(Map.of(), read.members());
  }

  @Test
  void holdsWhatANewerVersionSaid() {
    JsonNode unknown =
        Json.tree(Map.of("type", Failure.TYPE_PREFIX + "unheard-of", "detail", "Too new."));

    FailureException read = Problem.read(409, unknown);

    assertEquals(TransferFailure.PEER_FAILED, read.failure());
    assertEquals("It answered 409 and said: Too new.", read.detail());
    assertEquals(unknown, read.members().get("problem"));
  }

  @Test
  void neverLetsAMemberHideAnother() {
    Problem problem = Problem.of(RequestFailure.NOT_FOUND.because("Gone.").with("status", 200));

    assertEquals(404, problem.document().get("status"));
  }

  @Test
  void tellsWhatIsAllowedAndWhenToTryAgain() {
    FailureException wrongMethod =
        RequestFailure.METHOD_NOT_ALLOWED.because("No.").with(Problem.ALLOW, List.of("GET", "PUT"));

    assertEquals(Map.of("Allow", "GET, PUT"), Problem.of(wrongMethod).headers());
    assertEquals(
        Map.of("Retry-After", "1"),
        Problem.of(RequestFailure.TOO_MANY_REQUESTS.because("Many.")).headers());
  }

  @Test
  void tellsNothingOfAnIncidentButItsId() {
    UUID incident = UUID.randomUUID();

    Problem problem = Problem.of(Problem.incident(incident));

    assertEquals(500, problem.status());
    assertEquals(incident, problem.document().get("incident"));
  }
}
