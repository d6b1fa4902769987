package dev.graft.search;

import dev.graft.spec.Method;
import dev.graft.spec.ParameterSpace;
import dev.graft.spec.Parameters;
import dev.graft.spec.Sweep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;

/** Makes the trials of a sweep: the same ones, in the same order, each time. */
public final class Trials {

    /** Draws per wanted combination before random search takes a space for exhausted. */
    private static final long DRAWS_PER_COMBINATION = 100;

    private static final long LEAST_DRAWS = 10_000;

    /** The increment and the two factors of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final long FIRST_FACTOR = 0xBF58476D1CE4E5B9L;
    private static final long SECOND_FACTOR = 0x94D049BB133111EBL;

    private Trials() {}

    /**
     * Returns the trials, numbered from 1.
     *
     * <p>A grid lists its combinations with the last parameter of the file varying fastest; random search lists its
     * draws, each once, and may hold fewer than {@code run_cap} when the space has no more. Excluded combinations are
     * left out. All combinations come with the first seed, then all with the second, and so on: raising {@code repeats}
     * later keeps the numbers of the trials there were.
     */
    public static List<Trial> of(Sweep sweep) {
        List<Map<String, Object>> combinations = combinations(sweep);
        List<Trial> trials = new ArrayList<>();
        for (int repeat = 0; repeat < sweep.repeats(); repeat++) {
            long seed = seed(sweep.seed(), repeat);
            for (Map<String, Object> combination : combinations) {
                trials.add(new Trial(trials.size() + 1, combination, Parameters.from(combination), seed));
            }
        }
        return List.copyOf(trials);
    }

    /**
     * Derives a trial's seed from the sweep's seed and the repeat (from 0) alone: the upper 53 bits of the
     * {@code repeat + 1}st output of SplitMix64 started at the sweep's seed.
     *
     * <p>So trials of one repeat share their seed and can be compared, and values added to a sweep later leave the seeds
     * of its other trials as they were. 53 bits, because every JSON reader keeps those exactly.
     */
    public static long seed(long sweepSeed, int repeat) {
        long z = sweepSeed + (repeat + 1L) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * FIRST_FACTOR;
        z = (z ^ (z >>> 27)) * SECOND_FACTOR;
        return (z ^ (z >>> 31)) >>> 11;
    }

    private static List<Map<String, Object>> combinations(Sweep sweep) {
        CombinationSpace space = new CombinationSpace(sweep.parameters());
        int wanted = sweep.runCap() > 0 ? sweep.runCap() : Integer.MAX_VALUE;
        if (sweep.method() == Method.GRID) {
            // The count only matters for ranges of real numbers, which a grid does not have, and for long int ranges.
            return take(
                    new GridSearchCandidateGenerator(
                            space, Integer.MAX_VALUE, GridSearchCandidateGenerator.Mode.Sequential, null),
                    sweep,
                    wanted,
                    Long.MAX_VALUE);
        }
        RandomSearchGenerator generator = new RandomSearchGenerator(space);
        generator.setRngSeed(sweep.seed());
        int possible = (int) Math.min(wanted, size(sweep));
        return take(generator, sweep, possible, Math.max(LEAST_DRAWS, DRAWS_PER_COMBINATION * possible));
    }

    private static List<Map<String, Object>> take(CandidateGenerator generator, Sweep sweep, int wanted, long draws) {
        Set<Map<String, Object>> taken = new LinkedHashSet<>();
        for (long i = 0; i < draws && taken.size() < wanted && generator.hasMoreCandidates(); i++) {
            Map<String, Object> combination = assignment(generator.getCandidate());
            if (!excluded(sweep, combination)) {
                taken.add(combination);
            }
        }
        return List.copyOf(taken);
    }

    @SuppressWarnings("unchecked") // CombinationSpace makes nothing else
    private static Map<String, Object> assignment(Candidate<?> candidate) {
        if (candidate.getException() != null) {
            // Arbiter logs and keeps what goes wrong in a space; here that is a bug.
            throw new IllegalStateException("a candidate could not be made", candidate.getException());
        }
        return (Map<String, Object>) candidate.getValue();
    }

    private static boolean excluded(Sweep sweep, Map<String, Object> combination) {
        return sweep.exclude().stream().anyMatch(entry -> combination.entrySet().containsAll(entry.entrySet()));
    }

    /** Returns how many combinations the space holds, as far as an int can say. */
    private static long size(Sweep sweep) {
        long size = 1;
        for (ParameterSpace space : sweep.parameters().values()) {
            if (space instanceof ParameterSpace.Choice choice) {
                size *= choice.values().size();
            } else if (space instanceof ParameterSpace.IntRange range) {
                size *= range.max() - range.min() + 1;
            } else {
                return Integer.MAX_VALUE;
            }
            if (size > Integer.MAX_VALUE) {
                return Integer.MAX_VALUE;
            }
        }
        return size;
    }
}
