package io.flocker.zfs.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Words as zfs-fuse 0.7.0 and OpenZFS 2.3.2 wrote them to us, and from the sources of OpenZFS. */
class WordingTest {
  static Stream<Arguments> openZfs() {
    return Stream.of(
        row(
            TransferFailure.STREAM_TRUNCATED,
            """
            cannot receive new filesystem stream: checksum mismatch or incomplete stream.
            Partially received snapshot is saved.
            A resuming stream can be generated on the sending system by running:
                zfs send -t 1-8f2e17309-b8-789c
            """),
        row(
            TransferFailure.STREAM_TRUNCATED,
            "cannot receive new filesystem stream: incomplete stream"),
        row(
            TransferFailure.STREAM_CORRUPT,
            "cannot receive new filesystem stream: checksum mismatch"),
        row(
            TransferFailure.DESTINATION_EXISTS,
            """
            cannot receive new filesystem stream: destination 'tank/cut' exists
            must specify -F to overwrite it
            """),
        row(TransferFailure.SENDER_FAILED, "warning: cannot send 'tank/src@a': signal received"),
        row(StorageFailure.DATASET_NOT_FOUND, "cannot open 'tank/none': dataset does not exist"),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "cannot open 'tank/src@none': dataset does not exist"),
        row(
            StorageFailure.DATASET_EXISTS,
            "cannot create snapshot 'tank/src@a': dataset already exists"),
        row(StorageFailure.POOL_UNAVAILABLE, "cannot create 'nopool/x': no such pool 'nopool'"),
        row(TransferFailure.NOT_A_STREAM, "cannot receive: invalid stream (bad magic number)"),
        row(TransferFailure.STREAM_TRUNCATED, "cannot receive: failed to read from stream"),
        row(
            TransferFailure.DESTINATION_MODIFIED,
            """
            cannot receive incremental stream: destination tank/dst has been modified
            since most recent snapshot
            """),
        row(
            TransferFailure.BASE_MISSING,
            "cannot receive incremental stream: destination 'X' does not exist"),
        row(
            TransferFailure.BASE_MISSING,
            """
            cannot receive incremental stream: most recent snapshot of tank/copy does not
            match incremental source
            """),
        row(
            StorageFailure.QUOTA_EXCEEDED,
            "cannot receive new filesystem stream: destination tank/small/x space quota exceeded."),
        row(StorageFailure.NO_SPACE, "cannot receive new filesystem stream: out of space"),
        row(
            StorageFailure.RESUME_TOKEN_CORRUPT,
            "cannot resume send: resume token is corrupt (incorrect checksum)"),
        row(
            StorageFailure.RESUME_IMPOSSIBLE,
            "cannot resume send: 'tank/r@b' used in the initial send no longer exists"),
        row(
            StorageFailure.RESUME_IMPOSSIBLE,
            "cannot resume send: 'tank/r@b' is no longer the same snapshot used in the initial"
                + " send"),
        row(
            StorageFailure.RESUME_IMPOSSIBLE,
            "cannot resume send: incremental source 0x3476f8c3a0fa1902 no longer exists"),
        row(
            StorageFailure.SNAPSHOT_HELD,
            "cannot destroy snapshot tank/src@a: it's being held. Run 'zfs holds -r tank/src@a' to"
                + " see holders."),
        row(
            StorageFailure.KEY_UNAVAILABLE,
            "warning: cannot send 'tank/enc@a': dataset key must be loaded"),
        row(StorageFailure.KEY_UNAVAILABLE, "cannot mount 'tank/enc': encryption key not loaded"),
        row(
            StorageFailure.KEY_UNAVAILABLE,
            "cannot receive incremental stream: inherited key must be loaded"),
        row(StorageFailure.DATASET_BUSY, "Key unload error: 'tank/enc' is busy."),
        row(StorageFailure.DATASET_BUSY, "cannot unmount '/mnt/copy': pool or dataset is busy"),
        row(StorageFailure.DATASET_BUSY, "cannot destroy 'tank/conc': dataset is busy"),
        row(StorageFailure.DATASET_BUSY, "cannot destroy 'tank/rr/%recv': dataset is busy"),
        row(
            TransferFailure.RECEIVE_IN_PROGRESS,
            "cannot receive resume stream: destination tank/rr contains partially-complete state"
                + " from \"zfs receive -s\"."),
        row(
            TransferFailure.STREAM_TRUNCATED,
            "cannot receive resume stream: checksum mismatch or incomplete stream."),
        row(
            StorageFailure.DATASET_BUSY,
            """
            cannot destroy 'tank/rr@a': snapshot has dependent clones
            use '-R' to destroy the following datasets:
            tank/rr/%recv
            """),
        row(StorageFailure.PERMISSION_DENIED, "cannot destroy snapshots: permission denied"),
        row(
            TransferFailure.RECEIVE_IN_PROGRESS,
            "cannot receive incremental stream: destination tank/rr contains partially-complete"
                + " state from \"zfs receive -s\"."),
        row(
            StorageFailure.LARGE_BLOCKS_CHANGED,
            "cannot receive incremental stream: incremental send stream requires -L"
                + " (--large-block), to match previous receive."),
        row(
            StorageFailure.POOL_FEATURE_MISSING,
            "cannot receive new filesystem stream: pool must be upgraded to receive this stream."),
        row(
            StorageFailure.RAW_CHAIN_BROKEN,
            "cannot receive incremental stream: cannot perform raw receive on top of existing"
                + " unencrypted dataset"),
        row(
            StorageFailure.RAW_CHAIN_BROKEN,
            "cannot receive incremental stream: IV set guid mismatch. See the 'zfs receive' man"
                + " page"),
        row(
            TransferFailure.STREAM_UNSUPPORTED,
            "cannot receive: kernel modules must be upgraded to receive this stream."),
        row(
            StorageFailure.DATASET_EXISTS,
            "cannot hold snapshot 'tank/src@a': tag already exists on this dataset"),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "cannot release hold from snapshot 'tank/src@a': no such tag on this dataset"),
        row(StorageFailure.DATASET_EXISTS, "cannot create bookmark 'tank/src#a': bookmark exists"),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "could not find any snapshots to destroy; check snapshot names."),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "'tank/rr' does not have any resumable receive state to abort"),
        row(
            TransferFailure.SENDER_FAILED,
            "warning: cannot send 'tank/src@a': not an earlier snapshot from the same fs"),
        row(
            StorageFailure.ZFS_UNAVAILABLE,
            """
            The ZFS modules are not loaded.
            Try running '/sbin/modprobe zfs' as root to load them.
            """));
  }

  static Stream<Arguments> zfsFuse() {
    return Stream.of(
        row(StorageFailure.DATASET_NOT_FOUND, "cannot open 'tank/none': dataset does not exist"),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "WARNING: could not send tank/src@none: does not exist"),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "warning: cannot send 'tank/src@d': incremental source (@c) does not exist"),
        row(
            StorageFailure.DATASET_EXISTS,
            "cannot create snapshot 'tank/src@a': dataset already exists"),
        row(StorageFailure.POOL_UNAVAILABLE, "cannot create 'nopool/x': no such pool 'nopool'"),
        row(
            TransferFailure.DESTINATION_EXISTS,
            """
            cannot receive new filesystem stream: destination 'tank/dst' exists
            must specify -F to overwrite it
            """),
        row(
            TransferFailure.DESTINATION_EXISTS,
            """
            cannot receive new filesystem stream: destination has snapshots (eg. tank/dst@a)
            must destroy them to overwrite it
            """),
        row(
            TransferFailure.STREAM_TRUNCATED,
            "cannot receive new filesystem stream: invalid backup stream"),
        row(TransferFailure.NOT_A_STREAM, "cannot receive: invalid stream (bad magic number)"),
        row(TransferFailure.STREAM_TRUNCATED, "cannot receive: failed to read from stream"),
        row(
            TransferFailure.DESTINATION_MODIFIED,
            """
            cannot receive incremental stream: destination tank/dst has been modified
            since most recent snapshot
            """),
        row(
            TransferFailure.BASE_MISSING,
            """
            cannot receive incremental stream: most recent snapshot of tank/src does not
            match incremental source
            """),
        row(StorageFailure.DATASET_BUSY, "cannot destroy 'tank/src@a': dataset is busy"),
        row(StorageFailure.DATASET_BUSY, "cannot rename 'tiny/conc': dataset is busy"),
        row(
            StorageFailure.DATASET_BUSY,
            """
            umount: /mnt/src: target is busy.
            cannot unmount '/mnt/src': umount failed: umount child process failed
            """),
        row(
            StorageFailure.DATASET_BUSY,
            """
            cannot destroy 'tank/copy': filesystem has children
            use '-r' to destroy the following datasets:
            tank/copy@a
            """),
        row(TransferFailure.SENDER_FAILED, "warning: cannot send 'tank/src@a': Broken pipe"),
        row(StorageFailure.NO_SPACE, "cannot receive new filesystem stream: out of space"),
        row(
            TransferFailure.STREAM_CORRUPT,
            "cannot receive new filesystem stream: invalid stream (checksum mismatch)"),
        row(
            TransferFailure.STREAM_UNSUPPORTED,
            "cannot receive: stream has unsupported feature, feature flags = 4"),
        row(
            StorageFailure.DATASET_EXISTS,
            "cannot hold 'tank/src@a': tag already exists on this dataset"),
        row(
            StorageFailure.DATASET_NOT_FOUND,
            "cannot release 'flk:op:1' from 'tank/src@a': no such tag on this dataset"),
        row(
            StorageFailure.ZFS_UNAVAILABLE,
            """
            connect: No such file or directory
            Please make sure that the zfs-fuse daemon is running.
            internal error: failed to initialize ZFS library
            """),
        row(
            StorageFailure.ZFS_UNAVAILABLE,
            """
            connect: Connection refused
            Please make sure that the zfs-fuse daemon is running.
            internal error: failed to initialize ZFS library
            """),
        row(StorageFailure.ZFS_UNAVAILABLE, "internal error: Connection reset by peer"));
  }

  private static Arguments row(Failure meaning, String stderr) {
    return Arguments.of(meaning, stderr);
  }

  @ParameterizedTest
  @MethodSource({"openZfs", "zfsFuse"})
  void isUnderstood(Failure meaning, String stderr) {
    assertEquals(Optional.of(meaning), Wording.meaning(stderr));
  }

  @Test
  void isNoGuessWhereItIsNotKnown() {
    assertEquals(Optional.empty(), Wording.meaning("invalid option 'n'\nusage:\n\tsend [-RDp]"));
    assertEquals(Optional.empty(), Wording.meaning(""));
  }
}
