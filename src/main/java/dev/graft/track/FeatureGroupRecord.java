package dev.graft.track;

/**
 * Features that trials of a sweep share.
 *
 * @param key the short digest trials name as their feature group
 * @param base the base's name
 * @param imageSize the images' side in pixels
 * @param cut where the frozen prefix ends: the layer, with its pooling where one is stored
 * @param images vectors or maps stored, views counted
 * @param bytes on disk
 * @param cacheHit whether they were there when the sweep began
 * @param decodeSeconds decoding and augmenting, 0 for a hit
 * @param prefixSeconds running the frozen prefix, 0 for a hit
 */
public record FeatureGroupRecord(
        String key,
        String base,
        int imageSize,
        String cut,
        long images,
        long bytes,
        boolean cacheHit,
        double decodeSeconds,
        double prefixSeconds) {}
