package dev.graft.track;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection and its prepared statements, which it keeps. For one thread at a time. */
final class Session implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of the row a result stands on. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** What happens within a transaction. */
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs one or more statements that return nothing. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /**
     * Changes rows.
     *
     * @param values strings, numbers, booleans; null and NaN become NULL
     * @return the number of rows
     */
    int update(String sql, @Nullable Object... values) throws SQLException {
        try {
            return bind(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw forgetting(sql, e);
        }
    }

    /** Reads rows. */
    <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet result = bind(sql, values).executeQuery()) {
            while (result.next()) {
                rows.add(row.read(result));
            }
        } catch (SQLException e) {
            throw forgetting(sql, e);
        }
        return rows;
    }

    /** Reads the first row. */
    <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        return query(sql, row, values).stream().findFirst();
    }

    /** Reads a number from the only row there is. */
    long number(String sql) throws SQLException {
        return first(sql, row -> row.getLong(1)).orElseThrow(() -> new SQLException("no row for " + sql));
    }

    /** Runs work within a transaction, all or nothing. */
    <T> T inTransaction(String begin, Work<T> work) throws SQLException {
        script(begin);
        try {
            T result = work.run();
            script("COMMIT");
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            try {
                script("ROLLBACK");
            } catch (SQLException rollback) {
                // SQLite has rolled back by itself after grave errors, and then refuses a second time.
                e.addSuppressed(rollback);
            }
            throw e;
        }
    }

    /** Drops a statement that failed: after a full disk, among others, the driver refuses to run it again. */
    private SQLException forgetting(String sql, SQLException e) {
        try (PreparedStatement failed = statements.remove(sql)) {
            return e;
        } catch (SQLException closing) {
            e.addSuppressed(closing);
            return e;
        }
    }

    private PreparedStatement bind(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value instanceof Boolean flag) {
                statement.setInt(i + 1, flag ? 1 : 0);
            } else {
                statement.setObject(i + 1, value instanceof Double number && number.isNaN() ? null : value);
            }
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        // Closes the statements too.
        connection.close();
    }
}
