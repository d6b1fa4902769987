package dev.graft.cli;

import dev.graft.base.Catalogue;

/** Whether a base can be used now. */
enum BaseState {
    /** Its weights ship with Graft. */
    BUILT_IN("built in"),
    /** Its weights are on this machine. */
    READY("ready"),
    /** A file of the user's own stands in for the official weights. */
    OWN_FILE("own file"),
    /** Made-up weights stand in for the official ones. */
    PSEUDO_RANDOM("pseudo-random"),
    /** Its weights are elsewhere. */
    TO_DOWNLOAD("to download");

    private final String word;

    BaseState(String word) {
        this.word = word;
    }

    /** Returns the state of a base as {@link Catalogue#found} gives it. */
    static BaseState of(Catalogue catalogue, Catalogue.Entry entry) {
        return switch (entry.weights().origin()) {
            case BUILT_IN -> BUILT_IN;
            case OWN -> OWN_FILE;
            case PSEUDO_RANDOM -> PSEUDO_RANDOM;
            case OFFICIAL -> catalogue.weightFile(entry).isPresent() ? READY : TO_DOWNLOAD;
        };
    }

    String word() {
        return word;
    }
}
