package dev.graft.features;

import dev.graft.data.Sha256;

/**
 * Everything that decides the values of a feature file; equal keys mean equal features.
 *
 * @param base the base's name
 * @param architectureVersion its {@link dev.graft.base.Architecture#version()}
 * @param weightsDigest the digest of its weights
 * @param imageSize the images' side in pixels
 * @param cut the node where the frozen prefix ends
 * @param pooling {@code avg} or {@code max} where the map is stored pooled, {@code none} where it is stored whole
 * @param decoding what decides pixels: the versions of decoding and preprocessing
 * @param augmentation {@code none}, or the augmentations with seed, version and number of views; {@code live} where
 *     only validation images are stored
 * @param datasetDigest the digest of the images
 * @param precision {@code float32} or {@code float16}: the numbers that are stored
 */
public record FeatureKey(
        String base,
        int architectureVersion,
        String weightsDigest,
        int imageSize,
        String cut,
        String pooling,
        String decoding,
        String augmentation,
        String datasetDigest,
        String precision) {

    /** Returns SHA-256 over all parts, in hex: the file's name in the store. */
    public String digest() {
        return Sha256.hex(toString());
    }

    /** Returns the first twelve digits of the digest: what people see. */
    public String shortDigest() {
        return digest().substring(0, 12);
    }

    /** Returns the cut with its pooling, as plans and records name it: {@code out_relu + avg}. */
    public String cutName() {
        return pooling.equals("none") ? cut : cut + " + " + pooling;
    }
}
