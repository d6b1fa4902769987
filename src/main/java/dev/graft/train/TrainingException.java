package dev.graft.train;

/** Reports that a trial cannot go on, through its parameters or its data; the sweep can. */
public final class TrainingException extends RuntimeException {

    /** Says why, in words for the trial's record: {@code loss is NaN at epoch 1, step 12}. */
    public TrainingException(String reason) {
        super(reason);
    }
}
