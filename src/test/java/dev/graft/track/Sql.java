package dev.graft.track;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/** What a user with a SQLite shell can do to a record. */
final class Sql implements AutoCloseable {

    private final Connection connection;

    Sql(Path directory) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("track.sqlite"));
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Returns the columns of a row split by bars, and the rows by line feeds. */
    String text(String sql) throws SQLException {
        StringJoiner rows = new StringJoiner("\n");
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringJoiner columns = new StringJoiner("|");
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(result.getString(i)));
                }
                rows.add(columns.toString());
            }
        }
        return rows.toString();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
