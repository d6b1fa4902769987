package dev.graft.dashboard;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.graft.analysis.TrialFacts;
import dev.graft.analysis.TrialView;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The trials that are asked for as a file, one row or object each, in the order of their numbers. */
final class TrialTable {

    private static final List<String> FACTS = List.of(
            "id",
            "number",
            "rank",
            "state",
            "reason",
            "seed",
            "epochs",
            "kept_epoch",
            "attempts",
            "seconds",
            "model_weights");

    private static final CsvMapper CSV = new CsvMapper();

    private TrialTable() {}

    /**
     * Answers with comma-separated values (RFC 4180): what is known of each trial, its parameters, the metrics of its best
     * epoch as {@code metrics.NAME} where a parameter has the same name. Lists are written with blanks between values.
     */
    static void csv(Context request, TrialSelection selection) throws IOException {
        Map<String, String> columns = new LinkedHashMap<>();
        FACTS.forEach(name -> columns.put(name, name));
        selection.trials().parameterNames().forEach(name -> columns.putIfAbsent(name, name));
        Set<String> metrics = new HashSet<>();
        selection.trials().metrics().forEach(name -> {
            String column = columns.containsKey(name) ? "metrics." + name : name;
            columns.put(column, name);
            metrics.add(column);
        });
        CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true).setLineSeparator("\r\n");
        columns.keySet().forEach(schema::addColumn);
        begin(request, selection, "csv", "text/csv;charset=utf-8");
        OutputStream out = request.outputStream();
        try (var writer = CSV.writer(schema.build()).writeValues(out)) {
            for (TrialFacts facts : selection.chosen()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                columns.forEach((column, name) ->
                        row.put(column, text(metrics.contains(column) ? facts.metric(name) : facts.value(name))));
                writer.write(row);
            }
        }
    }

    /** Answers with a JSON array of trials as everywhere in the API. */
    static void json(Context request, TrialSelection selection) {
        begin(request, selection, "json", Answers.TYPE);
        List<TrialView> views = new ArrayList<>();
        selection.chosen().forEach(facts -> views.add(TrialView.of(facts.trial(), TrialSelection.rank(facts))));
        Answers.json(request, views);
    }

    private static @Nullable Object text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(" "));
        }
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }

    private static void begin(Context request, TrialSelection selection, String extension, String type) {
        request.contentType(type);
        // An id has letters and digits alone; a name could be anything.
        request.header(
                "Content-Disposition",
                "attachment; filename=\"sweep-" + selection.sweep().id() + "." + extension + "\"");
    }
}
