package io.flocker.core.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The prepared statements of one connection: compiled once, since that costs as much as a row that
 * is written. They are closed with the connection, or when one has failed. On its thread.
 */
final class Statements {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  /**
   * The statement of that text, without parameters yet.
   *
   * @param sql one of a fixed number of texts: values are parameters
   */
  PreparedStatement of(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    statement.clearParameters();
    return statement;
  }

  /**
   * Closes all of them, to be compiled anew: a statement that has failed may never run again, as
   * after a full disk.
   */
  void forget() {
    for (PreparedStatement statement : prepared.values()) {
      try {
        statement.close();
      } catch (SQLException _) {
        // It is not used again, and ends with the connection.
      }
    }
    prepared.clear();
  }
}
