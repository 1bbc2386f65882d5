package io.flocker.core.storage;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.stream.StreamInspector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One node's pool. Every method may block on child processes for as long as its deadline allows:
 * call it on a virtual thread, never on an event loop. Any thread may call.
 *
 * <p>Every method throws {@link FailureException} with a {@code StorageFailure} when ZFS refuses,
 * is missing, or does not answer in time. Datasets are given by their full names.
 */
public interface Storage {
  /** What ZFS can do here; probed once. */
  Capabilities capabilities() throws FailureException;

  /** The pool's name; asks nobody. */
  String poolName();

  /** The pool as it is now. */
  Pool pool() throws FailureException;

  /** How many bytes the pool has left. */
  long freeBytes() throws FailureException;

  /** Marks the pool as {@code node}'s. */
  void markPool(NodeId node) throws FailureException;

  /**
   * Makes what lives below the pool's root read-only unless it says otherwise, and never mounts the
   * root: {@code readonly=on} and {@code canmount=off} there.
   */
  void guardPool() throws FailureException;

  /** All datasets directly below the pool's root, in a number of commands that does not grow. */
  List<Dataset> datasets() throws FailureException;

  /**
   * Which datasets are directly below the pool's root: one command, which does not look at their
   * snapshots.
   */
  List<DatasetHead> heads() throws FailureException;

  /** One dataset; empty when there is none of that name. One command or two. */
  Optional<Dataset> dataset(String name) throws FailureException;

  /**
   * Makes an empty dataset that is not mounted: {@code canmount=noauto}, readonly inherited.
   *
   * @param quotaBytes refquota; 0 is none
   */
  void create(String dataset, Path mountpoint, long quotaBytes) throws FailureException;

  /**
   * Makes a dataset out of a snapshot, not mounted: {@code canmount=noauto}, no mountpoint,
   * readonly inherited.
   *
   * @param quotaBytes refquota; 0 is none
   */
  void cloneSnapshot(String dataset, String snapshot, String clone, long quotaBytes)
      throws FailureException;

  /** Writes the ownership record: one {@code zfs set}, the commit of every change of owner. */
  void setRecord(String dataset, OwnershipRecord record) throws FailureException;

  /** Takes a dataset's ownership record away. */
  void removeRecord(String dataset) throws FailureException;

  /** Takes a snapshot and returns it as ZFS lists it. */
  Snapshot snapshot(String dataset, String snapshot) throws FailureException;

  /** Takes a snapshot, for a caller who looks at the dataset next. */
  void takeSnapshot(String dataset, String snapshot) throws FailureException;

  /** Destroys one snapshot; a missing one is no failure. */
  void destroySnapshot(String dataset, String snapshot) throws FailureException;

  /** Gives a snapshot another name, whoever holds it. */
  void renameSnapshot(String dataset, String from, String to) throws FailureException;

  /**
   * Takes an unmounted dataset back to one of its snapshots.
   *
   * @param isNewerLost whether newer snapshots and bookmarks are destroyed; else they make it fail
   */
  void rollBack(String dataset, String snapshot, boolean isNewerLost) throws FailureException;

  /**
   * Who holds snapshots of the dataset, by snapshot; in two commands, or one more for each few
   * hundred that are held.
   */
  Map<String, Holds> holds(String dataset) throws FailureException;

  /** Holds a snapshot; a hold of that tag that exists is no failure. */
  void hold(String dataset, String snapshot, String tag) throws FailureException;

  /**
   * Releases a hold; a missing hold or snapshot is no failure.
   *
   * @throws FailureException {@code DATASET_NOT_FOUND}: the dataset may bear another name by now,
   *     and its snapshot be held
   */
  void release(String dataset, String snapshot, String tag) throws FailureException;

  /**
   * Remembers a snapshot as a bookmark. The same name with the same guid is no failure.
   *
   * @throws FailureException also where {@link Capabilities#canBookmark} is false
   */
  void bookmark(String dataset, String snapshot, String bookmark) throws FailureException;

  /** Forgets a bookmark; a missing one is no failure. */
  void destroyBookmark(String dataset, String bookmark) throws FailureException;

  /** Sets a property. */
  void setProperty(String dataset, String name, String value) throws FailureException;

  /** Sets how much the dataset's content may take; 0 is no limit. */
  void setQuota(String dataset, long quotaBytes) throws FailureException;

