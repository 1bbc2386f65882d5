package io.flocker.zfs.stream;

/** Types of records, in the order of their numbers: {@code dmu_replay_record.drr_type}. */
enum RecordType {
  BEGIN,
  OBJECT,
  FREEOBJECTS,
  WRITE,
  FREE,
  END,
  WRITE_BYREF,
  SPILL,
  WRITE_EMBEDDED,
  OBJECT_RANGE,
  REDACT;

  private static final RecordType[] ALL = values();

  /** Whether {@code number} is a type that is known here. */
  static boolean isKnown(int number) {
    return number >= 0 && number < ALL.length;
  }

  /** The type of that number, which must be known. */
  static RecordType of(int number) {
    return ALL[number];
  }
}
