package dev.graft.dashboard;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.graft.analysis.Ranking;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a sweep's trials, chosen by {@code ?limit=&cursor=&sort=}.
 *
 * @param ids of the trials of this page
 * @param total how many trials there are
 * @param counts how many of them are in each state there is
 * @param next what to pass as {@code cursor} for the next page; null on the last
 */
record TrialPage(
        @JsonIgnore List<String> ids,
        int total,
        Map<String, Integer> counts,
        @Nullable String next) {

    private static final Set<String> SORTS = Set.of("number", "rank");

    /**
     * Chooses what a request asks for.
     *
     * @param sort the order where it names none, {@code number} or {@code rank}
     * @param limit the most trials where it names no number
     * @param most the most trials it may ask for
     * @throws BadRequestResponse when a parameter is none; the asker's fault
     */
    static TrialPage of(Context request, SweepRecord sweep, List<TrialLine> lines, String sort, int limit, int most) {
        String order = Routes.parameter(request, "sort", sort);
        if (!SORTS.contains(order)) {
            throw new BadRequestResponse("sort must be number or rank, but was " + order);
        }
        List<TrialLine> sorted = order.equals("rank")
                ? Ranking.orderLines(sweep, lines)
                : lines.stream()
                        .sorted(Comparator.comparingInt(TrialLine::number))
                        .toList();
        int from = Math.min(number(request, "cursor", 0, 0, Integer.MAX_VALUE), sorted.size());
        int to = (int) Math.min(sorted.size(), (long) from + number(request, "limit", limit, 1, most));
        Map<String, Integer> counts = new LinkedHashMap<>();
        lines.forEach(line -> counts.merge(line.state().word(), 1, Integer::sum));
        return new TrialPage(
                sorted.subList(from, to).stream().map(TrialLine::id).toList(),
                sorted.size(),
                counts,
                to < sorted.size() ? String.valueOf(to) : null);
    }

    static int number(Context request, String name, int otherwise, int least, int most) {
        String value = Routes.parameter(request, name, String.valueOf(otherwise));
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        throw new BadRequestResponse(
                name + " must be a whole number from " + least + " to " + most + ", but was " + value);
    }
}
