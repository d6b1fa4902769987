package dev.graft.dashboard;

import dev.graft.analysis.TrialFacts;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a sweep's trials an answer holds, asked for by {@code ?limit=&cursor=}.
 *
 * @param total how many trials the sweep has
 * @param matching how many of them are asked for; the pages together hold these
 * @param hidden how many more would be, had nobody hidden them
 * @param counts how many of those asked for are in each state there is
 * @param from the place of the page's first trial among those asked for, from 0
 * @param next what to pass as {@code cursor} for the next page; null on the last
 */
record TrialPage(
        int total,
        int matching,
        int hidden,
        Map<String, Integer> counts,
        int from,
        @Nullable String next) {

    /**
     * Cuts a page.
     *
     * @param sorted the trials asked for, in the order of the pages
     * @param usual the most trials where the request names no number
     * @param most the most trials it may ask for
     * @throws BadRequestResponse when a parameter is none; the asker's fault
     */
    static Cut of(Context request, TrialSelection selection, List<TrialFacts> sorted, int usual, int most) {
        int from = Math.min(number(request, "cursor", 0, 0, Integer.MAX_VALUE), sorted.size());
        int to = (int) Math.min(sorted.size(), (long) from + number(request, "limit", usual, 1, most));
        Map<String, Integer> counts = new LinkedHashMap<>();
        selection.chosen().forEach(facts -> counts.merge(facts.trial().state().word(), 1, Integer::sum));
        return new Cut(
                sorted.subList(from, to),
                new TrialPage(
                        selection.trials().records().size(),
                        sorted.size(),
                        selection.hidden(),
                        counts,
                        from,
                        to < sorted.size() ? String.valueOf(to) : null));
    }

    /** The trials of a page. */
    record Cut(List<TrialFacts> trials, TrialPage page) {

        List<String> ids() {
            return trials.stream().map(facts -> facts.trial().id()).toList();
        }
    }

    /** Returns a whole number that a request names. */
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
