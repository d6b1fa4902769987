package dev.graft.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A checked sweep file.
 *
 * @param name the sweep's name: letters, digits, {@code . _ -}
 * @param data the images
 * @param method how trials are chosen
 * @param metric what ranks them
 * @param parameters the space of each parameter by name, in the order of the file; parameters the file leaves out are
 *     absent and take {@link TrialParameters}' defaults
 * @param exclude partial assignments; a trial that matches every entry of one of them is not run
 * @param epochs the most epochs of the first phase, at least 1
 * @param earlyStopping when a phase stops sooner
 * @param fineTune the second phase
 * @param seed what every random choice derives from
 * @param repeats trials per combination, with different seeds, at least 1
 * @param retry how often a trial is tried whose worker process dies, or that fails unexpectedly
 * @param runCap the most combinations; required for random search, 0 for no limit with a grid
 * @param keepModels how many trials, best first, keep their trained weights, at least 0; empty for all
 * @param maxFailedTrials how many failed or crashed trials are borne, at least 0: one more ends the sweep; empty for no
 *     limit
 * @param maxTrialTime after which an attempt at a trial counts as stuck, above 0; empty for no limit
 * @param cacheMaxBytes the size of the feature store over which the least recently used features are deleted, at least 1;
 *     empty where the file does not say
 * @param precision the numbers in which features are stored
 */
public record Sweep(
        String name,
        SweepData data,
        Method method,
        Metric metric,
        Map<String, ParameterSpace> parameters,
        List<Map<String, Object>> exclude,
        int epochs,
        EarlyStopping earlyStopping,
        FineTune fineTune,
        long seed,
        int repeats,
        Retry retry,
        int runCap,
        OptionalInt keepModels,
        OptionalInt maxFailedTrials,
        Optional<Duration> maxTrialTime,
        OptionalLong cacheMaxBytes,
        FeaturePrecision precision) {

    /** Copies the collections, keeping the file's order. */
    public Sweep {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        exclude = List.copyOf(exclude);
    }

    /** Makes a sweep whose features are stored as they are computed. */
    public Sweep(
            String name,
            SweepData data,
            Method method,
            Metric metric,
            Map<String, ParameterSpace> parameters,
            List<Map<String, Object>> exclude,
            int epochs,
            EarlyStopping earlyStopping,
            FineTune fineTune,
            long seed,
            int repeats,
            Retry retry,
            int runCap,
            OptionalInt keepModels,
            OptionalInt maxFailedTrials,
            Optional<Duration> maxTrialTime,
            OptionalLong cacheMaxBytes) {
        this(
                name,
                data,
                method,
                metric,
                parameters,
                exclude,
                epochs,
                earlyStopping,
                fineTune,
                seed,
                repeats,
                retry,
                runCap,
                keepModels,
                maxFailedTrials,
                maxTrialTime,
                cacheMaxBytes,
                FeaturePrecision.FLOAT32);
    }
}
