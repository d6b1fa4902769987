package dev.graft.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When a group's trials come up: turns follow each other in the order of a list.
 *
 * @param pass the place of the pass in the plan
 * @param group the place of the group in the pass
 */
public record Turn(int pass, int group) {

    /** Returns the turns of a plan in its own order. */
    public static List<Turn> of(Plan plan) {
        List<Turn> turns = new ArrayList<>();
        for (int p = 0; p < plan.passes().size(); p++) {
            for (int g = 0; g < plan.passes().get(p).groups().size(); g++) {
                turns.add(new Turn(p, g));
            }
        }
        return turns;
    }

    /**
     * Returns the turns in the order that shows news early: always next the group whose first trial ends soonest, its
     * pass counted where no earlier group needed it. So features that are in the store come first, then small images,
     * cheap bases, heads; the order of the plan decides among equals. Groups without trials come last.
     *
     * @param together whether the groups of a pass must follow each other, because its features may have to make room for
     *     those of the next
     */
    public static List<Turn> byFirstNews(List<PassWork> passes, Rates rates, boolean together) {
        List<Turn> left = new ArrayList<>();
        for (int p = 0; p < passes.size(); p++) {
            for (int g = 0; g < passes.get(p).groups().size(); g++) {
                left.add(new Turn(p, g));
            }
        }
        List<Turn> turns = new ArrayList<>();
        Set<Integer> done = new HashSet<>();
        while (!left.isEmpty()) {
            Turn last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
            Turn next = null;
            double soonest = Double.POSITIVE_INFINITY;
            boolean staying = false;
            for (Turn turn : left) {
                PassWork pass = passes.get(turn.pass());
                boolean stays = together && last != null && last.pass() == turn.pass();
                double news = news(pass, turn.group(), done.contains(turn.pass()), rates);
                if (next == null || (stays && !staying) || (stays == staying && news < soonest)) {
                    next = turn;
                    soonest = news;
                    staying = stays;
                }
            }
            if (next == null) {
                break;
            }
            left.remove(next);
            turns.add(next);
            done.add(next.pass());
        }
        return List.copyOf(turns);
    }

    private static double news(PassWork pass, int place, boolean ready, Rates rates) {
        GroupWork group = pass.groups().get(place);
        if (group.trials() == 0) {
            return Double.MAX_VALUE;
        }
        double trial =
                Estimates.group(pass, group.with(1, group.trainImages()), rates).seconds();
        return trial + (ready ? 0 : Estimates.pass(pass, rates).seconds());
    }
}
