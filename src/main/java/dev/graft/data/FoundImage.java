package dev.graft.data;

import java.nio.file.Path;

/**
 * A file that claims to be an image, before anyone looked inside.
 *
 * @param split where it lies
 * @param className the folder of its class
 * @param name the path below the data folder, with {@code /}
 */
record FoundImage(Path path, Split split, String className, String name) {

    /** The part of the data an image belongs to. */
    enum Split {
        TRAIN,
        VALIDATION,
        TEST
    }

    FoundImage in(Split other) {
        return new FoundImage(path, other, className, name);
    }
}
