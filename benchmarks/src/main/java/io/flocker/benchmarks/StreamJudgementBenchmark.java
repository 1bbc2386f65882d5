package io.flocker.benchmarks;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.zfs.stream.StreamWalker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to judge and to sum one MiB of a stream, beside copying it: the receiver does all
 * three to every byte.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamJudgementBenchmark {
  private static final int MIB = 1 << 20;
  private static final int HEAD_BYTES = 312; // sys/zfs_ioctl.h: sizeof (dmu_replay_record_t)
  private static final int DRR_WRITE = 3; // sys/zfs_ioctl.h
  private static final long MAGIC = 0x2F5bacbacL; // sys/zfs_ioctl.h: DMU_BACKUP_MAGIC
  private static final long TO = 0x1234;

  /** Bytes of one WRITE record's payload: 8 KiB is a database's, 128 KiB ZFS's default. */
  @Param({"8192", "131072"})
  private int recordBytes;

  private final CRC32C sum = new CRC32C();
  private ByteBuffer begin = ByteBuffer.allocateDirect(HEAD_BYTES);
  private ByteBuffer records = ByteBuffer.allocateDirect(MIB);
  private ByteBuffer copy = ByteBuffer.allocateDirect(MIB);
  private StreamWalker walker = walker();

  /** Makes a BEGIN, and a MiB of WRITE records that the walker may pass again and again. */
  @Setup
  public void fill() throws FailureException {
    begin = ByteBuffer.allocateDirect(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    begin.putLong(8, MAGIC).putLong(16, 1).putLong(40, TO);
    int whole = HEAD_BYTES + recordBytes;
    records = ByteBuffer.allocateDirect(MIB / whole * whole).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < records.capacity(); at += whole) {
      records.putInt(at, DRR_WRITE).putLong(at + 32, recordBytes);
    }
    copy = ByteBuffer.allocateDirect(records.capacity());
    walker = walker();
    walker.inspect(begin);
  }

  /** Walks the heads of the records. */
  @Benchmark
  public boolean judge() throws FailureException {
    walker.inspect(records);
    return walker.hasBegun();
  }

  /** Sums every byte. */
  @Benchmark
  public long sum() {
    sum.update(records.duplicate());
    return sum.getValue();
  }

  /** Copies every byte: what the others are held against. */
  @Benchmark
  public ByteBuffer copy() {
    return copy.duplicate().put(records.duplicate());
  }

  private static StreamWalker walker() {
    return new StreamWalker(
        new StreamExpectation(Guid.NONE, List.of(new Guid(TO)), SendFlags.NONE, false));
  }
}
