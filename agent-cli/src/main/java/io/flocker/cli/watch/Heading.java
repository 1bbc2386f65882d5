package io.flocker.cli.watch;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.CopyWords;
import io.flocker.cli.console.ProgressText;
import io.flocker.cli.deploy.Outlook;
import io.flocker.cli.watch.Line.Look;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.volume.Role;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.PeerDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What stays at the top, whatever is scrolled below.
 *
 * @param asked where the node is asked, for as long as it has not said what it is
 * @param now when it is drawn
 * @param zone in which times are told
 */
record Heading(Seen seen, String asked, int columns, Instant now, ZoneId zone) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  /** For how long what has failed is told. */
  private static final Duration NEWS = Duration.ofMinutes(15);

  /** Longer than a node that is only slow takes for an answer. */
  private static final Duration LATE = Duration.ofSeconds(30);

  /** Below it figures matter more than what exactly goes on. */
  private static final int ROOM_FOR_PHASE = 50;

  private static final int PRECISE_SECONDS = 100;

  /** All of it, the most important first, for so many rows. */
  List<Section> sections(int rows) {
    List<Line> old = seen.lost().map(this::lost).or(this::late).map(List::of).orElse(List.of());
    return List.of(
        // That all of it is old has to have room.
        new Section(rows == 1 && !old.isEmpty() ? List.of() : List.of(title())),
        new Section(old),
        Section.of("runs", running()),
        Section.of("peers", peers()),
        Section.of("amiss", amiss()),
        Section.of("failed", failed()),
        Section.of("warns", warnings()),
        Section.of("wish", wish()));
  }

  private Line title() {
    String name = seen.node().map(node -> node.url().getAuthority()).orElse(asked);
    String when = seen.asOf().map(then -> "at " + time(then)).orElse("is being asked");
    String pool = seen.node().map(node -> pool(node.pool())).orElse("");
    return Line.strong(name + "  " + when + "  " + pool);
  }

  private static String pool(NodeDocument.PoolDocument pool) {
    String room =
        pool.sizeBytes().isPresent() && pool.freeBytes().isPresent()
            ? ", %s of %s free"
                .formatted(
                    Amounts.bytes(pool.freeBytes().getAsLong()),
                    Amounts.bytes(pool.sizeBytes().getAsLong()))
            : "";
    return "pool " + pool.name() + " " + pool.health() + room;
  }

  private Line lost(String why) {
    return Line.alarming(
        seen.asOf()
            .map(then -> "%s old: no answer since %s; %s".formatted(age(then), time(then), why))
            .orElse("no answer yet: " + why));
  }

  /** A node that hangs is not lost yet. */
  private Optional<Line> late() {
    return seen.unanswered()
        .filter(then -> then.isBefore(now.minus(LATE)))
        .map(_ ->
            Line.alarming(
                seen.asOf()
                    .map(then -> "%s old: no answer since %s".formatted(age(then), time(then)))
                    .orElse("no answer yet")));
  }

  private List<Line> running() {
    return seen.operations().orElse(List.of()).stream()
        .filter(operation -> !operation.state().isEnd())
        .sorted(
            Comparator.comparing((OperationView operation) -> operation.state())
                .reversed()
                .thenComparing(OperationView::started))
        .map(this::progress)
        .toList();
  }

  private Line progress(OperationView operation) {
    String what = title(operation) + "  ";
    if (operation.state() == OperationState.QUEUED) {
      return Line.of(what + "queued");
    }
    int room = columns - Section.LABEL - what.length();
    return Line.of(
        what
            + (room < ROOM_FOR_PHASE
                ? ProgressText.figures(operation).strip()
                : ProgressText.line(operation, room)));
  }

  private String title(OperationView operation) {
    return operation.kind() + operation.volume().map(id -> " " + seen.name(id)).orElse("");
  }

  private List<Line> peers() {
    return seen.peers().orElse(List.of()).stream()
        .sorted(Comparator.comparing(peer -> peer.reachable().orElse(true)))
        .map(this::peer)
        .toList();
  }

  private Line peer(PeerDocument peer) {
    String since = peer.since().map(then -> " since " + time(then)).orElse("");
    String name = seen.name(peer.node());
    return peer.reachable()
        .map(answers ->
            answers
                ? Line.of(name + " answers" + since)
                : Line.alarming(name + " does not answer" + since))
        .orElse(Line.faint(name + " was not asked yet"));
  }

  /** Volumes of which somebody has to know more than has room in a column. */
  private List<Line> amiss() {
    return VolumeRow.of(seen).stream()
        .filter(row -> row.condition().compareTo(Condition.UNCONFIRMED) <= 0)
        .sorted(Order.STATE.comparator(false))
        .flatMap(row ->
            Section.wrapped(
                "%s %s: %s".formatted(row.name(), row.condition(), row.more()),
                Look.ALARMING,
                columns)
                .stream())
        .toList();
  }

  private List<Line> failed() {
    List<OperationView> all = seen.operations().orElse(List.of());
    return all.stream()
        .filter(operation -> operation.state() == OperationState.FAILED)
        .filter(operation ->
            operation.finished().filter(end -> end.isAfter(now.minus(NEWS))).isPresent())
        .filter(operation -> all.stream().noneMatch(other -> isSettled(operation, other)))
        .filter(operation -> !isTaken(operation))
        .sorted(Comparator.comparing(OperationView::started).reversed())
        .flatMap(operation ->
            Section.wrapped(
                "%s, %s: %s"
                    .formatted(
                        title(operation),
                        time(operation.finished().orElse(now)),
                        operation.problem().map(CopyWords::words).map(seen::named).orElse("")),
                Look.ALARMING,
                columns)
                .stream())
        .toList();
  }

  /** Whether the same has gone well since, to whichever peer, or has failed again and so. */
  private static boolean isSettled(OperationView failed, OperationView later) {
    return later.kind().equals(failed.kind())
        && later.volume().equals(failed.volume())
        && later.started().isAfter(failed.started())
        && (later.state() == OperationState.SUCCEEDED
            || later
                .problem()
                .map(CopyWords::words)
                .equals(failed.problem().map(CopyWords::words)));
  }

  /** Whether it has failed to hand a volume over that is not on its way to anybody any more. */
  private boolean isTaken(OperationView failed) {
    return failed.problem().filter(problem -> problem.containsKey("released")).isPresent()
        && seen.volumes()
            .filter(volumes ->
                volumes.stream()
                    .filter(volume -> failed.volume().equals(Optional.of(volume.id())))
                    .noneMatch(volume -> volume.role() == Role.RELEASED))
            .isPresent();
  }

  private List<Line> warnings() {
    List<String> texts = new ArrayList<>(seen.refused());
    seen.node()
        .ifPresent(node -> {
          node.stuck().forEach(command -> texts.add("does not end: " + String.join(" ", command)));
          node.warnings()
              .forEach(warning -> texts.add(warning.title() + ": " + seen.named(warning.detail())));
        });
    return texts.stream()
        .flatMap(text -> Section.wrapped(text, Look.ALARMING, columns).stream())
        .toList();
  }

  private List<Line> wish() {
    List<Line> lines = new ArrayList<>();
    seen.wish()
        .filter(wish -> wish.generation() > 0 || !wish.isAsWished())
        .ifPresent(wish -> {
          lines.add(
              Line.of(
                  "generation %d: %s"
                      .formatted(
                          wish.generation(),
                          wish.isAsWished() ? "all is as wished" : "not yet as wished")));
          wish.objects().stream()
              .filter(Outlook::isToTell)
              .forEach(object ->
                  lines.add(
                      Line.of(
                          "%s %s: %s"
                              .formatted(
                                  Outlook.name(object), object.state(), Outlook.what(object)))));
        });
    return lines;
  }

  private String age(Instant then) {
    Duration age = Duration.between(then, now);
    return age.toSeconds() < PRECISE_SECONDS
        ? Math.max(0, age.toSeconds()) + " s"
        : Amounts.roughly(age);
  }

  /** The time of a day; the day with it, if that is another one. */
  private String time(Instant then) {
    boolean isToday = then.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
    return (isToday ? TIME : DAY).format(then.atZone(zone));
  }
}
