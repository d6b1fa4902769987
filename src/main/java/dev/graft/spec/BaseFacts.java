package dev.graft.spec;

import java.util.List;
import java.util.Optional;

/** What a sweep file must know of the bases to be checked before anything runs; the catalogue of bases answers it. */
public interface BaseFacts {

    /** Returns the names a sweep file may use, sorted. */
    List<String> names();

    /** Returns the facts of a base, or empty for an unknown name. */
    Optional<Facts> find(String name);

    /**
     * The limits of one base.
     *
     * @param minimumSize the smallest image side in pixels, inclusive
     * @param blocks the number of blocks that {@code fine_tune_depth} may count, inclusive
     */
    record Facts(int minimumSize, int blocks) {}
}
