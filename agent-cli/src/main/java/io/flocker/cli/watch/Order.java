package io.flocker.cli.watch;

import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** By what volumes are sorted; those of which that is not known come last, whichever way. */
enum Order {
  NAME,
  LAG,
  SIZE,
  STATE;

  /** The one after it, in a circle. */
  Order next() {
    return switch (this) {
      case NAME -> LAG;
      case LAG -> SIZE;
      case SIZE -> STATE;
      case STATE -> NAME;
    };
  }

  /** Names from the first on; of the others the worst, and the largest, first. */
  Comparator<VolumeRow> comparator(boolean reversed) {
    Comparator<VolumeRow> byName = Comparator.comparing(VolumeRow::name);
    Comparator<VolumeRow> order =
        switch (this) {
          case NAME -> turned(byName, reversed);
          case LAG ->
              Comparator.comparing((VolumeRow row) -> row.lagSeconds().isEmpty())
                  .thenComparing(most(row -> row.lagSeconds().orElse(0), reversed));
          case SIZE ->
              Comparator.comparing((VolumeRow row) -> row.usedBytes().isEmpty())
                  .thenComparing(most(row -> row.usedBytes().orElse(0), reversed));
          case STATE -> turned(Comparator.comparing(VolumeRow::condition), reversed);
        };
    return order.thenComparing(byName);
  }

  private static Comparator<VolumeRow> most(ToDoubleFunction<VolumeRow> figure, boolean reversed) {
    return turned(Comparator.comparingDouble(figure).reversed(), reversed);
  }

  private static Comparator<VolumeRow> turned(Comparator<VolumeRow> order, boolean reversed) {
    return reversed ? order.reversed() : order;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
