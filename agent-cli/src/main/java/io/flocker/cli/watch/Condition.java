package io.flocker.cli.watch;

import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.volume.MountStatus;
import io.flocker.http.api.VolumeDocument;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How a volume is, all in all, the worst first: one that somebody should look at, or not. */
enum Condition {
  CONTESTED(true),
  SUPERSEDED(true),
  HINDERED(true),
  FAILED(true),
  DRIFTED(true),
  STALLED(true),
  UNCONFIRMED(true),
  UNMOUNTED(true),
  BEHIND(true),
  RELEASED(true),
  NEW(false),
  MOUNTING(false),
  CURRENT(false),
  MOUNTED(false),
  REPLICA(false);

  private final boolean alarming;

  Condition(boolean alarming) {
    this.alarming = alarming;
  }

  boolean isAlarming() {
    return alarming;
  }

  /** The worst of what is said of a volume. */
  static Condition of(VolumeDocument volume, List<CopyStatus> copies) {
    return Stream.concat(Stream.of(here(volume)), copies.stream().map(Condition::of))
        .min(Comparator.naturalOrder())
        .orElse(MOUNTED);
  }

  /** The worst of some copies; {@link #MOUNTED} where there are none. */
  static Condition of(List<CopyStatus> copies) {
    return copies.stream().map(Condition::of).min(Comparator.naturalOrder()).orElse(MOUNTED);
  }

  static Condition of(CopyStatus copy) {
    return switch (copy.state()) {
      case NEW -> NEW;
      case CURRENT -> CURRENT;
      case BEHIND -> BEHIND;
      case STALLED -> STALLED;
      case FAILED -> FAILED;
      case HINDERED -> HINDERED;
      case DRIFTED -> DRIFTED;
    };
  }

  private static Condition here(VolumeDocument volume) {
    return switch (volume.role()) {
      case CONTESTED -> CONTESTED;
      case SUPERSEDED -> SUPERSEDED;
      case RELEASED -> RELEASED;
      case OWNER -> mounted(volume.mountState());
      case REPLICA -> REPLICA;
    };
  }

  private static Condition mounted(MountStatus.State state) {
    return switch (state) {
      case MOUNTED -> MOUNTED;
      case MOUNTING -> MOUNTING;
      case UNCONFIRMED -> UNCONFIRMED;
      case FAILED -> FAILED;
      case UNMOUNTED -> UNMOUNTED;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
