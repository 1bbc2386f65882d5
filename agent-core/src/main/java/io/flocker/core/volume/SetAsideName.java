package io.flocker.core.volume;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * What a superseded copy is called once an operator has chosen another one: {@code
 * <name>.superseded-<utc>}. A dataset of such a name that bears no record is nobody's volume, to be
 * looked at, cloned or destroyed.
 */
final class SetAsideName {
  private static final String MARK = ".superseded-";
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern FORM = Pattern.compile(".+\\.superseded-[0-9]{8}T[0-9]{6}Z");

  private SetAsideName() {}

  /** Whether a copy was set aside under that name. */
  static boolean is(VolumeName name) {
    return FORM.matcher(name.id()).matches();
  }

  /** What the copy of {@code name} is called, its end cut where it would be too long. */
  static VolumeName of(VolumeName name, Instant now) {
    String end = MARK + UTC.format(now);
    int room = VolumeName.MAX_LENGTH - name.namespace().length() - 1 - end.length();
    String id = name.id().length() <= room ? name.id() : name.id().substring(0, room);
    return new VolumeName(name.namespace(), id + end);
  }
}
