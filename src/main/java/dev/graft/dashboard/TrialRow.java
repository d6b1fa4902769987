package dev.graft.dashboard;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.analysis.TrialFacts;
import dev.graft.analysis.TrialView;

/**
 * A trial as a list has it.
 *
 * @param trial what is recorded
 * @param pinned whether somebody keeps it in sight
 * @param hidden whether somebody put it out of sight
 */
record TrialRow(@JsonUnwrapped TrialView trial, boolean pinned, boolean hidden) {

    static TrialRow of(TrialFacts facts) {
        return new TrialRow(TrialView.of(facts.trial(), TrialSelection.rank(facts)), facts.pinned(), facts.hidden());
    }
}
