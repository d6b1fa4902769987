package dev.graft.data;

import java.nio.file.Path;

/**
 * An image file and its class.
 *
 * @param path the file
 * @param name the path below the data folder, with {@code /}
 * @param label the index of its class in the sorted class names
 */
public record LabelledImage(Path path, String name, int label) {}
