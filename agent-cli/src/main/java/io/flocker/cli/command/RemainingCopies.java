package io.flocker.cli.command;

import io.flocker.core.id.NodeId;
import io.flocker.http.api.VolumeDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The copies of a volume that stay when its owner's is destroyed.
 *
 * @param volume its id, by which the copies are found
 * @param holders who was sent it, as far as its owner remembers
 */
record RemainingCopies(String volume, List<NodeId> holders, PeerNames names) {
  static final RemainingCopies NONE = new RemainingCopies("", List.of(), PeerNames.of(List.of()));

  /** Those of {@code volume}. */
  static RemainingCopies of(VolumeDocument volume, PeerNames names) {
    return new RemainingCopies(volume.id().toString(), volume.copies(), names);
  }

  /** Who has them, for whoever decides; empty where nobody has. */
  String sentence() {
    return holders.isEmpty()
        ? ""
        : "Copies stay at "
            + holders.stream().map(names::whole).collect(Collectors.joining(", "))
            + ".";
  }

  /** These lines, then who has a copy, and how each is removed. */
  List<String> after(List<String> lines) {
    List<String> told = new ArrayList<>(lines);
    for (NodeId holder : holders) {
      told.add(
          "a copy stays at node %s; to remove it: flocker volume destroy %s --replica --url %s"
              .formatted(names.whole(holder), volume, names.url(holder)));
    }
    return told;
  }
}
