package io.flocker.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Pool;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.process.Zfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExaminationsTest {
  private static final NodeId NODE = NodeId.random();

  @TempDir private Path folder;

  private Path identity;

  @BeforeEach
  void aNode() throws Exception {
    identity = Files.writeString(folder.resolve("volume.json"), NodeIdentity.text(NODE));
  }

  @ParameterizedTest
  @CsvSource({"ONLINE,OK", "DEGRADED,WARNING", "FAULTED,FAILURE", "UNAVAIL,FAILURE"})
  void aPoolThatIsUnwellSaysWhatToAsk(String health, Verdict verdict) {
    Finding finding = PoolExamination.health(pool(health, 100, 50));

    assertEquals(verdict, finding.verdict());
    assertEquals(
        verdict != Verdict.OK, finding.text().contains("zpool status -x tank"), finding::text);
  }

  @ParameterizedTest
  @CsvSource({"100,16,OK", "100,15,WARNING", "100,0,WARNING", "0,0,OK"})
  void aPoolWithLittleRoomIsWarnedOf(long size, long free, Verdict verdict) {
    assertEquals(verdict, PoolExamination.room(pool("ONLINE", size, free)).verdict());
  }

  @Test
  void aZfsThatDoesNotAnswerIsAFailureWithItsRemedy() throws Exception {
    ZfsTool zfs = saying("exit 1");
    List<Finding> findings = new SnapshotExamination(zfs, "tank").findings();

    assertEquals(1, findings.size());
    assertEquals(Verdict.FAILURE, findings.getFirst().verdict());
  }

  @Test
  void otherToolsAreNamedAndTheirHoldsWithTheCommandThatEndsThem() throws Exception {
    NodeId peer = NodeId.random();
    ZfsTool zfs =
        saying(
            """
            case $1 in
            list) printf 'tank/db@autosnap_2026-01-02_daily\\t0\\ntank/db@autosnap_1\\t0\\n'
              printf 'tank/db@mine\\t2\\ntank/db@flk.20260102T030405Z.push.89abcdef\\t1\\n' ;;
            holds) shift 2; for one; do printf '%%s\\tkeep\\tnow\\n%%s\\tflk:peer:%s\\tnow\\n' "$one" "$one"; done ;;
            esac\
            """
                .formatted(peer));

    List<String> said =
        new SnapshotExamination(zfs, "tank").findings().stream().map(Finding::text).toList();

    assertEquals(3, said.size(), said::toString);
    assertTrue(said.getFirst().startsWith("2 snapshots are of sanoid"), said::toString);
    assertTrue(said.get(1).contains("'zfs release keep tank/db@mine'"), said::toString);
  }

  @Test
  void aPoolOfOursAloneIsWell() throws Exception {
    ZfsTool zfs =
        saying("printf 'tank/db@flk.20260102T030405Z.push.89abcdef\\t0\\ntank/db@x\\t-\\n'");

    assertEquals(
        List.of(new Finding("snapshots", Verdict.OK, "No other tool's snapshots or holds.")),
        new SnapshotExamination(zfs, "tank").findings());
  }

  @Test
  void certificatesOfThisNodeAndMachineAreWell() throws Exception {
    certify(NODE, "127.0.0.1");

    assertEquals(List.of(), unwell());
  }

  @Test
  void aCertificateOfAnotherNodeIsAFailure() throws Exception {
    certify(NodeId.random(), "127.0.0.1");

    assertEquals(2, unwell().size());
    assertTrue(unwell().getFirst().text().contains(NODE.toString()), () -> unwell().toString());
  }

  @Test
  void aHostOfAnotherMachineAKeyForAllAndAnEndThatIsNearAreWarnings() throws Exception {
    certify(NODE, "192.0.2.1");
    Files.setPosixFilePermissions(
        folder.resolve("node.key"), PosixFilePermissions.fromString("rw-r--r--"));

    List<Finding> warnings = unwell();
    assertEquals(2, warnings.size(), warnings::toString);
    assertTrue(warnings.getFirst().text().contains("chmod 600"), warnings::toString);
    assertTrue(warnings.getLast().text().startsWith("192.0.2.1 of "), warnings::toString);
    Instant now = Instant.now();
    assertEquals(
        Verdict.WARNING,
        CertificateExamination.life(identity, now.plus(Duration.ofDays(29)), now).verdict());
  }

  @Test
  void aNodeWithoutIdentityOrCertificatesIsToldHowToGetThem() throws Exception {
    assertTrue(unwell().getFirst().text().contains("does not exist"), () -> unwell().toString());
    Files.delete(identity);
    assertTrue(unwell().getFirst().text().contains("flocker-ca bundle"), () -> unwell().toString());
  }

  @Test
  void aPipeThatMayHoldLessIsAWarningWithTheCommand() {
    Finding finding = MachineExamination.pipe(1 << 20, 1 << 16).orElseThrow();

    assertTrue(finding.text().contains("sysctl -w fs.pipe-max-size=1048576"), finding::text);
    assertEquals(Optional.empty(), MachineExamination.pipe(1 << 16, 1 << 16));
  }

  @Test
  void aStateFolderForAllIsAWarning() throws Exception {
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));

    List<Finding> warnings =
        new MachineExamination(state, 1)
            .findings().stream().filter(found -> found.verdict() != Verdict.OK).toList();

    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.getFirst().text().contains("chmod 700 " + state), warnings::toString);
  }

  private List<Finding> unwell() {
    return new CertificateExamination(folder, identity)
        .findings().stream().filter(found -> found.verdict() != Verdict.OK).toList();
  }

  private void certify(NodeId node, String host) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create("test", KeyAlgorithm.EC);
    authority.save(folder);
    authority.issueNode(node, List.of(host)).save(folder, "node");
    authority.issueLocal(node).save(folder, "local");
  }

  private static Pool pool(String health, long size, long free) {
    return new Pool("tank", size, free, health, Optional.empty());
  }

  /** A {@code zfs} that is a shell script. */
  private ZfsTool saying(String script) throws IOException {
    Path program = folder.resolve("zfs");
    Files.write(program, ("#!/bin/sh\n" + script + "\n").getBytes(UTF_8));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Commands commands =
        new Commands(
            new Launch(Zfs.ASKED, folder.toString()), 1, new StuckChildren(), CommandObserver.NONE);
    return ZfsTool.zfs(program, commands, Duration.ofMinutes(2), "tank");
  }
}
