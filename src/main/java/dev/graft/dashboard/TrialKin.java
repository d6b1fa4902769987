package dev.graft.dashboard;

import dev.graft.analysis.Ranking;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a sweep that share something with one of them.
 *
 * @param sharing others that train on the same features, the best first; not more than 24
 * @param sharingCount how many there are
 * @param takenBy trials of the sweep that took over this one's result, by number; not more than 24
 * @param takenByCount how many there are
 */
record TrialKin(List<Kin> sharing, int sharingCount, List<Kin> takenBy, int takenByCount) {

    private static final int MOST = 24;

    /**
     * One of them.
     *
     * @param value the sweep's metric at its best epoch; null before there is one
     */
    record Kin(
            String id, int number, String state, @Nullable Double value) {}

    static TrialKin of(SweepRecord sweep, TrialRecord trial, List<TrialRecord> all) {
        List<TrialRecord> others =
                all.stream().filter(other -> !other.id().equals(trial.id())).toList();
        List<TrialRecord> sharing = trial.featureGroup().isEmpty()
                ? List.of()
                : others.stream()
                        .filter(other -> other.featureGroup().equals(trial.featureGroup()))
                        .toList();
        List<TrialRecord> takenBy = others.stream()
                .filter(other -> other.sameAs().equals(trial.id()))
                .toList();
        return new TrialKin(
                kin(sweep, Ranking.order(sweep, sharing)), sharing.size(), kin(sweep, takenBy), takenBy.size());
    }

    private static List<Kin> kin(SweepRecord sweep, List<TrialRecord> trials) {
        return trials.stream()
                .limit(MOST)
                .map(trial -> new Kin(
                        trial.id(),
                        trial.number(),
                        trial.state().word(),
                        TrialLine.of(sweep.metric(), trial).value()))
                .toList();
    }
}
