package dev.graft.dashboard;

import dev.graft.export.TrialBundles;
import dev.graft.track.TrackReader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a dashboard shows, and may change.
 *
 * @param reader the record; stays the caller's to close, after the dashboard
 * @param results the directory the record is in; empty where there is the record alone, of which nothing can be changed
 * @param bundles makes and uses bundles of its trials; empty where none can be made; the caller's to close, too
 */
public record Content(TrackReader reader, Optional<Path> results, Optional<TrialBundles> bundles) {

    /** Shows a record and changes what people say of it; models stay where they are. */
    public Content(TrackReader reader, Optional<Path> results) {
        this(reader, results, Optional.empty());
    }

    /** Shows a record and changes nothing. */
    public static Content of(TrackReader reader) {
        return new Content(reader, Optional.empty());
    }
}
