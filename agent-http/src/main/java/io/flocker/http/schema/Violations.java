package io.flocker.http.schema;

import com.networknt.schema.Error;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a validation finds: all of it is counted and the first {@value #MOST_TOLD} are kept, however
 * many a document has. One thread.
 */
final class Violations extends AbstractList<Error> {
  private static final int MOST_TOLD = 20;
  private static final int LONGEST_TEXT = 256;

  private final List<Error> kept = new ArrayList<>();
  private int count;

  /** The first ones, each no longer than somebody would read. */
  List<Violation> told() {
    return kept.stream()
        .map(error ->
            new Violation(
                cut(String.valueOf(error.getInstanceLocation())), cut(error.getMessage())))
        .toList();
  }

  @Override
  public boolean add(Error error) {
    if (count < MOST_TOLD) {
      kept.add(error);
    }
    count++;
    return true;
  }

  /** One of the first; the last of them in place of any that was not kept. */
  @Override
  public Error get(int index) {
    return kept.get(Math.min(index, kept.size() - 1));
  }

  /** How many were found. */
  @Override
  public int size() {
    return count;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
  }
}
