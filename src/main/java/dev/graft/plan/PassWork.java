package dev.graft.plan;

import java.util.List;

/**
 * What a frozen pass and the trials on its features compute, counted beforehand.
 *
 * @param base the base's name
 * @param imageSize the images' side in pixels
 * @param cut the deepest output
 * @param data what the images are known by
 * @param images through the base, views counted
 * @param decoded those of them that are decoded, and not kept from an earlier pass
 * @param multiplyAdds up to the deepest output, for one image
 * @param bytes to be written; 0 where everything is in the store
 * @param groups in the order of the plan
 */
public record PassWork(
        String base,
        int imageSize,
        String cut,
        String data,
        long images,
        long decoded,
        long multiplyAdds,
        long bytes,
        List<GroupWork> groups) {

    /** Copies the list. */
    public PassWork {
        groups = List.copyOf(groups);
    }

    /** Describes a pass that decodes all its images. */
    public PassWork(
            String base,
            int imageSize,
            String cut,
            String data,
            long images,
            long multiplyAdds,
            long bytes,
            List<GroupWork> groups) {
        this(base, imageSize, cut, data, images, images, multiplyAdds, bytes, groups);
    }

    /** Returns the same where only so many images are decoded. */
    public PassWork decoding(long count) {
        return new PassWork(base, imageSize, cut, data, images, count, multiplyAdds, bytes, groups);
    }

    /** Says whether the frozen base has to run: something is missing that a trial waits for. */
    public boolean needed() {
        return bytes > 0 && trials() > 0;
    }

    /** Returns how many trials are to run on its features. */
    public int trials() {
        return groups.stream().mapToInt(GroupWork::trials).sum();
    }

    /** Returns where the time to decode is kept. */
    public RateKey decodeKey() {
        return new RateKey(RateKey.Kind.DECODE, data, imageSize, "");
    }

    /** Returns where the time of the frozen base is kept. */
    public RateKey prefixKey() {
        return new RateKey(RateKey.Kind.PREFIX, base, imageSize, cut);
    }

    /** Returns where the time of a group's tails is kept. */
    public RateKey tailKey(RateKey.Kind kind, GroupWork group) {
        return new RateKey(kind, base, imageSize, String.valueOf(group.fineTuneDepth()));
    }
}