  /** Destroys an unmounted dataset with all its snapshots; children make it fail. */
  void destroy(String dataset) throws FailureException;

  /** Renames an unmounted dataset; retried for 10 s, as zfs-fuse needs. */
  void rename(String from, String to) throws FailureException;

  /** Sets readonly on or off. */
  void setReadonly(String dataset, boolean isReadonly) throws FailureException;

  /**
   * Keeps a dataset as a copy of what somebody else may write: no boot mounts it, it is read-only,
   * no quota keeps a stream out of it, and nothing in it is a program, a device or anybody's right.
   * Its quota is kept for {@link #mountWritable}. Changes only what is not so; may be repeated.
   *
   * @param properties what it shall be set to, see {@link VolumeProperties}; what they do not name
   *     stays. One that this ZFS does not know is logged and left
   */
  void seal(String dataset, Map<String, String> properties) throws FailureException;

  /**
   * Grants writing for as long as it stays mounted: ends the seal, sets canmount and mountpoint,
   * then mounts writable; one that is mounted writable there is no failure. Makes missing folders.
   *
   * @throws FailureException {@code MOUNTPOINT_OCCUPIED} where something would be hidden, {@code
   *     MOUNTPOINT_UNUSABLE}
   */
  void mountWritable(String dataset, Path mountpoint) throws FailureException;

  /** Mounts a read-only dataset where its mountpoint says; one that is mounted is no failure. */
  void mountReadonly(String dataset) throws FailureException;

  /**
   * Unmounts, never by force; one that is not mounted is no failure.
   *
   * @throws FailureException {@code DATASET_BUSY} while a process uses it
   */
  void unmount(String dataset) throws FailureException;

  /** The device number of a mounted dataset, as {@code st_dev} has it. */
  long device(Path mountpoint) throws FailureException;

  /**
   * Whether a {@code send -I} leaves nothing behind when it is ended by force. Elsewhere it leaves
   * a hold on each snapshot of its range, which nobody can list.
   */
  boolean canSendRanges() throws FailureException;

  /** Bytes that the send would make; empty where unknown. */
  OptionalLong estimate(SendRequest request) throws FailureException;

  /**
   * Bytes that were written to a dataset since a snapshot or bookmark of it; empty where this ZFS
   * does not count them.
   *
   * @param base with its sign, such as {@code @a} or {@code #b}
   */
  OptionalLong written(String dataset, String base) throws FailureException;

  /**
   * Starts {@code zfs send}; its stdout is the child's pipe.
   *
   * @param pipeBytes wanted capacity of the pipe, set before the child starts
   */
  Child send(SendRequest request, int pipeBytes) throws FailureException;

  /**
   * Starts {@code zfs receive -u} (and {@code -s} where probed); its stdin is the child's pipe.
   * Never {@code -F}: a copy that was changed here makes it fail and stays as it is.
   */
  Child receive(String dataset, int pipeBytes) throws FailureException;

  /**
   * What is there once a receive has failed and its child has ended: the copy as it was, with saved
   * state where this ZFS keeps that. Waits until half a copy, which is no use, is gone; and, where
   * this ZFS goes on without its command, for what that had begun, which may be a whole snapshot.
   *
   * @param before the latest snapshot as it was before the receive
   */
  Optional<Dataset> afterFailedReceive(String dataset, Optional<Snapshot> before)
      throws FailureException;

  /** Drops the saved state of a cut receive; none is no failure. */
  void abandonReceive(String dataset) throws FailureException;

  /** Judges a stream as it passes; see {@link StreamInspector}. */
  StreamInspector inspector(StreamExpectation expectation);

  /**
   * Reads a resume token without asking ZFS; a {@link FailureException} says what is wrong with it.
   */
  ResumeState decodeResumeToken(String token) throws FailureException;

  /** Whether what a dataset holds is encrypted on disk, so that raw streams of it are, too. */
  boolean isEncrypted(String dataset) throws FailureException;

  /** Whether nobody can read what a dataset holds before its key is loaded. */
  boolean isLocked(String dataset) throws FailureException;

  /** The dataset whose key opens what a dataset holds, itself or above; empty where none does. */
  Optional<String> encryptionRoot(String dataset) throws FailureException;

  /** Says why a send or receive child failed, by its words and then by what is there now. */
  FailureException explain(String dataset, Child child, int exitCode);
}
