package dev.graft.cli;

import dev.graft.base.Catalogue;

/** Whether a base can be used now. */
enum BaseState {
    /** Its weights ship with Graft. */
    BUILT_IN("built in"),
    /** Its weights are on this machine. */
    READY("ready"),
    /** Its weights are elsewhere. */
    TO_DOWNLOAD("to download");

    private final String word;

    BaseState(String word) {
        this.word = word;
    }

    static BaseState of(Catalogue catalogue, Catalogue.Entry entry) {
        if (entry.embedded()) {
            return BUILT_IN;
        }
        return catalogue.weightFile(entry).isPresent() ? READY : TO_DOWNLOAD;
    }

    String word() {
        return word;
    }
}
