package io.flocker.http.schema;

import com.networknt.schema.Error;
import io.flocker.core.failure.Excerpt;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a validation finds: all of it is counted and the first {@value Excerpt#MOST_TOLD} are kept,
 * however many a document has. One thread.
 */
final class Violations extends AbstractList<Error> {

  private final List<Error> kept = new ArrayList<>();
  private int count;

  /** The first ones, each no longer than somebody would read. */
  List<Violation> told() {
    return kept.stream()
        .map(error ->
            new Violation(
                Excerpt.of(String.valueOf(error.getInstanceLocation()), Excerpt.OF_A_NAME),
                Excerpt.of(error.getMessage(), Excerpt.OF_A_NAME)))
        .toList();
  }

  @Override
  public boolean add(Error error) {
    if (count < Excerpt.MOST_TOLD) {
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
}
