package io.flocker.core.deploy.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of a node where the engine hangs at one container. */
class UnknownContainerConvergenceTest {
  private static final VolumeName DATA = VolumeName.parse("default.data");
  private static final Application DB =
      Application.named("db", Image.parse("db:1"))
          .volumes(List.of(MountedVolume.of(DATA, "/data")))
          .build();
  private static final Application WEB =
      Application.named("web", Image.parse("web:1")).restartPolicy(RestartPolicy.ALWAYS).build();
  private static final Application JOB =
      Application.named("job", Image.parse("job:1"))
          .restartPolicy(RestartPolicy.onFailure())
          .build();

  private final SimulatedNode node = new SimulatedNode();

  @Test
  void theOthersGoOnAndItsStatusSaysWhatIsWaitedFor() {
    node.own(DATA, VolumeId.random());
    node.wish(on(SimulatedNode.SELF, DB, WEB));
    node.settle();
    node.hanging.add("db");
    node.end("web", 1);
    node.calls.clear();

    node.settle();

    assertTrue(node.runs("web"));
    assertFalse(node.calls.contains("create db"), node.calls::toString);
    ObjectStatus status = node.status("application", "db");
    assertEquals(ObjectStatus.State.HINDERED, status.state());
    assertTrue(status.text().contains("hangs"), status.text());

    node.hanging.clear();
    node.settle();
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
  }

  @Test
  void itsVolumeIsHandedOffOnceItCanBeStopped() {
    node.own(DATA, VolumeId.random());
    node.wish(on(SimulatedNode.SELF, DB));
    node.settle();
    node.hanging.add("db");

    node.wish(on(SimulatedNode.PEER, DB));
    node.settle();
    assertTrue(node.here.containsKey(DATA));
    assertTrue(node.runs("db"));

    node.hanging.clear();
    node.settle();
    assertTrue(node.there.containsKey(DATA));
    assertFalse(node.containers.containsKey("db"));
  }

  @Test
  void aJobThatWasSeenToEndIsNotDoneAgainWhenTheEngineHasStoppedHanging() {
    node.beginEngine();
    node.wish(on(SimulatedNode.SELF, JOB));
    node.settle();
    node.pass(Duration.ofMinutes(1));
    node.end("job", 0);
    node.settle();
    node.pass(Duration.ofMinutes(1));
    node.settle();
    node.beginEngine(); // Later than the job's end: who did not see that takes it for interrupted.

    node.hanging.add("job");
    node.settle();
    node.hanging.clear();
    node.settle();

    assertFalse(node.runs("job"));
  }

  private static Deployment on(NodeId where, Application... applications) {
    return new Deployment(
        List.of(applications),
        List.of(
            NodeWish.of(
                where.toString(), Stream.of(applications).map(Application::name).toList())));
  }
}
