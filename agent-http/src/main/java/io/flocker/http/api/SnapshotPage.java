package io.flocker.http.api;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Snapshot;
import io.flocker.http.route.EntityTag;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A part of a volume's snapshots, newest first.
 *
 * @param next where the next part begins; empty for the last one
 */
record SnapshotPage(List<Snapshot> snapshots, Optional<Cursor> next) {
  /**
   * The last snapshot of a page: newer ones do not move it, and it is found although it is gone.
   *
   * @param createtxg orders the snapshots of a pool
   */
  record Cursor(long createtxg, Guid guid) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,15})-([0-9a-f]{16})");

    static Cursor parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("'" + text + "' is no next of an earlier page");
      }
      return new Cursor(Long.parseLong(matcher.group(1), 16), Guid.parse(matcher.group(2)));
    }

    @Override
    public String toString() {
      return Long.toHexString(createtxg) + "-" + guid;
    }
  }

  /**
   * The page that follows {@code cursor}; the first one if it is empty.
   *
   * @param oldestFirst all snapshots of the volume
   */
  static SnapshotPage of(List<Snapshot> oldestFirst, Optional<Cursor> cursor, int limit) {
    List<Snapshot> all = oldestFirst.reversed();
    int start = cursor.map(last -> after(all, last)).orElse(0);
    int end = Math.min(all.size(), start + limit);
    List<Snapshot> page = all.subList(start, end);
    return new SnapshotPage(
        page,
        end < all.size()
            ? Optional.of(new Cursor(page.getLast().createtxg(), page.getLast().guid()))
            : Optional.empty());
  }

  /** The same at every node that holds these snapshots. */
  EntityTag tag() {
    return EntityTag.of(
        snapshots.stream().map(snapshot -> snapshot.guid() + " " + snapshot.name()).toList(),
        List.of(next.isPresent()));
  }

  private static int after(List<Snapshot> all, Cursor last) {
    return IntStream.range(0, all.size())
        .filter(i -> all.get(i).guid().equals(last.guid()))
        .map(i -> i + 1)
        .findFirst()
        .orElseGet(() ->
            (int)
                all.stream().filter(snapshot -> snapshot.createtxg() >= last.createtxg()).count());
  }
}
