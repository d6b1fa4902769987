package dev.graft.cli;

import dev.graft.analysis.Ranking;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;

/** What users call sweeps and trials. */
final class References {

    private References() {}

    /** Returns the trial that {@code SWEEP-NUMBER} means, with the sweep's id shortened or {@code latest}. */
    static TrialRecord trial(TrackReader track, String reference) {
        int dash = reference.lastIndexOf('-');
        if (dash > 0 && reference.substring(dash + 1).chars().allMatch(Character::isDigit)) {
            SweepRecord sweep = track.sweep(reference.substring(0, dash));
            return track.trial(sweep.id() + reference.substring(dash))
                    .orElseThrow(() ->
                            new UsageException("sweep " + sweep.id() + " has no trial " + reference.substring(dash + 1)
                                    + "; it has " + track.trials(sweep.id()).size()));
        }
        throw new UsageException("a trial is named by its sweep and number, as in latest-3, but was " + reference);
    }

    /** Returns the trial meant, or the best one of the sweep meant. */
    static TrialRecord trialOrBest(TrackReader track, String reference) {
        int dash = reference.lastIndexOf('-');
        if (dash > 0) {
            return trial(track, reference);
        }
        SweepRecord sweep = track.sweep(reference);
        return Ranking.best(sweep, track.trials(sweep.id()))
                .orElseThrow(() -> new StoreException("sweep " + sweep.id() + " has no finished trial"));
    }
}
