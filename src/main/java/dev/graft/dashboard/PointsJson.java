package dev.graft.dashboard;

import dev.graft.analysis.TrialFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trials as columns, for charts with a mark for each. All columns have the same length.
 *
 * @param matching how many trials are asked for
 * @param ids the trials shown: all of them, or of very many the best and every n-th of the others by rank
 * @param numbers their numbers
 * @param states their states
 * @param seconds what training took; null where it is not known
 * @param modelWeights how many numbers their models hold; null where it was not recorded
 * @param parameters their parameters by name
 * @param metrics their metrics at the best epoch by name; null where there is none
 * @param front the trials that no other one asked for beats in both {@code ?x=} and {@code &y=}, from the best x to the best
 *     y; empty where these are not given
 */
record PointsJson(
        int matching,
        List<String> ids,
        List<Integer> numbers,
        List<String> states,
        List<@Nullable Object> seconds,
        List<@Nullable Object> modelWeights,
        Map<String, List<@Nullable Object>> parameters,
        Map<String, List<@Nullable Object>> metrics,
        List<String> front) {

    /** Charts stay responsive with so many, and nobody tells more of them apart. */
    private static final int MOST = 1500;

    static PointsJson of(
            TrialSelection selection, Collection<String> parameters, Collection<String> metrics, List<String> front) {
        List<TrialFacts> shown = thinned(selection.ranked(), Set.copyOf(front));
        Map<String, List<@Nullable Object>> parameterColumns = new LinkedHashMap<>();
        parameters.forEach(name -> parameterColumns.put(name, column(shown, facts -> facts.value(name))));
        Map<String, List<@Nullable Object>> metricColumns = new LinkedHashMap<>();
        metrics.forEach(name -> metricColumns.put(name, column(shown, facts -> facts.metric(name))));
        return new PointsJson(
                selection.chosen().size(),
                shown.stream().map(facts -> facts.trial().id()).toList(),
                shown.stream().map(facts -> facts.trial().number()).toList(),
                shown.stream().map(facts -> facts.trial().state().word()).toList(),
                // A result that was taken over took no time of its own.
                column(shown, facts -> facts.trial().sameAs().isEmpty() ? facts.value("seconds") : null),
                column(shown, facts -> facts.value("model_weights")),
                parameterColumns,
                metricColumns,
                front);
    }

    /** What a chart draws of one trial. */
    private interface Cell {
        @Nullable
        Object of(TrialFacts facts);
    }

    private static List<@Nullable Object> column(List<TrialFacts> trials, Cell cell) {
        List<@Nullable Object> column = new ArrayList<>(trials.size());
        trials.forEach(facts -> column.add(cell.of(facts)));
        return column;
    }

    private static List<TrialFacts> thinned(List<TrialFacts> ranked, Set<String> always) {
        if (ranked.size() <= MOST) {
            return ranked;
        }
        List<TrialFacts> kept = new ArrayList<>(MOST);
        for (int i = 0; i < ranked.size(); i++) {
            // The first of each of so many stretches of equal length.
            boolean first = i == 0 || (long) i * MOST / ranked.size() != (long) (i - 1) * MOST / ranked.size();
            if (first || always.contains(ranked.get(i).trial().id())) {
                kept.add(ranked.get(i));
            }
        }
        return kept;
    }
}
