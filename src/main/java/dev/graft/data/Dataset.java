package dev.graft.data;

import dev.graft.spec.Problem;
import java.util.List;

/**
 * The images of a sweep, found, checked and split; immutable.
 *
 * @param classes the class names, sorted; a label is an index into it
 * @param train training images, sorted by name
 * @param validation validation images, sorted by name
 * @param test images kept for the exported model alone; may be empty
 * @param digest SHA-256, in hex, over every image's split, class, name and content
 * @param skipped unreadable files, each with its reason; empty when nothing was skipped
 */
public record Dataset(
        List<String> classes,
        List<LabelledImage> train,
        List<LabelledImage> validation,
        List<LabelledImage> test,
        String digest,
        List<Problem> skipped) {

    /** Copies the lists. */
    public Dataset {
        classes = List.copyOf(classes);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        skipped = List.copyOf(skipped);
    }
}
