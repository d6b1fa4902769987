package dev.graft.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a sweep file must know of the bases to be checked before anything runs; the catalogue of bases answers it. */
public interface BaseFacts {

    /** Returns the architectures that a sweep file may use, sorted; see {@link BaseName} for what may follow them. */
    List<String> names();

    /** Returns the facts of an architecture, whatever its width and weights, or empty for an unknown one. */
    Optional<Facts> find(String name);

    /**
     * The limits of one architecture.
     *
     * @param minimumSize the smallest image side in pixels, inclusive
     * @param blocks the number of blocks that {@code fine_tune_depth} may count, inclusive
     * @param alphas the width factors, 1 among them, that it has official weights for; empty where it has but one width
     */
    record Facts(int minimumSize, int blocks, Set<Double> alphas) {

        /** Copies the set. */
        public Facts {
            alphas = Set.copyOf(alphas);
        }

        /** Describes an architecture of one width. */
        public Facts(int minimumSize, int blocks) {
            this(minimumSize, blocks, Set.of());
        }

        /** Says whether other widths than 1 can be had. */
        public boolean hasAlpha() {
            return !alphas.isEmpty();
        }
    }
}
