package dev.graft.data;

import dev.graft.data.FoundImage.Split;
import dev.graft.data.ImageCheck.Verdict;
import dev.graft.spec.PlainText;
import dev.graft.spec.Problem;
import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.OnBadImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Opens a folder of images, one folder per class.
 *
 * <p>Either the folder holds {@code train/}, {@code validation/} (or {@code val/}, {@code valid/}) and perhaps
 * {@code test/}, each with class folders; or it holds the class folders itself, or {@code train/} alone, and the sweep
 * file says what to split off. Names of splits ignore case. Hidden files are ignored, folders below a class are
 * searched, links to files are followed.
 */
public final class ImageFolder {

    private ImageFolder() {}

    /**
     * Finds the folder a sweep file names.
     *
     * @param path an absolute path, or one relative to the working directory or, where that has no such thing, to the
     *     sweep file's folder
     * @return the folder; where neither place has it, the one in the working directory
     */
    public static Path resolve(String path, Path workingDirectory, Path sweepFileFolder) {
        Path here = workingDirectory.resolve(path).normalize();
        if (Files.exists(here)) {
            return here;
        }
        Path besideSweepFile = sweepFileFolder.resolve(path).normalize();
        return Files.exists(besideSweepFile) ? besideSweepFile : here;
    }

    /** Says whether files and folders of a name are passed over: hidden ones, and what systems leave in folders. */
    public static boolean ignores(String fileName) {
        return FolderScan.hidden(fileName);
    }

    /**
     * Says whether opening a folder could have found an image of a name: one below the folder that passes over nothing
     * hidden and ends as images do.
     *
     * @param name the path below the data folder, with {@code /}
     */
    public static boolean couldHold(String name) {
        return name.indexOf('\0') < 0
                && FolderScan.isImage(name)
                && Stream.of(name.split("/", -1)).noneMatch(part -> part.isEmpty() || ignores(part));
    }

    /** Opens a folder without remembering which images were found good; see the other method. */
    public static Dataset open(SweepData data, Path folder, long seed) {
        return open(data, folder, seed, Optional.empty());
    }

    /**
     * Finds, checks, splits and digests the images of a folder. Every file is read and, unless the cache knows its
     * content, decoded; with {@code max_images}, only those that are drawn.
     *
     * @param folder the folder, found by {@link #resolve}
     * @param seed decides which images a split takes and which are drawn; the same seed and names give the same ones on
     *     every machine
     * @param cache a folder for what was found out about images; made where missing; several processes may share it
     * @return the data set; {@code skipped} also names classes that have training images but none for validation
     * @throws DataException if the folder cannot serve for training, or holds a bad file and {@code on_bad_image} is
     *     {@code fail}; the message lists everything wrong
     */
    public static Dataset open(SweepData data, Path folder, long seed, Optional<Path> cache) {
        FolderScan scan = FolderScan.of(folder, data.classes());
        List<String> wrong = new ArrayList<>(scan.wrong());
        if (scan.splits().isEmpty()) {
            throw refusal(folder, wrong);
        }
        checkLayout(scan, data, wrong);

        List<Problem> skipped = new ArrayList<>(scan.skipped());
        boolean whole = data.maxImages().orElse(Long.MAX_VALUE) >= scan.images().size();
        Map<FoundImage, Verdict> verdicts =
                whole ? all(scan, data, folder, cache) : some(scan, data, folder, seed, cache, wrong);
        List<Entry> good = new ArrayList<>();
        verdicts.forEach((image, verdict) -> {
            if (verdict.fault().isEmpty()) {
                good.add(new Entry(image, verdict.sha256()));
            } else {
                skipped.add(problem(image.name(), verdict.fault()));
            }
        });
        skipped.sort(Comparator.comparing(Problem::file, FolderScan.BY_CODE_POINT));
        if (data.onBadImage() == OnBadImage.FAIL) {
            skipped.forEach(problem -> wrong.add(problem.toString()));
        }
        checkEmptyClasses(scan, good, wrong);
        if (!wrong.isEmpty()) {
            throw refusal(folder, wrong);
        }
        List<FoundImage> images = good.stream().map(Entry::image).toList();
        return dataset(scan, folder, whole ? split(images, data, seed) : images, good, skipped);
    }

    private static Map<FoundImage, Verdict> all(FolderScan scan, SweepData data, Path folder, Optional<Path> cache) {
        List<FoundImage> images = scan.images();
        // Chosen classes are not all the folder has: what is remembered of the others is left.
        List<Verdict> verdicts =
                ImageCheck.check(images, folder, cache, data.classes().isEmpty());
        Map<FoundImage, Verdict> all = new LinkedHashMap<>();
        for (int i = 0; i < verdicts.size(); i++) {
            all.put(images.get(i), verdicts.get(i));
        }
        return all;
    }

    /** Splits by name alone, and looks into no more images than it must. */
    private static Map<FoundImage, Verdict> some(
            FolderScan scan, SweepData data, Path folder, long seed, Optional<Path> cache, List<String> wrong) {
        ImageSample sample = new ImageSample(split(scan.images(), data, seed), seed);
        long most = data.maxImages().orElseThrow();
        if (most < sample.least()) {
            wrong.add("data.max_images must be >= " + sample.least()
                    + " for one image of each class in each split, but was " + most);
            throw refusal(folder, wrong);
        }
        return sample.draw(most, images -> ImageCheck.check(images, folder, cache, false));
    }

