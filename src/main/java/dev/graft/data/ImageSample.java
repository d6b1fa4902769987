package dev.graft.data;

import dev.graft.data.FoundImage.Split;
import dev.graft.data.ImageCheck.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Draws some of the images, so that each class of each split keeps its share.
 *
 * <p>Images are ranked by a hash of seed and name, as in {@link StratifiedSplit}. A bad image gives its place to the next
 * one of its class and split.
 */
final class ImageSample {

    /** The split ranks by index 0; another one keeps the draw apart from it. */
    private static final int INDEX = 1;

    private static final Comparator<Part> ORDER =
            Comparator.comparing(Part::split).thenComparing(Part::className, FolderScan.BY_CODE_POINT);

    /** What keeps its share. */
    private record Part(Split split, String className) {

        static Part of(FoundImage image) {
            return new Part(image.split(), image.className());
        }
    }

    private final Map<Part, Deque<FoundImage>> ranked = new TreeMap<>(ORDER);

    ImageSample(List<FoundImage> images, long seed) {
        images.stream()
                .sorted(Comparator.<FoundImage>comparingLong(image -> Seeded.hash(seed, image.name(), INDEX))
                        .thenComparing(FoundImage::name, FolderScan.BY_CODE_POINT))
                .forEach(image -> ranked.computeIfAbsent(Part.of(image), part -> new ArrayDeque<>())
                        .add(image));
    }

    /** Returns the least number of images that holds one of each class in each split. */
    int least() {
        return ranked.size();
    }

    /**
     * Draws images and hands them to be checked until there are so many good ones or no more, once for each sample.
     *
     * @param most how many, from {@link #least} to the number of images
     * @param check returns a verdict for each image, in order
     * @return what was checked, by name
     */
    Map<FoundImage, Verdict> draw(long most, Function<List<FoundImage>, List<Verdict>> check) {
        Map<FoundImage, Verdict> drawn =
                new TreeMap<>(Comparator.comparing(FoundImage::name, FolderScan.BY_CODE_POINT));
        Map<Part, Long> wanted = shares(most);
        List<FoundImage> next = next(wanted);
        while (!next.isEmpty()) {
            List<Verdict> verdicts = check.apply(next);
            for (int i = 0; i < next.size(); i++) {
                drawn.put(next.get(i), verdicts.get(i));
                if (verdicts.get(i).fault().isEmpty()) {
                    wanted.merge(Part.of(next.get(i)), -1L, Long::sum);
                }
            }
            next = next(wanted);
        }
        return drawn;
    }

    private List<FoundImage> next(Map<Part, Long> wanted) {
        List<FoundImage> next = new ArrayList<>();
        ranked.forEach((part, images) -> {
            for (long i = wanted.getOrDefault(part, 0L); i > 0 && !images.isEmpty(); i--) {
                next.add(images.remove());
            }
        });
        return next;
    }

    /** Gives one image to each part whose share is less; the others share the rest by the largest remainder. */
    private Map<Part, Long> shares(long most) {
        Map<Part, Long> sizes = new TreeMap<>(ORDER);
        ranked.forEach((part, images) -> sizes.put(part, (long) images.size()));
        Map<Part, Long> shares = new TreeMap<>(ORDER);
        List<Part> small;
        do {
            long places = most - shares.size();
            long images = sum(sizes);
            small = sizes.entrySet().stream()
                    .filter(part -> part.getValue() * places < images)
                    .map(Map.Entry::getKey)
                    .toList();
            small.forEach(part -> shares.put(part, 1L));
            sizes.keySet().removeAll(small);
        } while (!small.isEmpty());
        long places = most - shares.size();
        long images = sum(sizes);
        Map<Part, Long> remainders = new TreeMap<>(ORDER);
        for (Map.Entry<Part, Long> part : sizes.entrySet()) {
            shares.put(part.getKey(), part.getValue() * places / images);
            remainders.put(part.getKey(), part.getValue() * places % images);
        }
        remainders.entrySet().stream()
                .sorted(Map.Entry.<Part, Long>comparingByValue().reversed())
                .limit(most - sum(shares))
                .forEach(part -> shares.merge(part.getKey(), 1L, Long::sum));
        return shares;
    }

    private static long sum(Map<Part, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
