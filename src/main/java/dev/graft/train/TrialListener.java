package dev.graft.train;

/** Hears of a trial's progress on the training thread. */
public interface TrialListener {

    /**
     * An epoch ended.
     *
     * @param result its metrics
     * @param kept whether its weights are the ones kept so far
     * @param probabilities its validation predictions, {@code [images, classes]}; not to be changed
     */
    void epochEnded(EpochResult result, boolean kept, float[] probabilities);

    /** Returns true when the user has asked to stop; training then ends after the epoch. */
    boolean cancelled();
}
