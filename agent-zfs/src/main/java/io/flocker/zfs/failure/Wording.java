package io.flocker.zfs.failure;

import static java.util.regex.Pattern.DOTALL;

import io.flocker.core.failure.Excerpt;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Fragments of what {@code zfs} and {@code zpool} write to stderr, and what each means; zfs-fuse
 * 0.7, OpenZFS 2.1 and 2.3. The first that is found counts: the special stand before the general.
 */
public final class Wording {
  /**
   * {@code Run 'zfs holds -r tank/a@b' to see holders.}; or a lead-in to a command that follows.
   */
  private static final Pattern ADVICE =
      Pattern.compile("Run '[^']*'[^.]*\\.|A resuming stream can be generated.*");

  /** Two names of ZFS and what is between them. */
  private static final int LONGEST_SUMMARY = 1_024;

  private record Rule(Pattern fragment, Failure failure) {}

  private static final List<Rule> RULES =
      List.of(
          // Nobody there.
          rule("failed to initialize ZFS library", StorageFailure.ZFS_UNAVAILABLE),
          rule("modules are not loaded", StorageFailure.ZFS_UNAVAILABLE),
          rule("zfs-fuse daemon is running", StorageFailure.ZFS_UNAVAILABLE),
          rule("internal error: Connection re", StorageFailure.ZFS_UNAVAILABLE),
          rule("no such pool", StorageFailure.POOL_UNAVAILABLE),
          rule("pool I/O is currently suspended", StorageFailure.POOL_UNAVAILABLE),
          rule("pool is unavailable", StorageFailure.POOL_UNAVAILABLE),
          rule("permission denied", StorageFailure.PERMISSION_DENIED),

          // Resume.
          rule("resume token is corrupt", StorageFailure.RESUME_TOKEN_CORRUPT),
          rule("used in the initial send no longer exists", StorageFailure.RESUME_IMPOSSIBLE),
          rule("is no longer the same snapshot", StorageFailure.RESUME_IMPOSSIBLE),
          rule("cannot resume send.*no longer exists", StorageFailure.RESUME_IMPOSSIBLE),
          rule("partially-complete state", TransferFailure.RECEIVE_IN_PROGRESS),

          // Encryption.
          rule("IV set guid", StorageFailure.RAW_CHAIN_BROKEN),
          rule("raw receive on top of existing unencrypted", StorageFailure.RAW_CHAIN_BROKEN),
          rule("spill block flag missing for raw send", StorageFailure.RAW_CHAIN_BROKEN),
          rule("to destroy an encrypted filesystem", TransferFailure.DESTINATION_EXISTS),
          rule("Key unload error.*busy", StorageFailure.DATASET_BUSY),
          rule("key must be loaded", StorageFailure.KEY_UNAVAILABLE),
          rule("key not loaded", StorageFailure.KEY_UNAVAILABLE),
          rule("encryption key does not match", StorageFailure.KEY_UNAVAILABLE),
          rule("failed to create encryption key", StorageFailure.KEY_UNAVAILABLE),

          // Space.
          rule("less than current used", OwnershipFailure.QUOTA_TOO_SMALL),
          rule("quota exceeded", StorageFailure.QUOTA_EXCEEDED),
          rule("out of space", StorageFailure.NO_SPACE),
          rule("no space left", StorageFailure.NO_SPACE),

          // What is at the receiver.
          rule("requires -L", StorageFailure.LARGE_BLOCKS_CHANGED),
          rule("has been modified\\s+since most recent", TransferFailure.DESTINATION_MODIFIED),
          rule("does not\\s+match\\s+incremental source", TransferFailure.BASE_MISSING),
          rule(
              "cannot receive incremental stream: destination '[^']*' does not exist",
              TransferFailure.BASE_MISSING),
          rule("must specify -F to overwrite", TransferFailure.DESTINATION_EXISTS),
          rule("must destroy them to overwrite", TransferFailure.DESTINATION_EXISTS),
          rule("destination already exists", TransferFailure.DESTINATION_EXISTS),
          rule("resuming recv on existing dataset", TransferFailure.DESTINATION_EXISTS),

          // What is in the stream.
          rule("bad magic number", TransferFailure.NOT_A_STREAM),
          rule("stream has unsupported feature", TransferFailure.STREAM_UNSUPPORTED),
          rule("kernel modules must be upgraded", TransferFailure.STREAM_UNSUPPORTED),
          rule("incompatible embedded data", TransferFailure.STREAM_UNSUPPORTED),
          rule("pool must be upgraded", StorageFailure.POOL_FEATURE_MISSING),
          rule("stream not compatible with pool", StorageFailure.POOL_FEATURE_MISSING),
          rule("incomplete stream", TransferFailure.STREAM_TRUNCATED),
          rule("invalid backup stream", TransferFailure.STREAM_TRUNCATED),
          rule("failed to read from stream", TransferFailure.STREAM_TRUNCATED),
          rule("checksum mismatch", TransferFailure.STREAM_CORRUPT),

          // What is at the sender.
          rule("not an earlier snapshot", TransferFailure.SENDER_FAILED),
          rule("is not earlier than it", TransferFailure.SENDER_FAILED),
          rule("cannot send .*(signal received|Broken pipe)", TransferFailure.SENDER_FAILED),

          // Datasets and snapshots.
          rule("invalid character .* in name", RequestFailure.MALFORMED_REQUEST),
          rule("(self|parent) reference", RequestFailure.MALFORMED_REQUEST),
          rule("name is too long", RequestFailure.MALFORMED_REQUEST),
          rule("it's being held", StorageFailure.SNAPSHOT_HELD),
          rule("already exists", StorageFailure.DATASET_EXISTS),
          rule("bookmark exists", StorageFailure.DATASET_EXISTS),
          rule("does not exist", StorageFailure.DATASET_NOT_FOUND),
          rule("could not find any snapshots", StorageFailure.DATASET_NOT_FOUND),
          rule("no such tag", StorageFailure.DATASET_NOT_FOUND),
          rule("not have any resumable receive state", StorageFailure.DATASET_NOT_FOUND),
          rule("has children", StorageFailure.DATASET_BUSY),
          rule("has dependent clones", StorageFailure.DATASET_BUSY),
          rule("busy", StorageFailure.DATASET_BUSY));

  private Wording() {}

  /** What {@code stderr} means; empty for words that are not known. */
  public static Optional<Failure> meaning(String stderr) {
    return RULES.stream()
        .filter(rule -> rule.fragment().matcher(stderr).find())
        .map(Rule::failure)
        .findFirst();
  }

  /**
   * What ZFS says of the reason: its first two lines, for a usage text follows them; without the
   * commands that it advises. Empty if it says nothing.
   */
  public static String summary(String stderr) {
    String lines = String.join(" ", stderr.strip().lines().limit(2).map(String::strip).toList());
    return Excerpt.of(ADVICE.matcher(lines).replaceAll("").strip(), LONGEST_SUMMARY);
  }

  private static Rule rule(String fragment, Failure failure) {
    return new Rule(Pattern.compile(fragment, DOTALL | Pattern.CASE_INSENSITIVE), failure);
  }
}
