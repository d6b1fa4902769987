package dev.graft.analysis;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much each parameter has to do with the differences in a metric between finished trials.
 *
 * <p>Where the trials are every combination of some values, equally often each, the differences (their sum of squares) are
 * taken apart exactly: into what each parameter does alone, what two do together beyond that, and the rest. Otherwise a
 * random forest learns the metric from the parameters, and what it loses on trials it has not seen when the values of a
 * parameter are shuffled is an estimate. A parameter that only ever varies together with another cannot be told from it.
 *
 * @param metric the name of the metric
 * @param kind how the shares were found
 * @param trials how many finished trials with a value they are about
 * @param effects one for each parameter that differs between the trials, the largest share first
 * @param pairs what two parameters do together beyond what each does alone, the largest share first
 * @param rest the share of the differences that parameters and pairs leave: repeats, and three and more parameters
 *     together; of a forest what it cannot foresee; null where nothing was found
 * @param repeats the part of it that is between trials that differ in their seed alone; null without such trials or where
 *     that is not known
 * @param conclusive whether there is enough to tell the largest effect from chance
 * @param sentence what it means
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Importance(
        String metric,
        Kind kind,
        int trials,
        List<Effect> effects,
        List<Pair> pairs,
        @Nullable Double rest,
        @Nullable Double repeats,
        boolean conclusive,
        String sentence) {

    /** Effects less likely by chance than this are called effects. */
    private static final double LEVEL = 0.05;

    /** What is said of smaller shares would be noise. */
    private static final double WORTH_SAYING = 0.01;

    /** Copies the lists. */
    public Importance {
        effects = List.copyOf(effects);
        pairs = List.copyOf(pairs);
    }

    /** How the shares were found. */
    public enum Kind {
        /** Exactly: the trials are a complete grid. */
        GRID,
        /** Estimated with a random forest. */
        FOREST,
        /** Not at all: too few trials, nothing that varies, or nothing that differs. */
        NONE;

        /** Returns the name as the API writes it. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What one parameter does.
     *
     * @param parameter its name
     * @param share of the differences, in [0, 1]: alone, in a grid; with all it does together with others, in a forest
     * @param probability the chance of so large a share if the parameter did nothing (F test); null where there is
     *     nothing to measure chance by
     */
    public record Effect(
            String parameter, double share, @Nullable Double probability) {}

    /** What two parameters do together; see {@link Effect}. */
    public record Pair(
            String first,
            String second,
            double share,
            @Nullable Double probability) {}

    /** Looks at the sweep's metric. */
    public static Importance of(SweepRecord sweep, List<TrialRecord> trials) {
        return of(trials, sweep.metric());
    }

    /**
     * Looks at a metric.
     *
     * @param trials of one sweep, in whatever state
     * @param metric the name of a metric at the best epoch
     */
    public static Importance of(List<TrialRecord> trials, String metric) {
        List<TrialRecord> finished = trials.stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .filter(trial -> Double.isFinite(TrialLine.of(metric, trial).value()))
                .toList();
        List<String> names = Levels.varying(finished);
        double[] values = finished.stream()
                .mapToDouble(trial -> TrialLine.of(metric, trial).value())
                .toArray();
        if (finished.size() < 2) {
            return none(
                    metric,
                    finished.size(),
                    "Too few trials have finished with " + metric + " to tell: " + finished.size()
                            + ". Two that differ in a parameter are the least.");
        }
        if (names.isEmpty()) {
            return none(
                    metric,
                    finished.size(),
                    "No parameter differs between the finished trials; what differs in " + metric + " is chance.");
        }
        if (Arrays.stream(values).allMatch(value -> value == values[0])) {
            return none(
                    metric,
                    finished.size(),
                    "All " + finished.size() + " finished trials have the same " + metric
                            + ": nothing made a difference.");
        }
        int[] counts = new int[names.size()];
        int[][] levels = levels(finished, names, counts);
        return GridVariance.of(counts, levels, values)
                .map(variance -> grid(metric, finished.size(), names, variance))
                .orElseGet(() -> forest(metric, names, counts, levels, values, finished));
    }

    private static Importance none(String metric, int trials, String sentence) {
        return new Importance(metric, Kind.NONE, trials, List.of(), List.of(), null, null, false, sentence);
    }

    /** Returns the level of each trial and parameter, numbers in their order, and counts the levels. */
    private static int[][] levels(List<TrialRecord> trials, List<String> names, int[] counts) {
        int[][] levels = new int[trials.size()][names.size()];
        for (int factor = 0; factor < names.size(); factor++) {
            String name = names.get(factor);
            TreeSet<@Nullable Object> distinct = new TreeSet<>(Levels.ORDER);
            trials.forEach(trial -> distinct.add(Levels.of(trial, name)));
            List<@Nullable Object> order = new ArrayList<>(distinct);
            counts[factor] = order.size();
            for (int i = 0; i < trials.size(); i++) {
                levels[i][factor] = Collections.binarySearch(order, Levels.of(trials.get(i), name), Levels.ORDER);
            }
        }
        return levels;
    }

    private static Importance grid(String metric, int trials, List<String> names, GridVariance variance) {
        // Without repeats, what is left when mains (and pairs, if there is more) are taken out measures chance: it is
        // never too small for that, so no effect is called one too easily.
        GridVariance.Part left = variance.repeats().freedom() > 0 ? variance.repeats() : variance.higher();
        GridVariance.Part mainError = left.freedom() > 0 || variance.pairs().size() != 1
                ? left
                : variance.pairs().get(0);
        List<Effect> effects = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (int a = 0; a < names.size(); a++) {
            GridVariance.Part main = variance.mains().get(a);
            effects.add(new Effect(
                    names.get(a),
                    main.squares() / variance.total(),
                    main.probability(mainError).orElse(null)));
            for (int b = a + 1; b < names.size(); b++) {
                GridVariance.Part pair = variance.pairs().get(pairs.size());
                pairs.add(new Pair(
                        names.get(a),
                        names.get(b),
                        pair.squares() / variance.total(),
                        pair.probability(left).orElse(null)));
            }
        }
        effects.sort(Comparator.comparingDouble(Effect::share).reversed());
        pairs.sort(Comparator.comparingDouble(Pair::share).reversed());
        boolean repeated = variance.repeats().freedom() > 0;
        double repeats = variance.repeats().squares() / variance.total();
        double rest = (variance.higher().squares() + variance.repeats().squares()) / variance.total();
        boolean conclusive = isConclusive(effects, pairs);
        return new Importance(
                metric,
                Kind.GRID,
                trials,
                effects,
                pairs,
                rest,
                repeated ? repeats : null,
                conclusive,
                gridSentence(
                        metric,
                        trials,
                        effects,
                        pairs,
                        rest,
                        repeated,
                        variance.higher().freedom() > 0,
                        conclusive));
    }

    private static boolean isConclusive(List<Effect> effects, List<Pair> pairs) {
        return effects.stream().map(Effect::probability).anyMatch(Importance::isSmall)
                || pairs.stream().map(Pair::probability).anyMatch(Importance::isSmall);
    }

    private static boolean isSmall(@Nullable Double probability) {
        return probability != null && probability < LEVEL;
    }

    private static String gridSentence(
            String metric,
            int trials,
            List<Effect> effects,
            List<Pair> pairs,
            double rest,
            boolean repeated,
            boolean higher,
            boolean conclusive) {
        StringBuilder sentence = new StringBuilder("Of the differences in " + metric + " between these " + trials
                + " trials, " + enumeration(effects, "explains") + ".");
        Optional<Pair> pair =
                pairs.stream().filter(p -> p.share() >= WORTH_SAYING).findFirst();
        pair.ifPresent(p -> sentence.append(" What ")
                .append(p.first())
                .append(" does depends on ")
                .append(p.second())
                .append(": together they explain ")
                .append(percent(p.share()))
                .append(" beyond what each explains alone."));
        if (rest >= WORTH_SAYING) {
            sentence.append(" The remaining ").append(percent(rest));
            if (repeated) {
                sentence.append(" is chance between repeats");
                sentence.append(higher ? ", and what three and more parameters do together." : ".");
            } else {
                sentence.append(" is chance, or what three and more parameters do together; repeats would tell which.");
            }
        }
        if (!conclusive) {
            boolean measured = effects.get(0).probability() != null;
            sentence.append(
                    measured
                            ? " There are too few trials to tell even the largest share from chance."
                            : " Without repeats there is nothing to tell these shares from chance by.");
        }
        return sentence.toString();
    }

    private static Importance forest(
            String metric,
            List<String> names,
            int[] counts,
            int[][] levels,
            double[] values,
            List<TrialRecord> trials) {
        if (trials.size() < ForestImportance.FEWEST) {
            return none(
                    metric,
                    trials.size(),
                    "Too few trials to tell: " + trials.size()
                            + " have finished, and they are no complete grid. From " + ForestImportance.FEWEST
                            + " on, a random forest can estimate what matters.");
        }
        ForestImportance found = ForestImportance.of(inputs(trials, names, counts, levels), values);
        List<Effect> effects = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (int a = 0; a < names.size(); a++) {
            effects.add(new Effect(names.get(a), found.share(a), null));
        }
        for (ForestImportance.PairShare pair : found.pairs()) {
            pairs.add(new Pair(names.get(pair.first()), names.get(pair.second()), pair.share(), null));
        }
        effects.sort(Comparator.comparingDouble(Effect::share).reversed());
        pairs.sort(Comparator.comparingDouble(Pair::share).reversed());
        double foreseen = found.foreseen();
        boolean conclusive = foreseen >= ForestImportance.LEAST_FORESEEN;
        String sentence = conclusive
                ? "A random forest that has seen four fifths of these " + trials.size() + " trials foresees "
                        + percent(foreseen) + " of the differences in " + metric
                        + " between the others. By its estimate, "
                        + enumeration(effects, "decides")
                        + ", each counted with all it does together with others."
                : "Too few trials to tell, or nothing to be told: a random forest that has seen four fifths of these "
                        + trials.size() + " trials foresees " + metric
                        + " of the others hardly better than their mean does.";
        return new Importance(
                metric,
                Kind.FOREST,
                trials.size(),
                effects,
                pairs,
                Math.min(1, Math.max(0, 1 - foreseen)),
                null,
                conclusive,
                sentence);
    }

    /** Numbers stay what they are, on a scale of their order; all else becomes one column for each value. */
    private static double[][][] inputs(List<TrialRecord> trials, List<String> names, int[] counts, int[][] levels) {
        double[][][] inputs = new double[names.size()][][];
        for (int factor = 0; factor < names.size(); factor++) {
            String name = names.get(factor);
            boolean numeric = trials.stream().allMatch(trial -> Levels.of(trial, name) instanceof Number);
            int columns = numeric ? 1 : counts[factor];
            inputs[factor] = new double[trials.size()][columns];
            for (int i = 0; i < trials.size(); i++) {
                if (numeric) {
                    inputs[factor][i][0] = levels[i][factor];
                } else {
                    inputs[factor][i][levels[i][factor]] = 1;
                }
            }
        }
        return inputs;
    }

    private static String enumeration(List<Effect> effects, String verb) {
        List<Effect> worthSaying = effects.stream()
                .filter(effect -> effect.share() >= WORTH_SAYING)
                .limit(3)
                .toList();
        if (worthSaying.isEmpty()) {
            return "no parameter alone " + verb + " 1 %";
        }
        Effect first = worthSaying.get(0);
        String begin = first.parameter() + " " + verb + " " + percent(first.share());
        if (worthSaying.size() == 1) {
            return begin;
        }
        List<String> others = worthSaying.stream()
                .skip(1)
                .map(effect -> effect.parameter() + " " + percent(effect.share()))
                .collect(Collectors.toList());
        return begin + (others.size() == 1 ? " and " + others.get(0) : ", " + others.get(0) + " and " + others.get(1));
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
