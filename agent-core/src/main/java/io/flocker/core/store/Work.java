package io.flocker.core.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the database in one go. It may be done again after it was rolled back, so it
 * changes nothing else.
 */
@FunctionalInterface
interface Work<T extends @Nullable Object> {
  T run(Statements statements) throws SQLException;
}
