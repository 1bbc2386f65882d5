package io.flocker.cli.watch;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.CopyWords;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.http.api.VolumeDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What is shown of a volume.
 *
 * @param owner as people call it
 * @param lagSeconds of the copy that is furthest behind; empty where none is followed, or nothing
 *     is known of that
 * @param usedBytes empty of a volume that has no dataset here
 * @param more where its copies are, what keeps those that are not current, and what to do
 */
record VolumeRow(
    String name,
    String owner,
    Condition condition,
    OptionalDouble lagSeconds,
    OptionalLong usedBytes,
    String more) {
  /** All volumes that are known, in no order. */
  static List<VolumeRow> of(Seen seen) {
    if (seen.volumes().isEmpty()) {
      return List.of();
    }
    Map<VolumeId, List<CopyStatus>> copies =
        seen.copies().orElse(List.of()).stream()
            .collect(
                Collectors.groupingBy(CopyStatus::volume, LinkedHashMap::new, Collectors.toList()));
    List<VolumeRow> rows = new ArrayList<>();
    for (VolumeDocument volume : seen.volumes().orElseThrow()) {
      List<CopyStatus> followed = copies.getOrDefault(volume.id(), List.of());
      copies.remove(volume.id());
      rows.add(
          new VolumeRow(
              volume.name().toString(),
              seen.name(volume.owner()),
              Condition.of(volume, followed),
              lag(followed),
              OptionalLong.of(volume.usedBytes()),
              more(volume, followed, seen)));
    }
    // One with a policy whose dataset is gone is told of by its copies alone.
    copies
        .values()
        .forEach(followed ->
            rows.add(
                new VolumeRow(
                    followed.getFirst().name().toString(),
                    "-",
                    Condition.of(followed),
                    lag(followed),
                    OptionalLong.empty(),
                    String.join("; ", words(followed, seen)))));
    return rows;
  }

  /** What is searched by a filter. */
  boolean has(String words) {
    return String.join(" ", name, owner, condition.toString(), more)
        .toLowerCase(Locale.ROOT)
        .contains(words.toLowerCase(Locale.ROOT));
  }

  String behind() {
    return lagSeconds.isPresent() ? Amounts.seconds(lagSeconds.getAsDouble()) : "-";
  }

  String used() {
    return usedBytes.isPresent() ? Amounts.bytes(usedBytes.getAsLong()) : "-";
  }

  private static OptionalDouble lag(List<CopyStatus> copies) {
    return copies.stream().mapToDouble(CopyStatus::lagSeconds).max();
  }

  private static String more(VolumeDocument volume, List<CopyStatus> followed, Seen seen) {
    List<String> parts = new ArrayList<>();
    volume.mountReason().map(seen::named).ifPresent(parts::add);
    parts.addAll(words(followed, seen));
    if (seen.copies().isPresent()) {
      List<NodeId> peers = followed.stream().map(CopyStatus::peer).toList();
      volume.copies().stream()
          .filter(copy -> !peers.contains(copy))
          .forEach(copy -> parts.add(seen.name(copy) + " by pushes alone"));
    }
    return String.join("; ", parts);
  }

  /** A word of each copy, the worst first. */
  private static List<String> words(List<CopyStatus> copies, Seen seen) {
    return copies.stream()
        .sorted(Comparator.comparing(Condition::of))
        .map(copy -> {
          String there = seen.name(copy.peer());
          return switch (copy.state()) {
            case CURRENT -> there;
            default ->
                "%s %s, waits for %s"
                    .formatted(there, copy.state(), seen.named(CopyWords.why(copy)));
          };
        })
        .toList();
  }
}