    private static List<FoundImage> split(List<FoundImage> images, SweepData data, long seed) {
        return data.split()
                .map(split -> StratifiedSplit.apply(images, split, seed))
                .orElse(images);
    }

    private static void checkLayout(FolderScan scan, SweepData data, List<String> wrong) {
        TreeSet<String> classes = scan.classes(Split.TRAIN);
        List<String> absent =
                data.classes().stream().filter(name -> !classes.contains(name)).toList();
        boolean validation = scan.splits().contains(Split.VALIDATION);
        if (scan.splits().contains(Split.TRAIN)) {
            if (!absent.isEmpty()) {
                TreeSet<String> there = new TreeSet<>(classes);
                there.addAll(scan.passedOver());
                wrong.add("has no class " + String.join(", ", absent) + ", which data.classes names; "
                        + scan.nameOf(Split.TRAIN) + " has " + String.join(", ", there));
            } else if (classes.isEmpty()) {
                wrong.add(scan.nameOf(Split.TRAIN) + " has no class folders");
            } else if (classes.size() == 1) {
                wrong.add("must have at least two classes, but " + scan.nameOf(Split.TRAIN) + " has only "
                        + classes.first());
            }
            twins(classes)
                    .ifPresent(name -> wrong.add(scan.nameOf(Split.TRAIN) + " has two classes that both look like "
                            + name + " and differ only in how Unicode spells it; rename one"));
            for (Split other : List.of(Split.VALIDATION, Split.TEST)) {
                for (String name : scan.classes(other)) {
                    if (!classes.contains(name)) {
                        boolean alike = classes.stream()
                                .anyMatch(known -> composed(known).equals(composed(name)));
                        wrong.add(scan.nameOf(other) + name + " is a class that " + scan.nameOf(Split.TRAIN) + " lacks"
                                + (alike ? ": it has one that looks the same, but Unicode spells it otherwise" : ""));
                    }
                }
            }
        }
        if (!validation && data.split().isEmpty()) {
            wrong.add("has no validation/ folder, so data.split must say how much to split off,"
                    + " for example {validation: 0.2}");
        }
        if (validation && data.split().isPresent()) {
            wrong.add("has a " + scan.nameOf(Split.VALIDATION) + " folder and data.split is set: remove one of them");
        }
        if (!validation
                && scan.splits().contains(Split.TEST)
                && data.split().map(split -> split.test() > 0).orElse(false)) {
            wrong.add("has a " + scan.nameOf(Split.TEST) + " folder and data.split.test is set: remove one of them");
        }
    }

    private static Optional<String> twins(Set<String> classes) {
        Set<String> seen = new HashSet<>();
        return classes.stream().filter(name -> !seen.add(composed(name))).findFirst();
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static void checkEmptyClasses(FolderScan scan, List<Entry> good, List<String> wrong) {
        for (String name : scan.classes(Split.TRAIN)) {
            if (good.stream().noneMatch(entry -> entry.image().split() == Split.TRAIN && entry.isOf(name))) {
                String place = scan.nameOf(Split.TRAIN);
                wrong.add("class " + name + " has no usable image in " + place);
            }
        }
    }

    private static Dataset dataset(
            FolderScan scan, Path folder, List<FoundImage> images, List<Entry> good, List<Problem> skipped) {
        List<String> classes = List.copyOf(scan.classes(Split.TRAIN));
        List<LabelledImage> validation = labelled(images, Split.VALIDATION, classes);
        if (validation.isEmpty()) {
            throw refusal(folder, List.of("has no usable image for validation; each class needs at least two images"));
        }
        Set<Integer> measured = new HashSet<>();
        validation.forEach(image -> measured.add(image.label()));
        for (int label = 0; label < classes.size(); label++) {
            if (!measured.contains(label)) {
                skipped.add(problem(
                        classes.get(label), "the class has no image for validation, so its accuracy stays unknown"));
            }
        }
        return new Dataset(
                classes,
                labelled(images, Split.TRAIN, classes),
                validation,
                labelled(images, Split.TEST, classes),
                digest(classes, images, good),
                skipped);
    }

    private static List<LabelledImage> labelled(List<FoundImage> images, Split split, List<String> classes) {
        return images.stream()
                .filter(image -> image.split() == split)
                .map(image -> new LabelledImage(image.path(), image.name(), classes.indexOf(image.className())))
                .toList();
    }

    private static String digest(List<String> classes, List<FoundImage> images, List<Entry> good) {
        var contents =
                good.stream().collect(Collectors.toMap(entry -> entry.image().name(), Entry::sha256));
        MessageDigest digest = Sha256.digest();
        classes.forEach(name -> add(digest, name));
        for (FoundImage image : images) {
            add(digest, image.split().name());
            add(digest, image.className());
            add(digest, image.name());
            add(digest, contents.getOrDefault(image.name(), ""));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Length first, so that no two lists of words read the same. */
    private static void add(MessageDigest digest, String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private static Problem problem(String name, String message) {
        return new Problem(name, 0, 0, "", message);
    }

    private static DataException refusal(Path folder, List<String> wrong) {
        // Names may hold line breaks; each fault stays on its line.
        List<String> lines = wrong.stream().map(PlainText::of).toList();
        return new DataException(PlainText.of(folder.toString())
                + (lines.size() == 1 ? ": " + lines.get(0) : ":\n  " + String.join("\n  ", lines)));
    }

    private record Entry(FoundImage image, String sha256) {

        boolean isOf(String className) {
            return image.className().equals(className);
        }
    }
}
