package dev.graft.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a trial's bundle is, or will be.
 *
 * @param path a folder named after the trial
 */
record BundleFolder(String trialId, Path path) {

    /** Not what a path could be made of. */
    private static final Pattern TRIAL = Pattern.compile("[0-9a-z]{1,32}-[0-9]{1,9}");

    /**
     * Returns a trial's.
     *
     * @throws ExportException when that is no trial's name; the user's fault
     */
    static BundleFolder of(Path directory, String trialId) {
        if (!TRIAL.matcher(trialId).matches()) {
            throw new ExportException("a trial is named by its sweep and its number, for example k3v9x2ab-7");
        }
        return new BundleFolder(trialId, directory.resolve(trialId));
    }

    /** Returns what it lacks to be a bundle; links count as nothing, since they may lead anywhere. */
    Optional<String> missing() {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                ? ModelExporter.FILES.stream()
                        .filter(name -> !Files.isRegularFile(path.resolve(name), LinkOption.NOFOLLOW_LINKS))
                        .findFirst()
                : Optional.of("files");
    }

    /** Says whether all files are there. */
    boolean isWhole() {
        return missing().isEmpty();
    }

    /** Says whether there is anything of its name. */
    boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Returns it.
     *
     * @throws ExportException when a file is missing
     */
    BundleFolder whole() {
        if (!isWhole()) {
            throw new ExportException("trial " + trialId + " has no bundle yet; export it first");
        }
        return this;
    }

    /** Returns the size of its files; 0 where one goes just now. */
    long bytes() {
        try {
            long bytes = 0;
            for (String name : ModelExporter.FILES) {
                bytes += Files.size(path.resolve(name));
            }
            return bytes;
        } catch (IOException e) {
            return 0;
        }
    }
}
