package io.flocker.core.volume;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * What a copy is called that was set aside: {@code <name>.superseded-<utc>} where an operator has
 * chosen another one, {@code <name>.diverged-<utc>} where it had changed by itself. A dataset of
 * such a name that bears no record is nobody's volume, to be looked at, cloned or destroyed.
 */
final class SetAsideName {
  private static final String SUPERSEDED = ".superseded-";
  private static final String DIVERGED = ".diverged-";
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern FORM =
      Pattern.compile(".+\\.(superseded|diverged)-[0-9]{8}T[0-9]{6}Z");

  private SetAsideName() {}

  /** Whether a copy was set aside under that name. */
  static boolean is(VolumeName name) {
    return FORM.matcher(name.id()).matches();
  }

  /** What the superseded copy of {@code name} is called, its end cut where it would be too long. */
  static VolumeName of(VolumeName name, Instant now) {
    return named(name, SUPERSEDED, now);
  }

  /** The same of one that has changed by itself. */
  static VolumeName ofDiverged(VolumeName name, Instant now) {
    return named(name, DIVERGED, now);
  }

  /** Whether {@code aside} is what a copy of {@code name} is called that has changed by itself. */
  static boolean isOfDiverged(VolumeName name, VolumeName aside) {
    VolumeName any = ofDiverged(name, Instant.EPOCH);
    int common = any.id().length() - UTC.format(Instant.EPOCH).length();
    return is(aside)
        && aside.namespace().equals(name.namespace())
        && aside.id().startsWith(any.id().substring(0, common));
  }

  private static VolumeName named(VolumeName name, String mark, Instant now) {
    String end = mark + UTC.format(now);
    int room = VolumeName.MAX_LENGTH - name.namespace().length() - 1 - end.length();
    String id = name.id().length() <= room ? name.id() : name.id().substring(0, room);
    return new VolumeName(name.namespace(), id + end);
  }
}
