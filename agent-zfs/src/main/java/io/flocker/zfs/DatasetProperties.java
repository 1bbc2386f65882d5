package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.zfs.command.ZfsTool;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads and sets properties of datasets, one at a time: zfs-fuse cannot set two. */
final class DatasetProperties {
  private static final String COLUMNS = "property,value,source";

  private final ZfsTool zfs;

  DatasetProperties(ZfsTool zfs) {
    this.zfs = zfs;
  }

  /** The values of {@code names} that are set on the dataset itself, not inherited. */
  Map<String, String> local(String dataset, Set<String> names) throws FailureException {
    Map<String, String> local = new TreeMap<>();
    String listed = String.join(",", new TreeSet<>(names));
    for (String line : zfs.run("get", "-Hp", "-o", COLUMNS, listed, dataset).lines().toList()) {
      String[] columns = line.split("\t", -1);
      if (columns.length == 3 && columns[2].equals("local")) {
        local.put(columns[0], columns[1]);
      }
    }
    return local;
  }

  void set(String dataset, String name, String value) throws FailureException {
    String _ = zfs.run("set", name + "=" + value, dataset);
  }

  /** Takes a property's own value away: what it inherits, or the default, counts then. */
  void inherit(String dataset, String name) throws FailureException {
    String _ = zfs.run("inherit", name, dataset);
  }
}
