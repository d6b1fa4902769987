package dev.graft.plan;

import dev.graft.search.Trial;
import java.util.List;

/**
 * Trials that train on the same features.
 *
 * @param base the base's name
 * @param imageSize the images' side in pixels
 * @param fineTuneDepth how many blocks lie behind the cut
 * @param pooling {@code avg} or {@code max} where pooled vectors are stored; {@code none} where whole maps are
 * @param trials the trials, in the order in which they run; at least one
 */
public record FeatureGroup(String base, int imageSize, int fineTuneDepth, String pooling, List<Trial> trials) {

    /** Copies the list. */
    public FeatureGroup {
        trials = List.copyOf(trials);
    }
}
