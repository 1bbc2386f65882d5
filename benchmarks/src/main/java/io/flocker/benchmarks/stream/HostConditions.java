package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The machine, as far as figures depend on it.
 *
 * @param busyCores how many cores others kept busy just before
 */
public record HostConditions(
    LocalDate date, int cores, String kernel, String java, double busyCores) {
  private static final double BUSY = 0.1;
  private static final long LOOK_MILLIS = 2000;

  /** Looks for two seconds. */
  public static HostConditions look() throws IOException, InterruptedException {
    double before = ProcessFigures.machine();
    Thread.sleep(LOOK_MILLIS);
    double busy = (ProcessFigures.machine() - before) * 1000 / LOOK_MILLIS;
    return new HostConditions(
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
        Runtime.version().toString(),
        busy);
  }

  /** Whether others' work makes all absolute figures doubtful. */
  public boolean isBusy() {
    return busyCores > BUSY;
  }

  /** For readers. */
  public String text() {
    return "%s, %d cores, Linux %s, Java %s, %s"
        .formatted(
            date,
            cores,
            kernel,
            java,
            isBusy()
                ? "**busy**: others kept %.1f cores at work".formatted(busyCores)
                : "otherwise quiet");
  }

  /** For programs. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("date", date.toString());
    document.put("cores", cores);
    document.put("kernel", kernel);
    document.put("java", java);
    document.put("busyCores", busyCores);
    return document;
  }
}
