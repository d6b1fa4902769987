package dev.graft.data;

import dev.graft.data.FoundImage.Split;
import dev.graft.spec.SweepData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes validation and test images out of the training images, class by class.
 *
 * <p>Images are ranked by a hash of seed and name, so adding or removing a few files moves few others between splits.
 */
final class StratifiedSplit {

    private StratifiedSplit() {}

    /**
     * Moves images from train; others stay as they are. Each class keeps at least one image in train, then gives at
     * least one to validation, then at least one to test, as far as it has enough.
     */
    static List<FoundImage> apply(List<FoundImage> images, SweepData.Split split, long seed) {
        Map<String, List<FoundImage>> byClass = new TreeMap<>(FolderScan.BY_CODE_POINT);
        List<FoundImage> result = new ArrayList<>();
        for (FoundImage image : images) {
            if (image.split() == Split.TRAIN) {
                byClass.computeIfAbsent(image.className(), name -> new ArrayList<>())
                        .add(image);
            } else {
                result.add(image);
            }
        }
        byClass.values().forEach(members -> deal(members, split, seed, result));
        result.sort(Comparator.comparing(FoundImage::name, FolderScan.BY_CODE_POINT));
        return result;
    }

    private static void deal(List<FoundImage> members, SweepData.Split split, long seed, List<FoundImage> result) {
        members.sort(Comparator.<FoundImage>comparingLong(image -> Seeded.hash(seed, image.name(), 0))
                .thenComparing(FoundImage::name, FolderScan.BY_CODE_POINT));
        int size = members.size();
        int validation = Math.min(size - 1, share(size, split.validation()));
        int test = split.test() > 0 ? Math.min(size - 1 - validation, share(size, split.test())) : 0;
        for (int i = 0; i < size; i++) {
            Split to = i < validation ? Split.VALIDATION : i < validation + test ? Split.TEST : Split.TRAIN;
            result.add(members.get(i).in(to));
        }
    }

    private static int share(int size, double fraction) {
        return Math.max(1, (int) Math.round(size * fraction));
    }
}
