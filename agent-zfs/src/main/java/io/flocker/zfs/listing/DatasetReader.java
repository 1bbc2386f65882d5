package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
  private static final String OF_MOUNTS =
      String.join(
          ",",
          "mounted",
          "mountpoint",
          "readonly",
          "canmount",
          VolumeProperties.QUOTA,
          VolumeProperties.KEPT_QUOTA);
  private static final List<String> OF_HEADS =
      List.of("guid", "type", ORIGIN, OwnershipRecord.PROPERTY);
  private static final List<String> OF_DATASETS =
      Stream.concat(
              Stream.of(
                  "guid",
                  "type",
                  "used",
                  "referenced",
                  VolumeProperties.QUOTA,
                  "mounted",
                  "mountpoint",
                  "readonly",
                  ORIGIN,
                  VolumeProperties.KEPT_QUOTA,
                  OwnershipRecord.PROPERTY),
              VolumeProperties.INHERITABLE.stream().sorted())
          .toList();

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
    return read(parent, 2, name -> parentOf(name).equals(parent));
  }

  /** Which file systems are directly below {@code parent}: one command. */
  public List<DatasetHead> heads(String parent) throws FailureException {
    List<String> types = dialect.hasTypedGet() ? List.of("-t", "filesystem,volume") : List.of();
    List<DatasetHead> heads = new ArrayList<>();
    get(
        parent,
        1,
        types,
        OF_HEADS,
        table -> {
          String name = table.name();
          if (sign(name) < 0 && parentOf(name).equals(parent) && isFileSystem(table)) {
            heads.add(head(table));
          }
        });
    return List.copyOf(heads);
  }

  /** One file system; empty when there is none of that name. */
  public Optional<Dataset> one(String name) throws FailureException {
    try {
      return read(name, 1, name::equals).stream().findFirst();
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.DATASET_NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** How a dataset is mounted, which must exist: one command, which looks at no snapshot. */
  public MountView mount(String name) throws FailureException {
    PropertyTable table =
        PropertyTable.of(zfs.run("get", "-Hp", "-o", PropertyTable.COLUMNS, OF_MOUNTS, name));
    return new MountView(
        name,
        table.value("mounted").equals("yes"),
        table.find("mountpoint").map(Property::value).flatMap(DatasetReader::path),
        table.value("readonly").equals("on"),
        table
            .find("canmount")
            .filter(Property::isLocal)
            .filter(canmount -> canmount.value().equals("noauto"))
            .isPresent(),
        table.number(VolumeProperties.QUOTA),
        keptQuota(table));
  }

  /** One snapshot, which must exist. */
  public Snapshot snapshot(String fullName) throws FailureException {
    return snapshot(
        PropertyTable.of(
            zfs.run(
                "get",
                "-Hp",
                "-o",
                PropertyTable.COLUMNS,
                String.join(",", OF_SNAPSHOTS),
                fullName)));
  }

  private List<Dataset> read(String root, int depth, Predicate<String> isWanted)
      throws FailureException {
    Listing found = new Listing(isWanted);
    if (dialect.hasTypedGet()) {
      get(root, depth, List.of("-t", "filesystem,volume"), ofDatasets(), found::addDataset);
      String points = dialect.capabilities().canBookmark() ? "snapshot,bookmark" : "snapshot";
      get(root, depth, List.of("-t", points), OF_SNAPSHOTS, found::addPoint);
    } else {
      List<String> all =
          Stream.concat(ofDatasets().stream(), OF_SNAPSHOTS.stream()).distinct().toList();
      get(
          root,
          depth,
          List.of(),
          all,
          table -> {
            if (sign(table.name()) < 0) {
              found.addDataset(table);
            } else {
              found.addPoint(table);
            }
          });
    }
    return found.datasets();
  }

  private List<String> ofDatasets() {
    return dialect.hasResumeToken()
        ? Stream.concat(OF_DATASETS.stream(), Stream.of(RESUME_TOKEN)).toList()
        : OF_DATASETS;
  }

  private void get(
      String root,
      int depth,
      List<String> types,
      List<String> properties,
      PropertyRows.TableConsumer tables)
      throws FailureException {
    List<String> arguments = new ArrayList<>(List.of("get", "-Hp", "-d", Integer.toString(depth)));
    arguments.addAll(types);
    arguments.addAll(List.of("-o", PropertyTable.COLUMNS, String.join(",", properties), root));
    PropertyRows rows = new PropertyRows(tables);
    zfs.read(rows, arguments);
    rows.end();
  }

  /** What is kept of a listing while it comes in. */
  private final class Listing {
    private final Predicate<String> isWanted;
    private final Map<String, List<Snapshot>> snapshots = new HashMap<>();
    private final Map<String, List<Bookmark>> bookmarks = new HashMap<>();
    private final Map<String, List<String>> children = new HashMap<>();
    private final List<PropertyTable> wanted = new ArrayList<>();

    private Listing(Predicate<String> isWanted) {
      this.isWanted = isWanted;
    }

    void addDataset(PropertyTable table) throws FailureException {
      String parent = parentOf(table.name());
      if (isWanted.test(parent)) {
        children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(table.name());
      }
      if (sign(table.name()) < 0 && isWanted.test(table.name()) && isFileSystem(table)) {
        wanted.add(table);
      }
    }

    /** A dataset that appears between the two commands has points alone, and is left out. */
    void addPoint(PropertyTable table) throws FailureException {
      int sign = sign(table.name());
      String dataset = table.name().substring(0, Math.max(0, sign));
      if (isWanted.test(dataset) && table.name().charAt(sign) == '@') {
        snapshots.computeIfAbsent(dataset, _ -> new ArrayList<>()).add(snapshot(table));
      } else if (isWanted.test(dataset)) {
        bookmarks.computeIfAbsent(dataset, _ -> new ArrayList<>()).add(bookmark(table));
      }
    }

    List<Dataset> datasets() throws FailureException {
      List<Dataset> datasets = new ArrayList<>();
      for (PropertyTable table : wanted) {
        datasets.add(
            dataset(
                table,
                List.copyOf(children.getOrDefault(table.name(), List.of())),
                snapshots.getOrDefault(table.name(), List.of()),
                bookmarks.getOrDefault(table.name(), List.of())));
      }
      return List.copyOf(datasets);
    }
  }

  private Dataset dataset(
      PropertyTable table,
      List<String> children,
      List<Snapshot> snapshots,
      List<Bookmark> bookmarks)
      throws FailureException {
    DatasetHead head = head(table);
    return new Dataset(
        head.name(),
        head.guid(),
        head.record(),
        table.value("mounted").equals("yes"),
        table.find("mountpoint").map(Property::value).flatMap(DatasetReader::path),
        table.value("readonly").equals("on"),
        children,
        table.number("used"),
        table.number("referenced"),
        table.number(VolumeProperties.QUOTA),
        table.find(RESUME_TOKEN).map(Property::value),
        snapshots.stream().sorted(Comparator.comparingLong(Snapshot::createtxg)).toList(),
        bookmarks.stream().sorted(Comparator.comparingLong(Bookmark::createtxg)).toList(),
        head.isRecordUnreadable(),
        head.origin(),
        keptQuota(table),
        settings(table));
  }

  private static Map<String, String> settings(PropertyTable table) {
    Map<String, String> settings = new HashMap<>();
    for (String name : VolumeProperties.INHERITABLE) {
      table
          .find(name)
          .filter(Property::isLocal)
          .ifPresent(setting -> settings.put(name, setting.value()));
    }
    return Map.copyOf(settings);
  }

  private static OptionalLong keptQuota(PropertyTable table) {
    return table.find(VolumeProperties.KEPT_QUOTA).filter(Property::isLocal).stream()
        .mapToLong(kept -> VolumeProperties.keptBytes(kept.value()))
        .findFirst();
  }

  private DatasetHead head(PropertyTable table) throws FailureException {
    Guid guid = table.guid();
    Optional<Property> record = table.find(OwnershipRecord.PROPERTY);
    return new DatasetHead(
        table.name(),
        guid,
        record.flatMap(property -> records.read(table.name(), guid, property)),
        record.filter(Records::isUnreadable).isPresent(),
        table.find(ORIGIN).map(Property::value));
  }

  private static boolean isFileSystem(PropertyTable table) throws FailureException {
    return table.value("type").equals("filesystem");
  }

  private static Snapshot snapshot(PropertyTable table) throws FailureException {
    return new Snapshot(
        table.name().substring(sign(table.name()) + 1),
        table.guid(),
        table.number("createtxg"),
        Instant.ofEpochSecond(table.number("creation")));
  }

  private static Bookmark bookmark(PropertyTable table) throws FailureException {
    return new Bookmark(
        table.name().substring(sign(table.name()) + 1), table.guid(), table.number("createtxg"));
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
