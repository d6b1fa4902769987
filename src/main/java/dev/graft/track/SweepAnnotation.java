package dev.graft.track;

import java.util.List;

/**
 * What people noted about a sweep; it changes nothing of what was recorded.
 *
 * @param name what it is to be called; empty for the recorded name
 * @param notes Markdown; empty for none
 * @param tags words to find it by, in their order
 * @param archived whether lists leave it out
 */
public record SweepAnnotation(String name, String notes, List<String> tags, boolean archived) {

    /** Nothing noted. */
    public static final SweepAnnotation NONE = new SweepAnnotation("", "", List.of(), false);

    /** Copies the list. */
    public SweepAnnotation {
        tags = List.copyOf(tags);
    }

    /** Returns the name to show for a sweep. */
    public String nameOf(SweepRecord sweep) {
        return name.isEmpty() ? sweep.name() : name;
    }

    /** Returns the same with another name. */
    public SweepAnnotation withName(String other) {
        return new SweepAnnotation(other, notes, tags, archived);
    }

    /** Returns the same with other notes. */
    public SweepAnnotation withNotes(String other) {
        return new SweepAnnotation(name, other, tags, archived);
    }

    /** Returns the same with other tags. */
    public SweepAnnotation withTags(List<String> other) {
        return new SweepAnnotation(name, notes, other, archived);
    }

    /** Returns the same, archived or not. */
    public SweepAnnotation withArchived(boolean other) {
        return new SweepAnnotation(name, notes, tags, other);
    }
}
