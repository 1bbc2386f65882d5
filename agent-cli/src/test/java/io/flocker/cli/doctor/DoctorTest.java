package io.flocker.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RouteFailure;
import io.flocker.core.os.SharedMounts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir private Path folder;

  @Test
  void aNodeWithoutAnEngineIsWarnedAndToldWhatToDo() {
    Finding finding = Doctor.engine(folder.resolve("docker.sock"));

    assertEquals(Verdict.WARNING, finding.verdict());
    assertTrue(finding.text().contains("docker.sock"), finding::text);
    assertTrue(finding.text().contains("correct the place of its socket"), finding::text);
    assertTrue(finding.text().endsWith("Only applications need it."), finding::text);
  }

  @Test
  void aFolderWhoseMountsAreNotPassedOnIsAWarningWithTheCommands() throws Exception {
    Path proc = Path.of("/proc"); // Whoever mounts it, it has a propagation.
    Finding finding = Doctor.mounts(proc);

    boolean isShared = SharedMounts.arePassedOn(proc);
    assertEquals(isShared ? Verdict.OK : Verdict.WARNING, finding.verdict());
    assertEquals(!isShared, finding.text().contains("mount --make-shared /proc"), finding::text);
  }

  @Test
  void everyHindranceOfRoutesIsAWarning() {
    assertEquals(
        List.of(
            new Finding("routes", Verdict.WARNING, "A chain drops."),
            new Finding("routes", Verdict.WARNING, "No conntrack.")),
        Doctor.routes(saying(() -> List.of("A chain drops.", "No conntrack."))));
    assertEquals(Verdict.OK, Doctor.routes(saying(List::of)).getFirst().verdict());
  }

  @Test
  void aNodeWithoutRoutesIsWarnedWithTheRemedy() {
    FailureException why = RouteFailure.ROUTES_UNAVAILABLE.because("no nft");

    List<Finding> findings =
        Doctor.routes(
            saying(() -> {
              throw why;
            }));

    assertEquals(1, findings.size());
    assertEquals(Verdict.WARNING, findings.getFirst().verdict());
    assertTrue(findings.getFirst().text().contains("Install nftables"), findings::toString);
  }

  private static Routes saying(Callable<List<String>> hindrances) {
    return new Routes() {
      @Override
      public Found discover() {
        throw new AssertionError("not asked");
      }

      @Override
      public Applied apply(Routing wish) {
        throw new AssertionError("changes something");
      }

      @Override
      public Optional<String> forgetStale() {
        throw new AssertionError("changes something");
      }

      @Override
      public List<String> examine() throws FailureException {
        try {
          return hindrances.call();
        } catch (FailureException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    };
  }
}
