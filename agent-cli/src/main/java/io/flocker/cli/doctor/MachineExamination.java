package io.flocker.cli.doctor;

import io.flocker.core.os.Pipe;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The machine itself: its kernel, how much its pipes hold, and the disk and rights of the state
 * folder.
 *
 * @param state the state folder
 * @param pipeBytes what the settings want the pipe of a stream to hold
 */
record MachineExamination(Path state, int pipeBytes) implements Examination {
  private static final String MACHINE = "machine";
  private static final String STATE = "state";

  /** A database of a year and its copy while it is compacted; then writes begin to be refused. */
  private static final long LITTLE_ROOM = 64L << 20;

  private static final int MIB_BITS = 20;

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            MACHINE,
            Verdict.OK,
            "%s %s on %s, Java %s."
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"),
                    System.getProperty("java.version"))));
    findings.addAll(pipe());
    findings.addAll(stateFolder());
    return findings;
  }

  private List<Finding> pipe() {
    try {
      return pipe(pipeBytes, Pipe.maxSizeBytes()).stream().toList();
    } catch (IOException e) {
      return List.of(
          new Finding(
              MACHINE,
              Verdict.WARNING,
              "How much a pipe may hold cannot be read: " + DurableFile.reason(e) + "."));
    }
  }

  static Optional<Finding> pipe(int wanted, int limit) {
    return wanted <= limit
        ? Optional.empty()
        : Optional.of(
            new Finding(
                MACHINE,
                Verdict.WARNING,
                """
                Pipes hold at most %d bytes, transfer: pipe wants %d: streams are slower than they \
                could be. sysctl -w fs.pipe-max-size=%2$d\
                """
                    .formatted(limit, wanted)));
  }

  private List<Finding> stateFolder() {
    if (Files.notExists(state)) {
      return List.of(
          new Finding(STATE, Verdict.OK, state + " is made by the first start of flockerd."));
    }
    try {
      List<Finding> findings = new ArrayList<>();
      if (Files.getPosixFilePermissions(state).stream().anyMatch(OF_OTHERS::contains)) {
        findings.add(
            new Finding(
                STATE,
                Verdict.WARNING,
                "Others than its owner may look into %1$s: chmod 700 %1$s.".formatted(state)));
      }
      long free = Files.getFileStore(state).getUsableSpace();
      findings.add(
          new Finding(
              STATE,
              free < LITTLE_ROOM ? Verdict.WARNING : Verdict.OK,
              "The disk of %s has %d MiB left%s."
                  .formatted(
                      state,
                      free >> MIB_BITS,
                      free < LITTLE_ROOM
                          ? ": make room, a node that cannot write down what it does refuses it"
                          : "")));
      return findings;
    } catch (IOException e) {
      return List.of(
          new Finding(
              STATE,
              Verdict.FAILURE,
              "%s cannot be looked at: %s.".formatted(state, DurableFile.reason(e))));
    }
  }
}
