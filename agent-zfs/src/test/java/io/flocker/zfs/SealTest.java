package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Dataset;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.process.Zfs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
  private static final String COPY = "tank/v";

  private final FakeZfs fake;
  private final Seal seal;

  SealTest(@TempDir Path folder) {
    this.fake = new FakeZfs(folder).answers("set", "exit 0").answers("inherit", "exit 0");
    Commands commands =
        new Commands(new Launch(Zfs.ASKED, "tank"), 4, new StuckChildren(), CommandObserver.NONE);
    this.seal =
        new Seal(
            new DatasetProperties(
                ZfsTool.zfs(fake.program(), commands, Duration.ofSeconds(30), "tank")));
  }

  @Test
  void whatIsSetAlreadyIsAskedForAndLeft() throws Exception {
    are(
        "canmount noauto local",
        "readonly on local",
        "setuid off local",
        "devices off local",
        "exec off local",
        "refquota 0 default",
        "compression on local",
        "flocker:quota 4096 local");

    seal.close(COPY, Map.of("refquota", "4096", "compression", "on", "recordsize", "inherit"));

    assertEquals(List.of(), changes());
  }

  @Test
  void theQuotaIsKeptBeforeItIsTakenAway() throws Exception {
    are("refquota 4096 local", "readonly off local", "exec on default");

    seal.close(COPY, Map.of());

    assertEquals(
        List.of(
            "set flocker:quota=4096 tank/v",
            "set refquota=none tank/v",
            "set canmount=noauto tank/v",
            "set readonly=on tank/v",
            "set setuid=off tank/v",
            "set devices=off tank/v",
            "set exec=off tank/v"),
        changes());
  }

  @Test
  void whatIsInheritedByNowIsInheritedByTheCopy() throws Exception {
    are(
        "canmount noauto local",
        "readonly on local",
        "setuid off local",
        "devices off local",
        "exec off local",
        "recordsize 8192 local",
        "flocker:quota none local");

    seal.close(COPY, Map.of("recordsize", "inherit", "compression", "gzip", "refquota", "8192"));

    assertEquals(
        List.of(
            "inherit recordsize tank/v",
            "set compression=gzip tank/v",
            "set flocker:quota=8192 tank/v"),
        changes().stream().sorted().toList());
  }

  @Test
  void theNextOwnerGetsWhatWasKept() throws Exception {
    seal.open(COPY, 0, 4096);

    assertEquals(
        List.of(
            "set refquota=4096 tank/v",
            "inherit setuid tank/v",
            "inherit devices tank/v",
            "inherit exec tank/v",
            "inherit flocker:quota tank/v"),
        changes());
  }

  @Test
  void aQuotaThatIsInForceAlreadyIsNotSetAgain() throws Exception {
    seal.open(COPY, 0, 0);

    assertEquals(
        List.of(
            "inherit setuid tank/v",
            "inherit devices tank/v",
            "inherit exec tank/v",
            "inherit flocker:quota tank/v"),
        changes());
  }

  @Test
  void contentThatTakesMoreThanItsQuotaIsLimitedToWhatItTakesAndTheQuotaKept() throws Exception {
    fake.answers(
        "set",
        "[ \"$1\" != refquota=4096 ] && exit 0\n"
            + "echo 'size is less than current used or reserved space' >&2; exit 1");

    FailureException refusal = assertThrows(FailureException.class, () -> seal.open(COPY, 0, 4096));
    assertEquals(OwnershipFailure.QUOTA_TOO_SMALL, refusal.failure());
    seal.openOverfull(sealed(4096, 5000), refusal);

    assertEquals(
        List.of(
            "set refquota=4096 tank/v",
            "set refquota=5000 tank/v",
            "inherit setuid tank/v",
            "inherit devices tank/v",
            "inherit exec tank/v"),
        changes());
  }

  /** Properties as {@code name value source}. */
  private void are(String... properties) {
    fake.answers("get", "printf '%s\\t%s\\t%s\\n' " + String.join(" ", properties));
  }

  private List<String> changes() {
    return fake.calls().stream().filter(call -> !call.startsWith("get ")).toList();
  }

  private static Dataset sealed(long quotaBytes, long referencedBytes) throws FailureException {
    return new Dataset(
        COPY,
        new Guid(5),
        Optional.empty(),
        false,
        Optional.empty(),
        true,
        List.of(),
        referencedBytes,
        referencedBytes,
        0,
        Optional.empty(),
        List.of(),
        List.of(),
        false,
        Optional.empty(),
        OptionalLong.of(quotaBytes),
        Map.of());
  }
}
