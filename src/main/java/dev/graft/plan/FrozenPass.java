package dev.graft.plan;

import java.util.List;

/**
 * One run of a frozen base over all images, which yields the features of several groups.
 *
 * @param base the base's name
 * @param imageSize the images' side in pixels
 * @param headPoolings how the base's last map is stored for heads: {@code avg}, {@code max}, {@code none}
 * @param groups the groups it serves, shallow cuts' small features first
 */
public record FrozenPass(String base, int imageSize, List<String> headPoolings, List<FeatureGroup> groups) {

    /** Copies the lists. */
    public FrozenPass {
        headPoolings = List.copyOf(headPoolings);
        groups = List.copyOf(groups);
    }

    /** Returns the number of trials it serves. */
    public int trials() {
        return groups.stream().mapToInt(group -> group.trials().size()).sum();
    }
}
