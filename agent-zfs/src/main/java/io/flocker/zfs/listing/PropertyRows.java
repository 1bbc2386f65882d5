package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.process.LineConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what {@code zfs get -Hp -o name,property,value,source} prints: one line a property,
 * those of one name after each other. One thread at a time.
 */
final class PropertyRows implements LineConsumer {
  private static final int FIELDS = 4;

  /** Takes what was printed of one name. */
  @FunctionalInterface
  interface TableConsumer {
    void take(PropertyTable table) throws FailureException;
  }

  private final TableConsumer tables;
  private @Nullable PropertyTable current;

  PropertyRows(TableConsumer tables) {
    this.tables = tables;
  }

  @Override
  public void take(String line) throws FailureException {
    String[] fields = line.split("\t", -1);
    if (fields.length != FIELDS) {
      throw PropertyTable.unreadable("a line of " + fields.length + " fields: " + line);
    }
    PropertyTable table = current;
    if (table == null || !table.name().equals(fields[0])) {
      end();
      table = new PropertyTable(fields[0]);
      current = table;
    }
    table.put(fields[1], new Property(fields[2], fields[3]));
  }

  /** No line follows. */
  void end() throws FailureException {
    PropertyTable last = current;
    current = null;
    if (last != null) {
      tables.take(last);
    }
  }
}
