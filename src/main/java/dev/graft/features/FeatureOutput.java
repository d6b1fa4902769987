package dev.graft.features;

/**
 * A value of the frozen prefix that can be stored.
 *
 * @param cut the node where the prefix ends
 * @param pooling {@code avg} or {@code max} over height and width, or {@code none} for the whole map
 */
public record FeatureOutput(String cut, String pooling) {

    /** Returns the name of the value in the prefix's ONNX model. */
    String node() {
        return pooling.equals("none") ? cut : "features_" + pooling + "_of_" + cut;
    }
}
