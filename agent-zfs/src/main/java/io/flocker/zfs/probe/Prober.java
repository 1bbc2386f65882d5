package io.flocker.zfs.probe;

import io.flocker.core.failure.FailureException;
import io.flocker.core.process.Output;
import io.flocker.core.storage.Capabilities;
import io.flocker.zfs.command.ZfsTool;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks ZFS what it can do: seven commands, none of which changes anything. */
public final class Prober {
  private static final String FEATURE = "feature@";
  private static final int FEATURE_FIELDS = 3; // feature@name value source
  private static final Set<String> USABLE = Set.of("enabled", "active"); // zpool-features(7)

  /** Wrong arguments, for which zfs-fuse 0.7 and OpenZFS write a usage text alike. */
  private static final String NO_SUCH_OPTION = "-@";

  /** Of OpenZFS, such as {@code zfs-2.3.2-2}, or {@code zfs-kmod-2.3.2} of its module. */
  private static final Pattern VERSION = Pattern.compile("zfs-(?:kmod-)?(\\d{1,4})\\.(\\d{1,4})");

  private final ZfsTool zfs;
  private final ZfsTool zpool;
  private final String pool;

  /** A prober of {@code pool}. */
  public Prober(ZfsTool zfs, ZfsTool zpool, String pool) {
    this.zfs = zfs;
    this.zpool = zpool;
    this.pool = pool;
  }

  /** What there is; takes a moment, so ask once. */
  public Dialect probe() throws FailureException {
    // Fails when ZFS does not answer, before silence is taken for inability.
    Set<String> features = poolFeatures(zpool.run("get", "all", pool));
    Set<String> send = usage("send").flags();
    Set<String> receive = usage("receive").flags();
    Usage get = usage("get");
    String version = version();
    boolean canResume =
        resumesReliably(version)
            && receive.containsAll(List.of("s", "A"))
            && send.contains("t")
            && features.contains("extensible_dataset");
    boolean canEstimate = send.containsAll(List.of("n", "P", "v"));
    Capabilities capabilities =
        new Capabilities(
            version, send, receive, features, canResume, canBookmark(features), canEstimate);
    return new Dialect(
        capabilities,
        get.flags().contains("t"),
        get.hasProperty("receive_resume_token"),
        hasTemporaryMount(),
        hasCleanRanges(send));
  }

  /** {@code -l} (load keys) came with the mounts of the kernel's own ZFS; zfs-fuse has no keys. */
  private boolean hasTemporaryMount() throws FailureException {
    return usage("mount").flags().contains("l");
  }

  /** {@code send -n} came after the holds that the kernel ends with the process. */
  private static boolean hasCleanRanges(Set<String> sendFlags) {
    return sendFlags.contains("n");
  }

  /** What knew how to resume before that failed at it (openzfs#10439 and its like). */
  private static boolean resumesReliably(String version) {
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.lookingAt()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    return major > 2 || (major == 2 && minor >= 1);
  }

  private boolean canBookmark(Set<String> features) throws FailureException {
    boolean isKnown = usage("bookmark").text().contains("bookmark <snapshot");
    return isKnown && features.contains("bookmarks");
  }

  private String version() throws FailureException {
    Output output = zfs.ask("version");
    return output.isSuccess()
        ? output.stdout().lines().findFirst().orElse("unknown").strip()
        : "unknown";
  }

  private Usage usage(String subcommand) throws FailureException {
    return new Usage(zfs.ask(subcommand, NO_SUCH_OPTION).stderr());
  }

  /** The table of {@code zpool get all}, in the form that zfs-fuse has too: no -H, no -p. */
  private Set<String> poolFeatures(String table) {
    Set<String> features = new TreeSet<>();
    table
        .lines()
        .filter(line -> line.startsWith(pool + " "))
        .map(line -> List.of(line.substring(pool.length()).strip().split(" +", FEATURE_FIELDS)))
        .filter(fields -> fields.size() == FEATURE_FIELDS)
        .filter(fields -> fields.getFirst().startsWith(FEATURE) && USABLE.contains(fields.get(1)))
        .forEach(fields -> features.add(fields.getFirst().substring(FEATURE.length())));
    return Set.copyOf(features);
  }
}
