package dev.graft.base;

import dev.graft.fetch.Checksum;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The file with a base's weights.
 *
 * @param fileName its name in a folder of weights, or a class-path resource for an embedded base
 * @param origin who made it
 * @param address where it is fetched from; empty for an embedded base and for weights of a user's own
 * @param source the page or folder that says where the weights come from
 * @param licence the weights' licence
 * @param bytes its size, as the official server gives it; empty where nobody has told
 * @param checksum the digest that its publisher gives; empty where there is none
 */
public record WeightFile(
        String fileName,
        Origin origin,
        Optional<URI> address,
        String source,
        String licence,
        OptionalLong bytes,
        Optional<Checksum> checksum) {

    /** Who made a weight file. */
    public enum Origin {
        /** It ships with Graft. */
        BUILT_IN,
        /** Those who published the network, or Keras' or torchvision's authors. */
        OFFICIAL,
        /** The user, or somebody the user knows. */
        OWN,
        /** {@code graft bases random}: its values mean nothing. */
        PSEUDO_RANDOM
    }

    /** What {@code graft bases random} writes into its files' metadata. */
    public static final Map<String, String> PSEUDO_RANDOM_MARK = Map.of("weights", "pseudo-random");

    /** Says whether the weights ship with Graft. */
    public boolean embedded() {
        return origin == Origin.BUILT_IN;
    }

    /** Describes weights that a user brings along. */
    static WeightFile own(String path) {
        return elsewhere(path, Origin.OWN, path, "whatever licence they came under");
    }

    /** Describes a file that stands in for the official one. */
    static WeightFile standIn(Path file) {
        return isPseudoRandom(file)
                ? elsewhere(file.toString(), Origin.PSEUDO_RANDOM, "graft bases random", "pseudo-random numbers")
                : own(file.toString());
    }

    /** Says whether {@code graft bases random} wrote a file. */
    public static boolean isPseudoRandom(Path file) {
        try {
            return Safetensors.metadata(file).entrySet().containsAll(PSEUDO_RANDOM_MARK.entrySet());
        } catch (WeightException e) {
            return false;
        }
    }

    private static WeightFile elsewhere(String path, Origin origin, String source, String licence) {
        return new WeightFile(path, origin, Optional.empty(), source, licence, OptionalLong.empty(), Optional.empty());
    }
}
