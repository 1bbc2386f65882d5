package io.flocker.core.failure;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A failure that happened: its class, what exactly, and the facts that a reader needs. Immutable.
 *
 * <p>Its size is bounded, whatever it tells of: a detail has at most {@value #LONGEST_DETAIL}
 * characters, a text among its members 32 Ki, and of a list the first {@value #MOST_LISTED} are
 * kept, with a member {@code <name>Count} that says how many there were.
 */
public final class FailureException extends Exception {
  private static final long serialVersionUID = 1;
  private static final String INCIDENT = "incident";

  /** Member that lists why what was done is not undone. */
  public static final String NOT_UNDONE = "notUndone";

  /** Member that names the node that speaks, or at which something has to be done. */
  private static final String NODE = "node";

  /** Member that tells what became of what was asked, where it is not simply left undone. */
  private static final String OUTCOME = "outcome";

  private static final int SERVER_ERROR = 500; // RFC 9110, section 15.6

  /**
   * Failures of the node itself after which all is as it was: ZFS was asked nothing, or has undone
   * what it could not do. After its others ZFS may still be at work, or has done what nobody can
   * read.
   */
  private static final Set<Failure> CHANGES_NOTHING =
      Set.of(
          RequestFailure.SHUTTING_DOWN,
          RequestFailure.STATE_UNAVAILABLE,
          StorageFailure.POOL_UNAVAILABLE,
          StorageFailure.ZFS_UNAVAILABLE,
          StorageFailure.NO_SPACE,
          StorageFailure.QUOTA_EXCEEDED);

  static final int LONGEST_DETAIL = 2_048;
  static final int MOST_LISTED = 100;

  /** As much as is kept of a child's last words. */
  private static final int LONGEST_TEXT = 32_768;

  private final transient Failure failure;
  private final transient Map<String, Object> members;

  FailureException(
      Failure failure, String detail, Map<String, Object> members, @Nullable Throwable cause) {
    super(Excerpt.of(detail, LONGEST_DETAIL), cause);
    this.failure = failure;
    this.members = members;
  }

  /** The class of the failure. */
  public Failure failure() {
    return failure;
  }

  /** What exactly happened, for people. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /**
   * Extension members of the problem document, such as {@code holders}; values that Jackson writes.
   */
  public Map<String, Object> members() {
    return members;
  }

  /** The members of the problem document (RFC 9457), in order. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", failure.type());
    document.put("title", failure.title());
    document.put("status", failure.status());
    document.put("detail", detail());
    document.put("side", failure.side());
    document.put("retry", failure.retry());
    document.put("remedy", failure.remedy());
    members.forEach(document::putIfAbsent);
    return Collections.unmodifiableMap(document);
  }

  /** The same failure, whose detail goes on with {@code more}. */
  public FailureException told(String more) {
    FailureException copy =
        new FailureException(failure, detail() + "; " + more, members, getCause());
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  /** The same failure with one more member. */
  public FailureException with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    switch (value) {
      case String text -> more.put(name, Excerpt.of(text, LONGEST_TEXT));
      case Collection<?> many when many.size() > MOST_LISTED -> {
        more.put(name, many.stream().limit(MOST_LISTED).toList());
        more.put(name + "Count", many.size());
      }
      default -> more.put(name, value);
    }
    FailureException copy =
        new FailureException(failure, detail(), Collections.unmodifiableMap(more), getCause());
    copy.setStackTrace(getStackTrace());
    for (Throwable beside : getSuppressed()) {
      copy.addSuppressed(beside);
    }
    return copy;
  }

  /** The same failure with all members of another one. */
  public FailureException withMembersOf(FailureException other) {
    FailureException more = this;
    for (Map.Entry<String, Object> member : other.members.entrySet()) {
      more = more.with(member.getKey(), member.getValue());
    }
    return more;
  }

  /**
   * The same failure, told by a node, where it does not name one already: that is the one at which
   * something has to be done.
   */
  public FailureException toldBy(Object node) {
    return isTold() ? this : with(NODE, node);
  }

  /** Whether it names the node that tells it, as whatever a node refuses others with does. */
  public boolean isTold() {
    return members.containsKey(NODE);
  }

  /** The same failure, after which nobody knows whether what was asked is done. */
  public FailureException undecided() {
    return with(OUTCOME, "unknown");
  }

  /** The same failure, after what was asked is done, or so much of it that it is not undone. */
  public FailureException afterTheChange() {
    return with(OUTCOME, "changed");
  }

  /**
   * Whether it is certain that nothing of what was asked is done: it may be asked again, as if it
   * had not been.
   */
  public boolean hasChangedNothing() {
    boolean isRefusal = failure.status() < SERVER_ERROR && failure != TransferFailure.CANCELLED;
    return (isRefusal || CHANGES_NOTHING.contains(failure))
        && !members.containsKey(OUTCOME)
        && !members.containsKey(NOT_UNDONE);
  }

  /** The same failure; what nobody foresaw tells under which id the log has it, its own first. */
  public FailureException foundUnder(UUID incident) {
    return failure == RequestFailure.INTERNAL_ERROR && !members.containsKey(INCIDENT)
        ? with(INCIDENT, incident)
        : this;
  }

  /** The same failure, caused by {@code cause}. */
  public FailureException causedBy(Throwable cause) {
    return new FailureException(failure, detail(), members, cause);
  }
}
