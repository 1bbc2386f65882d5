package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.probe.Dialect;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Lists datasets with their snapshots and bookmarks, in one command or two. Any thread may call;
 * use a virtual one.
 */
public final class DatasetReader {
  private static final String RESUME_TOKEN = "receive_resume_token";
  private static final String ORIGIN = "origin";
  private static final List<String> OF_SNAPSHOTS = List.of("guid", "createtxg", "creation");
  private static final List<String> OF_DATASETS =
      List.of(
          "guid",
          "type",
          "used",
          "referenced",
          "refquota",
          "mounted",
          "mountpoint",
          "readonly",
          ORIGIN,
          VolumeProperties.KEPT_QUOTA,
          OwnershipRecord.PROPERTY);

  private final ZfsTool zfs;
  private final Dialect dialect;
  private final Records records = new Records();

  /** A reader that speaks {@code dialect}. */
  public DatasetReader(ZfsTool zfs, Dialect dialect) {
    this.zfs = zfs;
    this.dialect = dialect;
  }

  /** The file systems directly below {@code parent}. */
  public List<Dataset> below(String parent) throws FailureException {
    PropertyTable table = read(parent, 2);
    return datasets(table, name -> parentOf(name).equals(parent));
  }

  /** One file system; empty when there is none of that name. */
  public Optional<Dataset> one(String name) throws FailureException {
    try {
      return datasets(read(name, 1), name::equals).stream().findFirst();
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.DATASET_NOT_FOUND) {
        throw e;
      }
      requirePool(name);
      return Optional.empty();
    }
  }

  /** One snapshot, which must exist. */
  public Snapshot snapshot(String fullName) throws FailureException {
    PropertyTable table = new PropertyTable();
    table.add(
        zfs.run(
            "get", "-Hp", "-o", PropertyTable.COLUMNS, String.join(",", OF_SNAPSHOTS), fullName));
    return snapshot(table, fullName);
  }

  /** A pool that is not imported has no datasets either, and must not pass for an empty one. */
  private void requirePool(String name) throws FailureException {
    int slash = name.indexOf('/');
    String pool = slash < 0 ? name : name.substring(0, slash);
    if (!zfs.ask("get", "-Hp", "-o", "value", "guid", pool).isSuccess()) {
      throw StorageFailure.ZFS_UNAVAILABLE.because("the pool " + pool + " is not imported");
    }
  }

  private PropertyTable read(String root, int depth) throws FailureException {
    PropertyTable table = new PropertyTable();
    if (dialect.hasTypedGet()) {
      table.add(get(root, depth, List.of("-t", "filesystem,volume"), ofDatasets()));
      String points = dialect.capabilities().canBookmark() ? "snapshot,bookmark" : "snapshot";
      table.add(get(root, depth, List.of("-t", points), OF_SNAPSHOTS));
    } else {
      List<String> all =
          Stream.concat(ofDatasets().stream(), OF_SNAPSHOTS.stream()).distinct().toList();
      table.add(get(root, depth, List.of(), all));
    }
    return table;
  }

  private List<String> ofDatasets() {
    return dialect.hasResumeToken()
        ? Stream.concat(OF_DATASETS.stream(), Stream.of(RESUME_TOKEN)).toList()
        : OF_DATASETS;
  }

  private String get(String root, int depth, List<String> types, List<String> properties)
      throws FailureException {
    List<String> arguments = new ArrayList<>(List.of("get", "-Hp", "-d", Integer.toString(depth)));
    arguments.addAll(types);
    arguments.addAll(List.of("-o", PropertyTable.COLUMNS, String.join(",", properties), root));
    return zfs.run(arguments.toArray(String[]::new));
  }

  private List<Dataset> datasets(PropertyTable table, Predicate<String> isWanted)
      throws FailureException {
    Map<String, List<Snapshot>> snapshots = new HashMap<>();
    Map<String, List<Bookmark>> bookmarks = new HashMap<>();
    Set<String> parents = new HashSet<>();
    List<String> wanted = new ArrayList<>();
    for (String name : table.names()) {
      int sign = sign(name);
      String dataset = sign < 0 ? name : name.substring(0, sign);
      if (sign < 0) {
        parents.add(parentOf(name));
        // What appears between the two commands has points in time, and no dataset here yet.
        if (isWanted.test(name) && isFileSystem(table, name)) {
          wanted.add(name);
        }
      } else if (isWanted.test(dataset) && name.charAt(sign) == '@') {
        snapshots.computeIfAbsent(dataset, _ -> new ArrayList<>()).add(snapshot(table, name));
      } else if (isWanted.test(dataset)) {
        bookmarks.computeIfAbsent(dataset, _ -> new ArrayList<>()).add(bookmark(table, name));
      }
    }
    List<Dataset> datasets = new ArrayList<>();
    for (String name : wanted) {
      datasets.add(
          dataset(
              table,
              name,
              parents.contains(name),
              snapshots.getOrDefault(name, List.of()),
              bookmarks.getOrDefault(name, List.of())));
    }
    return List.copyOf(datasets);
  }

  private Dataset dataset(
      PropertyTable table,
      String name,
      boolean hasChildren,
      List<Snapshot> snapshots,
      List<Bookmark> bookmarks)
      throws FailureException {
    Guid guid = table.guid(name);
    return new Dataset(
        name,
        guid,
        table
            .find(name, OwnershipRecord.PROPERTY)
            .flatMap(property -> records.read(name, guid, property)),
        table.value(name, "mounted").equals("yes"),
        table.find(name, "mountpoint").map(Property::value).flatMap(DatasetReader::path),
        table.value(name, "readonly").equals("on"),
        hasChildren,
        table.number(name, "used"),
        table.number(name, "referenced"),
        table.number(name, "refquota"),
        table.find(name, RESUME_TOKEN).map(Property::value),
        snapshots.stream().sorted(Comparator.comparingLong(Snapshot::createtxg)).toList(),
        bookmarks.stream().sorted(Comparator.comparingLong(Bookmark::createtxg)).toList(),
        table.find(name, OwnershipRecord.PROPERTY).filter(Records::isUnreadable).isPresent(),
        table.find(name, ORIGIN).map(Property::value),
        keptQuota(table, name));
  }

  private static OptionalLong keptQuota(PropertyTable table, String name) {
    return table.find(name, VolumeProperties.KEPT_QUOTA).filter(Property::isLocal).stream()
        .mapToLong(kept -> VolumeProperties.keptBytes(kept.value()))
        .findFirst();
  }

  private static boolean isFileSystem(PropertyTable table, String name) throws FailureException {
    return table.value(name, "type").equals("filesystem");
  }

  private static Snapshot snapshot(PropertyTable table, String name) throws FailureException {
    return new Snapshot(
        name.substring(sign(name) + 1),
        table.guid(name),
        table.number(name, "createtxg"),
        Instant.ofEpochSecond(table.number(name, "creation")));
  }

  private static Bookmark bookmark(PropertyTable table, String name) throws FailureException {
    return new Bookmark(
        name.substring(sign(name) + 1), table.guid(name), table.number(name, "createtxg"));
  }

  private static Optional<Path> path(String mountpoint) {
    return mountpoint.startsWith("/") ? Optional.of(Path.of(mountpoint)) : Optional.empty();
  }

  /** Where the sign of a snapshot or bookmark stands; -1 in the name of a dataset. */
  private static int sign(String name) {
    int at = name.indexOf('@');
    return at >= 0 ? at : name.indexOf('#');
  }

  private static String parentOf(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }
}
