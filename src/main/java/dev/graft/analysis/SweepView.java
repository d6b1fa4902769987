package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A sweep as {@code graft show --json} prints it and the dashboard sends it, so that both show the same. Any Jackson
 * mapper writes it: names in snake case, states in lower case, times as ISO-8601 text. NaN and infinities are null,
 * because JSON has no such numbers.
 *
 * @param id the sweep's id
 * @param name its name
 * @param state where it stands
 * @param reason why it ended as it did; empty where there is nothing to say
 * @param method how its trials were chosen
 * @param metric the name of the ranking metric
 * @param goal {@code maximize} or {@code minimize}
 * @param fileName the sweep file as the user named it
 * @param createdAt when it was created
 * @param endedAt when it ended; null before
 * @param frozenPasses how often the frozen base ran over the images
 * @param frozenPassesSaved passes the trials did not need
 * @param classes the class names, in label order
 * @param trials in the order of their numbers; in a page of the dashboard, the trials of the page in its order
 * @param featureGroups what the trials share
 * @param bestTrial the id of the best finished trial; null while there is none
 * @param provenance everything else that decides or explains a result, by name
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SweepView(
        String id,
        String name,
        String state,
        String reason,
        String method,
        String metric,
        String goal,
        String fileName,
        String createdAt,
        @Nullable String endedAt,
        int frozenPasses,
        int frozenPassesSaved,
        List<String> classes,
        List<TrialView> trials,
        List<Group> featureGroups,
        @Nullable String bestTrial,
        Map<String, String> provenance) {

    /** Copies the collections, the provenance in the order of its names. */
    public SweepView {
        classes = List.copyOf(classes);
        trials = List.copyOf(trials);
        featureGroups = List.copyOf(featureGroups);
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
    }

    /** A feature group; see {@link FeatureGroupRecord} for its parts. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Group(
            String key,
            String base,
            int imageSize,
            String cut,
            long images,
            long bytes,
            TrialView.Cache cache,
            @Nullable Double decodeSeconds,
            @Nullable Double prefixSeconds) {

        private static Group of(FeatureGroupRecord group) {
            return new Group(
                    group.key(),
                    group.base(),
                    group.imageSize(),
                    group.cut(),
                    group.images(),
                    group.bytes(),
                    new TrialView.Cache(group.cacheHit()),
                    Finite.orNull(group.decodeSeconds()),
                    Finite.orNull(group.prefixSeconds()));
        }
    }

    /** Makes the view of what is recorded. */
    public static SweepView of(SweepRecord sweep, List<TrialRecord> trials, List<FeatureGroupRecord> groups) {
        return of(sweep, Ranking.lines(sweep, trials), trials, groups);
    }

    /**
     * Makes the view with some of the trials.
     *
     * @param lines all trials, for places and the best
     * @param trials those to show
     */
    public static SweepView of(
            SweepRecord sweep, List<TrialLine> lines, List<TrialRecord> trials, List<FeatureGroupRecord> groups) {
        Map<String, Integer> places = Ranking.places(sweep, lines);
        return new SweepView(
                sweep.id(),
                sweep.name(),
                sweep.state().word(),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.fileName(),
                sweep.createdAt().toString(),
                sweep.endedAt().map(Object::toString).orElse(null),
                sweep.frozenPasses(),
                sweep.frozenPassesSaved(),
                sweep.classes(),
                trials.stream()
                        .map(trial -> TrialView.of(trial, places.get(trial.id())))
                        .toList(),
                groups.stream().map(Group::of).toList(),
                Ranking.bestLine(sweep, lines).map(TrialLine::id).orElse(null),
                sweep.provenance());
    }
}
