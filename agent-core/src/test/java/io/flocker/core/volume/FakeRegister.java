package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A register in memory, which may be broken. */
public final class FakeRegister implements VolumeRegister {
  private final Map<VolumeId, Map<String, String>> metadata = new ConcurrentHashMap<>();
  private final Map<VolumeId, Long> tombstones = new ConcurrentHashMap<>();

  private volatile Optional<FailureException> failure = Optional.empty();

  /** Fails whoever asks for, or writes, what is said of a volume; with empty it heals. */
  public void fail(Optional<FailureException> why) {
    failure = why;
  }

  private void requireWhole() throws FailureException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** All that it knows, to be compared. */
  List<String> state() {
    List<String> state = new ArrayList<>();
    tombstones.forEach((volume, epoch) -> state.add("tombstone " + volume + " " + epoch));
    metadata.forEach(
        (volume, written) -> state.add("metadata " + volume + " " + new TreeMap<>(written)));
    Collections.sort(state);
    return state;
  }

  @Override
  public Map<String, String> metadata(VolumeId volume) throws FailureException {
    requireWhole();
    return new HashMap<>(metadata.getOrDefault(volume, Map.of()));
  }

  @Override
  public Map<VolumeId, Map<String, String>> metadata() {
    return Map.copyOf(metadata);
  }

  @Override
  public void describe(VolumeId volume, Map<String, String> written) throws FailureException {
    requireWhole();
    if (written.isEmpty()) {
      metadata.remove(volume);
    } else {
      metadata.put(volume, Map.copyOf(written));
    }
  }

  @Override
  public void bury(VolumeId volume, long epoch) {
    tombstones.put(volume, epoch);
    metadata.remove(volume);
  }

  @Override
  public void exhume(VolumeId volume, OptionalLong tombstone, Map<String, String> written) {
    tombstones.remove(volume);
    tombstone.ifPresent(epoch -> tombstones.put(volume, epoch));
    metadata.remove(volume);
    if (!written.isEmpty()) {
      metadata.put(volume, Map.copyOf(written));
    }
  }

  @Override
  public OptionalLong tombstone(VolumeId volume) {
    Long epoch = tombstones.get(volume);
    return epoch == null ? OptionalLong.empty() : OptionalLong.of(epoch);
  }
}
