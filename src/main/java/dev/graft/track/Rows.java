package dev.graft.track;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes records of rows. */
final class Rows {

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<LinkedHashMap<String, Object>> VALUES = new TypeReference<>() {};
    private static final TypeReference<LinkedHashMap<String, Double>> NUMBERS = new TypeReference<>() {};

    private Rows() {}

    static SweepRecord sweep(ResultSet row, Map<String, String> provenance) throws SQLException {
        return new SweepRecord(
                row.getString("id"),
                row.getString("name"),
                Columns.word(row, "state", SweepState.class),
                row.getString("reason"),
                row.getString("method"),
                row.getString("metric"),
                row.getString("goal"),
                row.getString("file_name"),
                row.getString("file_text"),
                Columns.json(row, "classes", STRINGS),
                Columns.time(row, "created_at"),
                Columns.optionalTime(row, "ended_at"),
                row.getInt("frozen_passes"),
                row.getInt("frozen_passes_saved"),
                provenance);
    }

    static TrialRecord trial(ResultSet row, Map<String, Double> best, Map<String, Double> last) throws SQLException {
        int bestEpoch = row.getInt("best_epoch");
        int lastEpoch = row.getInt("last_epoch");
        return new TrialRecord(
                row.getString("id"),
                row.getString("sweep_id"),
                row.getInt("number"),
                Columns.word(row, "state", TrialState.class),
                row.getString("reason"),
                parameters(row),
                row.getLong("seed"),
                row.getString("feature_group"),
                row.getBoolean("cache_hit"),
                row.getInt("attempts"),
                row.getInt("epochs"),
                row.getInt("kept_epoch"),
                bestEpoch == 0 ? Optional.empty() : Optional.of(new TrialRecord.Epoch(bestEpoch, best)),
                lastEpoch == 0 ? Optional.empty() : Optional.of(new TrialRecord.Epoch(lastEpoch, last)),
                Columns.optionalTime(row, "started_at"),
                Columns.optionalTime(row, "ended_at"),
                Columns.json(row, "seconds", NUMBERS),
                row.getString("run_key"),
                row.getString("same_as"),
                Columns.optionalNumber(row, "model_weights"));
    }

    static Map<String, Object> parameters(ResultSet row) throws SQLException {
        return Columns.json(row, "parameters", VALUES);
    }

    static Prediction prediction(ResultSet row) throws SQLException {
        return new Prediction(
                row.getString("path"),
                row.getInt("label"),
                row.getInt("predicted"),
                Columns.number(row, "confidence"),
                Columns.number(row, "label_probability"));
    }

    static FeatureGroupRecord featureGroup(ResultSet row) throws SQLException {
        return new FeatureGroupRecord(
                row.getString("key"),
                row.getString("base"),
                row.getInt("image_size"),
                row.getString("cut"),
                row.getLong("images"),
                row.getLong("bytes"),
                row.getBoolean("cache_hit"),
                Columns.number(row, "decode_seconds"),
                Columns.number(row, "prefix_seconds"));
    }
}
