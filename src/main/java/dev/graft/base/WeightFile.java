package dev.graft.base;

import dev.graft.fetch.Checksum;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The file with a base's weights.
 *
 * @param fileName its name in a folder of weights, or a class-path resource for an embedded base
 * @param embedded whether it ships with Graft
 * @param address where it is fetched from; empty for an embedded base and for weights of a user's own
 * @param source the page or folder that says where the weights come from
 * @param licence the weights' licence
 * @param bytes its size, as the official server gives it; empty where nobody has told
 * @param checksum the digest that its publisher gives; empty where there is none
 */
public record WeightFile(
        String fileName,
        boolean embedded,
        Optional<URI> address,
        String source,
        String licence,
        OptionalLong bytes,
        Optional<Checksum> checksum) {

    /** Describes weights that a user brings along. */
    static WeightFile own(String path) {
        return new WeightFile(
                path, false, Optional.empty(), path, "that of " + path, OptionalLong.empty(), Optional.empty());
    }
}
