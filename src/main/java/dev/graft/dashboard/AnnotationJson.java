package dev.graft.dashboard;

import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import java.util.List;

/**
 * What is noted about a sweep.
 *
 * @param name what it is called
 * @param recordedName the name of its sweep file
 * @param notes Markdown
 * @param notesHtml the same, to be put into a page as it is
 */
record AnnotationJson(
        String id,
        String name,
        String recordedName,
        String notes,
        String notesHtml,
        List<String> tags,
        boolean archived) {

    static AnnotationJson of(SweepRecord sweep, SweepAnnotation annotation) {
        return new AnnotationJson(
                sweep.id(),
                annotation.nameOf(sweep),
                sweep.name(),
                annotation.notes(),
                NotesHtml.of(annotation.notes()),
                annotation.tags(),
                annotation.archived());
    }
}
