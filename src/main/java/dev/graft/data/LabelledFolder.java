package dev.graft.data;

import dev.graft.data.FoundImage.Split;
import dev.graft.spec.PlainText;
import dev.graft.spec.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A folder with one folder of images per class, for measuring a finished model; files are not looked into.
 *
 * @param images the images, sorted by name, labelled by the model's classes
 * @param skipped files that cannot be images, with the reason
 */
public record LabelledFolder(List<LabelledImage> images, List<Problem> skipped) {

    /** Copies the lists. */
    public LabelledFolder {
        images = List.copyOf(images);
        skipped = List.copyOf(skipped);
    }

    /**
     * Opens a folder.
     *
     * @param classes the model's class names, in label order; the folder may have fewer
     * @param knownOnly leave out folders of other classes instead of refusing them
     * @throws DataException when the folder is missing, has other classes, or no image; the user's fault
     */
    public static LabelledFolder open(Path folder, List<String> classes, boolean knownOnly) {
        FolderScan scan = FolderScan.of(folder);
        if (!scan.wrong().isEmpty()) {
            throw new DataException(folder + " " + String.join("; ", scan.wrong()));
        }
        Set<String> found = scan.classes(Split.TRAIN);
        if (!scan.nameOf(Split.TRAIN).equals(folder.toString())) {
            throw new DataException(folder + " holds splits, not classes; name one of them, for example "
                    + folder.resolve("validation"));
        }
        List<String> unknown =
                found.stream().filter(name -> !classes.contains(name)).toList();
        if (!unknown.isEmpty() && !knownOnly) {
            throw new DataException(folder + " has classes the model does not know: "
                    + PlainText.of(String.join(", ", unknown)) + "; it knows "
                    + PlainText.of(String.join(", ", classes)) + " (--known-classes leaves the others out)");
        }
        List<LabelledImage> images = new ArrayList<>();
        for (FoundImage image : scan.images()) {
            int label = classes.indexOf(image.className());
            if (label >= 0) {
                images.add(new LabelledImage(image.path(), image.name(), label));
            }
        }
        if (images.isEmpty()) {
            throw new DataException(folder + " has no image in a class folder");
        }
        return new LabelledFolder(images, scan.skipped());
    }
}
