package dev.graft.base;

import dev.graft.fetch.Checksum;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The official file with a base's weights.
 *
 * @param fileName its name in a folder of weights, or a class-path resource for an embedded base
 * @param address where it is fetched from; empty for an embedded base
 * @param source the page or folder that says where the weights come from
 * @param licence the weights' licence
 * @param bytes its size, as the official server gives it; empty where nobody has told
 * @param checksum the digest that its publisher gives; empty where there is none
 */
public record WeightFile(
        String fileName,
        Optional<URI> address,
        String source,
        String licence,
        OptionalLong bytes,
        Optional<Checksum> checksum) {

    /** Says whether the weights ship with Graft. */
    public boolean embedded() {
        return address.isEmpty();
    }
}
