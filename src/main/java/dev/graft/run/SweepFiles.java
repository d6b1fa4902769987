package dev.graft.run;

import dev.graft.fetch.FolderTree;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The files of one sweep below a results directory. Files of other names stay, and symbolic links are not followed. */
final class SweepFiles {

    private final Path results;
    private final String sweepId;

    SweepFiles(Path results, String sweepId) {
        this.results = results;
        this.sweepId = sweepId;
    }

    /** Returns the kept weights of its trials, and what a process that died left of some. */
    List<Path> models() {
        return entries(results.resolve("models"), "-[0-9]{1,9}\\.safetensors(\\.[0-9a-f-]{36}\\.part)?").stream()
                .filter(SweepFiles::isFile)
                .toList();
    }

    /** Returns the logs of its workers. */
    List<Path> logs() {
        // A folder that is a link is somebody else's.
        return entries(results.resolve("logs"), "").stream()
                .flatMap(folder ->
                        entries(folder, Pattern.compile("worker-[0-9]{1,9}\\.log(\\.crash-[0-9]+\\.txt)?")).stream())
                .filter(SweepFiles::isFile)
                .toList();
    }

    /** Returns the bundles of its trials, which are folders or archives. */
    List<Path> bundles() {
        return entries(folderOfBundles(), "-[0-9]{1,9}([^0-9].*)?").stream()
                .filter(entry -> !Files.isSymbolicLink(entry))
                .toList();
    }

    /** Returns what is left of exports of its trials whose processes died. */
    List<Path> leftOfExports() {
        return underWay().stream()
                .filter(trace -> !trace.isHeld())
                .map(BundleWriting.Trace::path)
                .toList();
    }

    /**
     * Deletes what is left of exports.
     *
     * @param notes takes what could not be deleted, and which bundles are being written
     */
    void deleteLeftOfExports(List<String> notes) {
        for (BundleWriting.Trace trace : underWay()) {
            try {
                if (!trace.delete() && trace.isFolder()) {
                    notes.add(trace.path() + " is being written: graft gc frees what comes of it");
                }
            } catch (IOException e) {
                notes.add(cannotDelete(trace.path(), e));
            }
        }
    }

    private Path folderOfBundles() {
        return results.resolve("bundles");
    }

    private List<BundleWriting.Trace> underWay() {
        if (!Files.isDirectory(folderOfBundles(), LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try {
            return BundleWriting.traces(folderOfBundles()).stream()
                    .filter(trace -> trace.trialId().startsWith(sweepId + "-"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Counts files, those in folders too. */
    static SweepDeletion.Part part(List<Path> paths) {
        int[] files = new int[1];
        long[] bytes = new long[1];
        for (Path path : paths) {
            try {
                Files.walkFileTree(path, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        files[0]++;
                        bytes[0] += attributes.isRegularFile() && !isShared(file) ? attributes.size() : 0;
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                // What cannot be looked at is not counted; deleting it says why.
            }
        }
        return new SweepDeletion.Part(files[0], bytes[0]);
    }

    /** Says whether a file has another name, as weights have that several trials share. */
    private static boolean isShared(Path file) {
        try {
            return Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer links
                    && links > 1;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Deletes some of the files.
     *
     * @param notes takes what could not be deleted, and why
     */
    static void delete(List<Path> paths, List<String> notes) {
        for (Path path : paths) {
            try {
                FolderTree.delete(path);
            } catch (IOException e) {
                notes.add(cannotDelete(path, e));
            }
        }
    }

    private static String cannotDelete(Path path, IOException e) {
        return path + " cannot be deleted (" + e.getMessage() + "): delete it yourself";
    }

    /** Deletes the folder of the logs if nothing is left in it. */
    void deleteLogFolder() {
        for (Path folder : entries(results.resolve("logs"), "")) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                // Somebody keeps something there.
            } catch (IOException e) {
                // An empty folder takes no space worth a word.
            }
        }
    }

    private List<Path> entries(Path folder, String suffix) {
        return entries(folder, Pattern.compile(Pattern.quote(sweepId) + suffix));
    }

    private static List<Path> entries(Path folder, Pattern name) {
        List<Path> entries = new ArrayList<>();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return entries;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path entry : all) {
                if (name.matcher(entry.getFileName().toString()).matches()) {
                    entries.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            return entries;
        }
        entries.sort(null);
        return entries;
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
