package dev.graft.run;

/** Reports that a recorded sweep cannot go on as it began: its images, weights or Graft itself are others now. */
public final class ResumeException extends RuntimeException {

    /** Says what changed, and what to do. */
    public ResumeException(String message) {
        super(message);
    }
}
