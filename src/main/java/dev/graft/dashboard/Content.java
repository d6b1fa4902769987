package dev.graft.dashboard;

import dev.graft.track.TrackReader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a dashboard shows, and may change.
 *
 * @param reader the record; stays the caller's to close, after the dashboard
 * @param results the directory the record is in; empty where there is the record alone, of which nothing can be changed
 */
public record Content(TrackReader reader, Optional<Path> results) {

    /** Shows a record and changes nothing. */
    public static Content of(TrackReader reader) {
        return new Content(reader, Optional.empty());
    }
}
