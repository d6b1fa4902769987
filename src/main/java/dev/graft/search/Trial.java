package dev.graft.search;

import dev.graft.spec.TrialParameters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One assignment of all parameters and a seed.
 *
 * @param number the trial's place in its sweep, from 1
 * @param assignment the parameters the file names, with their values, in the file's order
 * @param parameters all of them, typed, with defaults filled in
 * @param seed what the trial's initial weights, order of images and dropout derive from
 */
public record Trial(int number, Map<String, Object> assignment, TrialParameters parameters, long seed) {

    /** Copies the map, keeping its order. */
    public Trial {
        assignment = Collections.unmodifiableMap(new LinkedHashMap<>(assignment));
    }
}
