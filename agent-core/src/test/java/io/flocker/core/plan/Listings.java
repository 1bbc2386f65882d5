package io.flocker.core.plan;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Short words for listings, so that a scenario reads as it is told. */
public final class Listings {
  public static final Capabilities OLD_ZFS =
      new Capabilities("0.7", Set.of(), Set.of(), Set.of(), false, false, false);
  public static final Capabilities NEW_ZFS =
      new Capabilities(
          "2.3",
          Set.of("L", "e", "c", "w"),
          Set.of("s"),
          Set.of("large_blocks", "embedded_data", "lz4_compress", "zstd_compress"),
          true,
          true,
          true);

  private Listings() {}

  /** A snapshot whose name, guid and age all follow from one number. */
  public static Snapshot snapshot(int number) {
    return snapshot("s" + number, number, number);
  }

  public static Snapshot snapshot(String name, long guid, long createtxg) {
    return new Snapshot(name, new Guid(guid), createtxg, Instant.EPOCH);
  }

  public static Bookmark bookmark(String name, int number) {
    return new Bookmark(name, new Guid(number), number);
  }

  public static SenderView sender(Snapshot... snapshots) {
    return new SenderView("tank/a", List.of(snapshots), List.of(), OLD_ZFS, Optional.empty());
  }

  public static ReceiverView receiver(Snapshot... snapshots) {
    return new ReceiverView(true, List.of(snapshots), Optional.empty(), OLD_ZFS);
  }

  public static ReceiverView noReceiver() {
    return new ReceiverView(false, List.of(), Optional.empty(), OLD_ZFS);
  }
}
