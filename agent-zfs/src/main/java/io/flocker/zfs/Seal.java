package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps datasets as copies, and ends that: see {@link Storage#seal}. The user property {@value
 * VolumeProperties#KEPT_QUOTA} is set first and taken away last, so that whatever is cut short in
 * between is found and done again. Any thread may call; the caller has the dataset alone.
 */
final class Seal {
  /** What could do harm on a node that only keeps the data. */
  private static final List<String> OFF = List.of("setuid", "devices", "exec");

  private static final String CANMOUNT = "canmount";
  private static final String READONLY = "readonly";

  private final DatasetProperties properties;

  Seal(DatasetProperties properties) {
    this.properties = properties;
  }

  /** Keeps the dataset as a copy that is set to {@code wanted}; asks once, sets what differs. */
  void close(String dataset, Map<String, String> wanted) throws FailureException {
    Map<String, String> now = properties.local(dataset, inspected());
    keepQuota(dataset, now, wanted);
    demand(dataset, now, CANMOUNT, "noauto");
    demand(dataset, now, READONLY, "on");
    for (String name : OFF) {
      demand(dataset, now, name, "off");
    }
    for (String name : VolumeProperties.INHERITABLE) {
      if (wanted.containsKey(name)) {
        follow(dataset, now, name, wanted.get(name));
      }
    }
  }

  /**
   * Gives the volume back what its copy had to do without.
   *
   * @param inForceBytes the quota that limits the copy
   * @param quotaBytes that of the volume
   * @throws FailureException {@code QUOTA_TOO_SMALL} for what is in it; nothing was changed then
   */
  void open(String dataset, long inForceBytes, long quotaBytes) throws FailureException {
    if (inForceBytes != quotaBytes) {
      properties.set(dataset, VolumeProperties.QUOTA, VolumeProperties.quota(quotaBytes));
    }
    allow(dataset);
    properties.inherit(dataset, VolumeProperties.KEPT_QUOTA);
  }

  /** The same for one whose content takes more than its quota: no more may come. */
  void openOverfull(Dataset dataset, FailureException why) throws FailureException {
    String wanted = VolumeProperties.quota(dataset.limitBytes());
    tellLeft(dataset.name(), VolumeProperties.QUOTA, wanted, why);
    String least = Long.toString(dataset.referencedBytes());
    properties.set(dataset.name(), VolumeProperties.QUOTA, least);
    allow(dataset.name());
  }

  private void allow(String dataset) throws FailureException {
    for (String name : OFF) {
      properties.inherit(dataset, name);
    }
  }

  private static Set<String> inspected() {
    Set<String> names = new HashSet<>(OFF);
    names.addAll(VolumeProperties.INHERITABLE);
    names.addAll(List.of(CANMOUNT, READONLY, VolumeProperties.QUOTA, VolumeProperties.KEPT_QUOTA));
    return names;
  }

  private void keepQuota(String dataset, Map<String, String> now, Map<String, String> wanted)
      throws FailureException {
    String inForce = now.getOrDefault(VolumeProperties.QUOTA, VolumeProperties.NONE);
    String kept = now.getOrDefault(VolumeProperties.KEPT_QUOTA, inForce);
    long bytes = VolumeProperties.keptBytes(wanted.getOrDefault(VolumeProperties.QUOTA, kept));
    demand(dataset, now, VolumeProperties.KEPT_QUOTA, VolumeProperties.quota(bytes));
    if (VolumeProperties.keptBytes(inForce) != 0) {
      properties.set(dataset, VolumeProperties.QUOTA, VolumeProperties.NONE);
    }
  }

  private void demand(String dataset, Map<String, String> now, String name, String value)
      throws FailureException {
    if (!value.equals(now.get(name))) {
      properties.set(dataset, name, value);
    }
  }

  /** A value that only newer ZFS knows is no reason to lose the copy. */
  private void follow(String dataset, Map<String, String> now, String name, String value) {
    try {
      if (!value.equals(VolumeProperties.INHERITED)) {
        demand(dataset, now, name, value);
      } else if (now.containsKey(name)) {
        properties.inherit(dataset, name);
      }
    } catch (FailureException e) {
      tellLeft(dataset, name, value, e);
    }
  }

  private static void tellLeft(String dataset, String name, String value, FailureException why) {
    Action.message(
        MessageType.VOLUME_PROPERTY_LEFT,
        Map.of("dataset", dataset, "property", name + "=" + value, "reason", why.detail()));
  }
}
