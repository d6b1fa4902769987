package dev.graft.dashboard;

import dev.graft.analysis.FilterException;
import dev.graft.analysis.Ranking;
import dev.graft.analysis.TrialFacts;
import dev.graft.analysis.TrialFilter;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a sweep that a request asks for: {@code ?filter=} and {@code &brush=} are filter expressions that both
 * must hold, {@code &hidden=true} asks for hidden trials, too.
 *
 * @param sweep whose they are
 * @param trials every trial of it
 * @param chosen those asked for, in order
 * @param hidden how many pass the filters and are left out because somebody hid them
 */
record TrialSelection(SweepRecord sweep, SweepTrials.Snapshot trials, List<TrialFacts> chosen, int hidden) {

    /**
     * Chooses trials.
     *
     * @throws RefusedFilterException when a filter cannot be read; the asker's fault
     */
    static TrialSelection of(Context request, SweepRecord sweep, SweepTrials.Snapshot trials) {
        List<String> names = Stream.concat(trials.metrics().stream(), trials.parameterNames().stream())
                .distinct()
                .toList();
        TrialFilter filter = filter(request, "filter", names).and(filter(request, "brush", names));
        boolean showHidden = showHidden(request);
        List<TrialFacts> all = trials.facts();
        List<TrialFacts> passing =
                filter.isEmpty() ? all : all.stream().filter(filter::accepts).toList();
        List<TrialFacts> chosen = showHidden
                ? passing
                : passing.stream().filter(facts -> !facts.hidden()).toList();
        return new TrialSelection(sweep, trials, chosen, passing.size() - chosen.size());
    }

    /** A filter that cannot be read: which parameter of the request has it, and where it goes wrong. */
    static final class RefusedFilterException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String parameter;
        private final int position;

        RefusedFilterException(String parameter, FilterException cause) {
            super(cause.getMessage(), cause);
            this.parameter = parameter;
            this.position = cause.position();
        }

        String parameter() {
            return parameter;
        }

        int position() {
            return position;
        }
    }

    private static boolean showHidden(Context request) {
        String hidden = Routes.parameter(request, "hidden", "false");
        return switch (hidden) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadRequestResponse("hidden must be true or false, but was " + hidden);
        };
    }

    private static TrialFilter filter(Context request, String parameter, List<String> names) {
        try {
            return TrialFilter.parse(Routes.parameter(request, parameter, ""), names);
        } catch (FilterException e) {
            throw new RefusedFilterException(parameter, e);
        }
    }

    List<TrialRecord> records() {
        return chosen.stream().map(TrialFacts::trial).toList();
    }

    /** Returns the chosen trials, the best first. */
    List<TrialFacts> ranked() {
        Map<String, TrialFacts> byId = new HashMap<>();
        chosen.forEach(facts -> byId.put(facts.trial().id(), facts));
        List<TrialLine> lines = chosen.stream()
                .map(facts -> TrialLine.of(sweep.metric(), facts.trial()))
                .toList();
        return Ranking.orderLines(sweep, lines).stream()
                .map(line -> Objects.requireNonNull(byId.get(line.id())))
                .toList();
    }

    /**
     * Returns the chosen trials sorted by {@code ?sort=} a fact, a metric or a parameter, {@code &order=asc} or {@code
     * desc}; pinned ones first, those without a value last.
     *
     * @throws BadRequestResponse when a parameter is none; the asker's fault
     */
    List<TrialFacts> sorted(Context request, String usual) {
        String key = Routes.parameter(request, "sort", usual);
        String order = Routes.parameter(request, "order", "asc");
        if (!order.equals("asc") && !order.equals("desc")) {
            throw new BadRequestResponse("order must be asc or desc, but was " + order);
        }
        boolean down = order.equals("desc");
        List<TrialFacts> sorted;
        if (key.equals("rank")) {
            sorted = new ArrayList<>(ranked());
            if (down) {
                Collections.reverse(sorted);
                sorted.sort(Comparator.comparing(facts -> facts.rank().isEmpty()));
            }
        } else {
            requireKnown(key);
            sorted = new ArrayList<>(chosen);
            sorted.sort(Comparator.comparing(
                    (TrialFacts facts) -> facts.value(key), (left, right) -> compare(left, right, down)));
        }
        sorted.sort(Comparator.comparing(facts -> !facts.pinned()));
        return sorted;
    }

    /**
     * Requires that a name stands for something.
     *
     * @throws BadRequestResponse when it does not; the asker's fault
     */
    void requireKnown(String key) {
        if (!TrialFilter.names().contains(key)
                && !trials.metrics().contains(key)
                && !trials.parameterNames().contains(key)) {
            throw new BadRequestResponse(
                    key + " is no parameter and no metric of this sweep, nor one of number, rank, state,"
                            + " epochs, seconds and model_weights");
        }
    }

    private static int compare(@Nullable Object left, @Nullable Object right, boolean down) {
        if (left == null || right == null) {
            return left == right ? 0 : left == null ? 1 : -1;
        }
        int order = left instanceof Number a && right instanceof Number b
                ? Double.compare(a.doubleValue(), b.doubleValue())
                : left.toString().compareTo(right.toString());
        return down ? -order : order;
    }

    /** Returns a trial's place on the leaderboard; null where it has none. */
    static @Nullable Integer rank(TrialFacts facts) {
        OptionalInt rank = facts.rank();
        return rank.isPresent() ? rank.getAsInt() : null;
    }
}
