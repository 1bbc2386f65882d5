package io.flocker.core.replicate.policy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.Collection;
import java.util.List;

/**
 * A setting of a policy that has its name and is not carried out yet. Whoever says it is refused:
 * nobody shall rely on what is not done.
 */
public enum UnsupportedSetting {
  RAW("raw", "volumes are sent as plain streams"),
  COMPRESSION("compression", "blocks travel as they are stored where both nodes can do that");

  private final String member;
  private final String instead;

  UnsupportedSetting(String member, String instead) {
    this.member = member;
    this.instead = instead;
  }

  /**
   * Makes sure that a policy says nothing that is not carried out.
   *
   * @param members the names that are given
   * @throws FailureException {@code UNSUPPORTED_REQUIREMENT} naming each
   */
  public static void requireNone(Collection<String> members) throws FailureException {
    List<UnsupportedSetting> found =
        List.of(values()).stream().filter(one -> members.contains(one.member)).toList();
    if (!found.isEmpty()) {
      throw RequestFailure.UNSUPPORTED_REQUIREMENT
          .because(
              String.join(
                  "; ",
                  found.stream()
                      .map(
                          one -> one.member + " is not carried out by this version: " + one.instead)
                      .toList()))
          .with("settings", found.stream().map(one -> one.member).toList());
    }
  }
}
