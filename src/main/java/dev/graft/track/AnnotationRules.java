package dev.graft.track;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What names, notes and tags may be. */
final class AnnotationRules {

    private static final int NAME = 200;
    private static final int NOTES = 100_000;
    private static final int TAGS = 20;
    private static final int TAG = 50;

    /** Line breaks included. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}]");

    /** What a text of several lines can do without. */
    private static final Pattern NOISE = Pattern.compile("[\\p{Cc}\\p{Cs}&&[^\n\t]]");

    private AnnotationRules() {}

    /**
     * Returns an annotation as it is kept: without blanks around names and tags, and each tag once.
     *
     * @throws AnnotationException naming everything that is too long or has control characters
     */
    static SweepAnnotation kept(SweepAnnotation wanted) {
        List<String> problems = new ArrayList<>();
        String name = wanted.name().strip();
        if (name.length() > NAME) {
            problems.add("a sweep's name must have at most " + NAME + " characters, but had " + name.length());
        }
        if (CONTROL.matcher(name).find()) {
            problems.add("a sweep's name must be one line of text without control characters");
        }
        String notes = NOISE.matcher(wanted.notes().replaceAll("\r\n?", "\n")).replaceAll("");
        if (notes.length() > NOTES) {
            problems.add("notes must have at most " + NOTES + " characters, but had " + notes.length());
        }
        Set<String> tags = new LinkedHashSet<>();
        for (String tag : wanted.tags()) {
            String word = tag.strip();
            if (!word.isEmpty() && tags.add(word)) {
                checkTag(word, problems);
            }
        }
        if (tags.size() > TAGS) {
            problems.add("a sweep must have at most " + TAGS + " tags, but had " + tags.size());
        }
        if (!problems.isEmpty()) {
            throw new AnnotationException(problems);
        }
        return new SweepAnnotation(name, notes.isBlank() ? "" : notes, List.copyOf(tags), wanted.archived());
    }

    private static void checkTag(String tag, List<String> problems) {
        if (tag.length() > TAG) {
            problems.add("a tag must have at most " + TAG + " characters, but one had " + tag.length());
        }
        if (CONTROL.matcher(tag).find() || tag.indexOf(',') >= 0) {
            problems.add("a tag must be one line of text without commas and control characters");
        }
    }
}
