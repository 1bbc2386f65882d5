package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may write a volume, as the pools themselves tell: whoever has it mounted, and whoever's
 * daemon would mount it when it starts.
 */
final class Writers {
  private Writers() {}

  /**
   * At most one of the two. The one that may become a writer is looked at first: what it is not yet
   * the other may cease to be meanwhile, but not the other way round.
   */
  static void requireAtMostOne(VolumeId volume, TestNode next, TestNode owner) throws Exception {
    boolean isNext = isWriter(next, volume);
    boolean isOwner = isWriter(owner, volume);
    assertTrue(!isNext || !isOwner, "two nodes can write volume " + volume);
  }

  /** The record in the node's pool. */
  static Optional<OwnershipRecord> record(TestNode node, VolumeId volume) throws Exception {
    return copy(node, volume).map(copy -> OwnershipRecord.parse(owner(copy)));
  }

  private static boolean isWriter(TestNode node, VolumeId volume) throws Exception {
    Optional<Map<String, String>> copy = copy(node, volume);
    if (copy.isEmpty()) {
      return false;
    }
    OwnershipRecord record = OwnershipRecord.parse(owner(copy.get()));
    boolean isOwner = record.node().equals(node.id()) && record.state() == OwnershipState.OWNED;
    return isOwner || "yes".equals(copy.get().get("mounted"));
  }

  /** Properties of the dataset that bears the volume's record. */
  private static Optional<Map<String, String>> copy(TestNode node, VolumeId volume)
      throws Exception {
    Map<String, Map<String, String>> datasets = new LinkedHashMap<>();
    Zfs.run(
            "get",
            "-Hp",
            "-d",
            "1",
            "-o",
            "name,property,value",
            "mounted," + OwnershipRecord.PROPERTY,
            node.pool().name())
        .lines()
        .map(line -> line.split("\t", -1))
        .forEach(fields ->
            datasets.computeIfAbsent(fields[0], _ -> new HashMap<>()).put(fields[1], fields[2]));
    return datasets.values().stream()
        .filter(properties -> owner(properties).contains(volume.toString()))
        .findFirst();
  }

  private static String owner(Map<String, String> properties) {
    return properties.getOrDefault(OwnershipRecord.PROPERTY, "");
  }
}
