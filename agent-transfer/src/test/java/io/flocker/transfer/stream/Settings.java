package io.flocker.transfer.stream;

import java.time.Duration;
import java.util.OptionalLong;

/** Settings for tests: patient where a test does not wait for impatience. */
public final class Settings {
  static final TransferSettings PATIENT = TransferSettings.defaults();

  private Settings() {}

  /** Heartbeats, and how long nothing may be heard. */
  public static TransferSettings beating(Duration heartbeat, Duration silence) {
    return new TransferSettings(
        PATIENT.pipeBytes(),
        PATIENT.readBytes(),
        heartbeat,
        silence,
        PATIENT.stall(),
        PATIENT.idle(),
        PATIENT.brokenGrace(),
        PATIENT.rate());
  }

  static TransferSettings stallingAfter(Duration stall) {
    return new TransferSettings(
        PATIENT.pipeBytes(),
        PATIENT.readBytes(),
        PATIENT.heartbeat(),
        PATIENT.silence(),
        stall,
        PATIENT.idle(),
        PATIENT.brokenGrace(),
        PATIENT.rate());
  }

  /** How long a sender may bring nothing and say nothing. */
  public static TransferSettings idleAfter(Duration idle) {
    return new TransferSettings(
        PATIENT.pipeBytes(),
        PATIENT.readBytes(),
        PATIENT.heartbeat(),
        PATIENT.silence(),
        PATIENT.stall(),
        idle,
        PATIENT.brokenGrace(),
        PATIENT.rate());
  }

  /** Waits for as long as it takes until a child that has closed its stdin has ended. */
  static TransferSettings gracious() {
    return new TransferSettings(
        PATIENT.pipeBytes(),
        PATIENT.readBytes(),
        PATIENT.heartbeat(),
        PATIENT.silence(),
        PATIENT.stall(),
        PATIENT.idle(),
        PATIENT.stall(),
        PATIENT.rate());
  }

  static TransferSettings sendingAt(long bytesPerSecond) {
    return new TransferSettings(
        PATIENT.pipeBytes(),
        PATIENT.readBytes(),
        PATIENT.heartbeat(),
        PATIENT.silence(),
        PATIENT.stall(),
        PATIENT.idle(),
        PATIENT.brokenGrace(),
        RateSource.of(OptionalLong.of(bytesPerSecond)));
  }
}
