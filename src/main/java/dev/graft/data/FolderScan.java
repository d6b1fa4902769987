package dev.graft.data;

import dev.graft.data.FoundImage.Split;
import dev.graft.spec.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What lies in a data folder: splits, classes and files with an image's name, all in the order of their code points
 * whatever the file system says. Looks at names only.
 */
final class FolderScan {

    /** Orders by code point, which for UTF-8 is the order of its bytes. */
    static final Comparator<String> BY_CODE_POINT =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private static final Map<String, Split> SPLIT_NAMES = Map.of(
            "train", Split.TRAIN,
            "training", Split.TRAIN,
            "validation", Split.VALIDATION,
            "val", Split.VALIDATION,
            "valid", Split.VALIDATION,
            "test", Split.TEST,
            "testing", Split.TEST);

    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "gif", "bmp");
    private static final Set<String> LITTER = Set.of("thumbs.db", "desktop.ini", "__macosx", "@eadir");

    private final Path folder;
    private final List<String> chosen;
    private final Map<Split, Path> splits = new EnumMap<>(Split.class);
    private final Map<Split, TreeSet<String>> classes = new EnumMap<>(Split.class);
    private final TreeSet<String> passedOver = new TreeSet<>(BY_CODE_POINT);
    private final List<FoundImage> images = new ArrayList<>();
    private final List<Problem> skipped = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    private FolderScan(Path folder, List<String> chosen) {
        this.folder = folder;
        this.chosen = List.copyOf(chosen);
    }

    static FolderScan of(Path folder) {
        return of(folder, List.of());
    }

    /** Looks only into the class folders of the given names; into all for none. */
    static FolderScan of(Path folder, List<String> chosen) {
        FolderScan scan = new FolderScan(folder, chosen);
        scan.findSplits();
        scan.splits.forEach(scan::findClasses);
        scan.images.sort(Comparator.comparing(FoundImage::name, BY_CODE_POINT));
        return scan;
    }

    /** The splits that have a folder of their own; only {@code TRAIN} where classes lie straight in the data folder. */
    Set<Split> splits() {
        return splits.isEmpty() ? EnumSet.noneOf(Split.class) : EnumSet.copyOf(splits.keySet());
    }

    /** The class folders of a split, sorted; empty where the split has no folder. */
    TreeSet<String> classes(Split split) {
        return classes.getOrDefault(split, new TreeSet<>(BY_CODE_POINT));
    }

    /** The class folders for training that were not chosen, sorted. */
    TreeSet<String> passedOver() {
        return passedOver;
    }

    /** Every file with an image's extension, sorted by name. */
    List<FoundImage> images() {
        return images;
    }

    /** Files that cannot be images, with reasons. */
    List<Problem> skipped() {
        return skipped;
    }

    /** What makes the folder itself unusable. */
    List<String> wrong() {
        return wrong;
    }

    /** The name of a split's folder as it is spelt on disk, or of the data folder. */
    String nameOf(Split split) {
        Path path = splits.getOrDefault(split, folder);
        return path.equals(folder) ? folder.toString() : name(path) + "/";
    }

    private void findSplits() {
        if (!Files.isDirectory(folder)) {
            wrong.add(Files.exists(folder) ? "is a file, but must be a folder" : "there is no such folder");
            return;
        }
        Map<Split, List<Path>> named = new EnumMap<>(Split.class);
        for (Path child : children(folder)) {
            Split split = SPLIT_NAMES.get(fileName(child).toLowerCase(Locale.ROOT));
            if (split != null && Files.isDirectory(child)) {
                named.computeIfAbsent(split, s -> new ArrayList<>()).add(child);
            }
        }
        named.forEach((split, paths) -> {
            if (paths.size() > 1) {
                wrong.add("must have one folder for each split, but has both " + fileName(paths.get(0)) + "/ and "
                        + fileName(paths.get(1)) + "/");
            }
            splits.put(split, paths.get(0));
        });
        if (splits.containsKey(Split.VALIDATION) && !splits.containsKey(Split.TRAIN)) {
            wrong.add("has " + nameOf(Split.VALIDATION) + " but no train/");
        } else if (!splits.containsKey(Split.TRAIN)) {
            // A lone folder named "test" is then just a class.
            splits.clear();
            splits.put(Split.TRAIN, folder);
        }
    }

    private void findClasses(Split split, Path root) {
        TreeSet<String> names = new TreeSet<>(BY_CODE_POINT);
        classes.put(split, names);
        for (Path child : children(root)) {
            if (Files.isDirectory(child) && leadsAround(child, root)) {
                skip(child, "is a symbolic link to a folder around it");
            } else if (Files.isDirectory(child)) {
                if (chosen.isEmpty() || chosen.contains(fileName(child))) {
                    names.add(fileName(child));
                    walk(split, child);
                } else if (split == Split.TRAIN) {
                    passedOver.add(fileName(child));
                }
            } else if (EXTENSIONS.contains(extension(child))) {
                skip(child, "lies outside the class folders");
            }
        }
    }

    /** Says whether a class would hold all classes, itself among them. */
    private static boolean leadsAround(Path child, Path root) {
        try {
            return Files.isSymbolicLink(child) && root.toRealPath().startsWith(child.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private void walk(Split split, Path classFolder) {
        String className = fileName(classFolder);
        var visitor = new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                return hidden(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (hidden(path)) {
                    return FileVisitResult.CONTINUE;
                }
                if (attributes.isSymbolicLink()) {
                    skip(path, "is a symbolic link that leads nowhere");
                } else if (!attributes.isRegularFile()) {
                    skip(path, "is not a regular file");
                } else if (!EXTENSIONS.contains(extension(path))) {
                    skip(path, "is not an image by its name; jpg, jpeg, png, gif and bmp are read");
                } else {
                    images.add(new FoundImage(path, split, className, name(path)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
                skip(
                        path,
                        e instanceof FileSystemLoopException
                                ? "is a symbolic link to a folder around it"
                                : ImageDecoder.reason(e));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @org.jspecify.annotations.Nullable IOException e) {
                if (e != null) {
                    skip(path, ImageDecoder.reason(e));
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(classFolder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            wrong.add(name(classFolder) + "/ " + ImageDecoder.reason(e));
        }
    }

    private List<Path> children(Path parent) {
        TreeMap<String, Path> children = new TreeMap<>(BY_CODE_POINT);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                if (hidden(entry)) {
                    continue;
                }
                if (fileName(entry).indexOf('\uFFFD') >= 0 || children.containsKey(fileName(entry))) {
                    wrong.add(parent + " holds a name that this locale cannot spell (" + fileName(entry)
                            + "); set LC_ALL=C.UTF-8");
                }
                children.put(fileName(entry), entry);
            }
        } catch (NoSuchFileException e) {
            wrong.add(parent + " disappeared");
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            wrong.add(parent + " cannot be listed (" + e.getMessage() + ")");
        }
        return List.copyOf(children.values());
    }

    private void skip(Path path, String reason) {
        skipped.add(new Problem(name(path), 0, 0, "", reason));
    }

    private String name(Path path) {
        return folder.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static boolean hidden(Path path) {
        return hidden(fileName(path));
    }

    /** Says whether files and folders of a name are passed over. */
    static boolean hidden(String name) {
        return name.startsWith(".") || LITTER.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Says whether a file's name ends as those of images do. */
    static boolean isImage(String name) {
        return EXTENSIONS.contains(extension(name));
    }

    private static String extension(Path path) {
        return extension(fileName(path));
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
