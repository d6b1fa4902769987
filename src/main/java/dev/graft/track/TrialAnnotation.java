package dev.graft.track;

/**
 * What people noted about a trial; it changes nothing of what was recorded.
 *
 * @param pinned whether tables show it first
 * @param hidden whether tables and charts leave it out
 */
public record TrialAnnotation(boolean pinned, boolean hidden) {

    /** Nothing noted. */
    public static final TrialAnnotation NONE = new TrialAnnotation(false, false);

    /** Returns the same, pinned or not. */
    public TrialAnnotation withPinned(boolean other) {
        return new TrialAnnotation(other, hidden);
    }

    /** Returns the same, hidden or not. */
    public TrialAnnotation withHidden(boolean other) {
        return new TrialAnnotation(pinned, other);
    }
}
