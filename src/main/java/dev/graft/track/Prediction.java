package dev.graft.track;

/**
 * What the kept epoch predicted for one image.
 *
 * @param image the path below the data folder, with {@code /}
 * @param label the index of its class
 * @param predicted the index of the class with the highest probability, the first of equals
 * @param confidence that probability, in [0, 1]
 * @param labelProbability the probability of its own class, in [0, 1]
 */
public record Prediction(String image, int label, int predicted, double confidence, double labelProbability) {}
