package io.flocker.core.failure;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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
    return copy;
  }

  /** The same failure, caused by {@code cause}. */
  public FailureException causedBy(Throwable cause) {
    return new FailureException(failure, detail(), members, cause);
  }
}
