package io.flocker.core.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Brings a database to the version that this flockerd knows, and never back.
 *
 * @param steps the statements that make version n out of version n - 1, from 1
 */
record Migrations(List<String> steps) {
  /** "flkd": whose file it is, in SQLite's header. */
  static final int APPLICATION = 0x666c6b64;

  private static final int LATEST = 15;

  /** Those of this flockerd. */
  static Migrations load() throws IOException {
    List<String> steps = new ArrayList<>();
    for (int version = 1; version <= LATEST; version++) {
      steps.add(read("schema-" + version + ".sql"));
    }
    return new Migrations(List.copyOf(steps));
  }

  /**
   * Applies what is missing, all of it or nothing.
   *
   * @throws IOException if the file is somebody else's, or of a newer flockerd
   */
  void apply(Connection connection) throws SQLException, IOException {
    int version = pragma(connection, "user_version");
    int application = pragma(connection, "application_id");
    boolean isNew = version == 0 && application == 0 && isEmpty(connection);
    if (!isNew && application != APPLICATION) {
      throw new IOException("is a database of another program; move it away");
    }
    if (version > steps.size()) {
      throw new IOException(
          "has version "
              + version
              + ", this flockerd knows version "
              + steps.size()
              + "; use the flockerd that wrote it");
    }
    if (version == steps.size()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      for (String step : steps.subList(version, steps.size())) {
        statement.executeUpdate(step);
      }
      statement.executeUpdate("PRAGMA application_id = " + APPLICATION);
      statement.executeUpdate("PRAGMA user_version = " + steps.size());
    }
    connection.commit();
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
      return row.getInt(1) == 0;
    }
  }

  private static int pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      return row.getInt(1);
    }
  }

  private static String read(String name) throws IOException {
    try (InputStream file = Migrations.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
    }
  }
}
