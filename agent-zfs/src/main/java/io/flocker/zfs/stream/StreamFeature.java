package io.flocker.zfs.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Feature bits of a stream: DMU_BACKUP_FEATURE_* of {@code include/sys/zfs_ioctl.h}. */
enum StreamFeature {
  DEDUP(0),
  DEDUPPROPS(1),
  SA_SPILL(2),
  EMBED_DATA(16),
  LZ4(17),
  LARGE_BLOCKS(19),
  RESUMING(20),
  REDACTED(21),
  COMPRESSED(22),
  LARGE_DNODE(23),
  RAW(24),
  ZSTD(25),
  HOLDS(26),
  SWITCH_TO_LARGE_BLOCKS(27),
  LONGNAME(28),
  LARGE_MICROZAP(29);

  private final int number;

  StreamFeature(int number) {
    this.number = number;
  }

  /** The bit in a header's feature flags. */
  long bit() {
    return 1L << number;
  }

  /** All bits of {@code features}. */
  static long bits(Collection<StreamFeature> features) {
    return features.stream().mapToLong(StreamFeature::bit).reduce(0, (all, bit) -> all | bit);
  }

  /** Names of the bits that are set, {@code bit 40} for one without a name. */
  static List<String> names(long bits) {
    List<String> names = new ArrayList<>();
    for (int number = 0; number < Long.SIZE; number++) {
      if ((bits & (1L << number)) != 0) {
        names.add(name(number));
      }
    }
    return names;
  }

  private static String name(int number) {
    Predicate<StreamFeature> isIt = feature -> feature.number == number;
    return Arrays.stream(values()).filter(isIt).findFirst().map(Enum::name).orElse("bit " + number);
  }
}
