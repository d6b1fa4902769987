package dev.graft.track;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** How values stand in columns, both ways. */
final class Columns {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Always the same width, so that text sorts as time does. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Columns() {}

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.parse(row.getString(column));
    }

    static Optional<Instant> optionalTime(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(Instant::parse);
    }

    static <E extends Enum<E>> E word(ResultSet row, String column, Class<E> type) throws SQLException {
        return Enum.valueOf(type, row.getString(column).toUpperCase(Locale.ROOT));
    }

    /** Reads a number; NULL is NaN. */
    static double number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }

    /** Returns a whole number, or empty where there is none. */
    static OptionalLong optionalNumber(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new StoreException("cannot be recorded as JSON: " + value, e);
        }
    }

    static <T> T json(ResultSet row, String column, TypeReference<T> type) throws SQLException {
        try {
            return JSON.readValue(row.getString(column), type);
        } catch (JsonProcessingException e) {
            throw new StoreException("the record holds JSON that cannot be read, in column " + column, e);
        }
    }
}
