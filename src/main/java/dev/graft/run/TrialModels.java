package dev.graft.run;

import dev.graft.base.BaseWeights;
import dev.graft.base.Safetensors;
import dev.graft.base.Tensor;
import dev.graft.base.WeightException;
import dev.graft.fetch.DiskSpace;
import dev.graft.fetch.FolderTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The kept weights of trials, one safetensors file each, below a results directory. A file with its final name is whole
 * and on the disk; its metadata hold a digest of its values, so that damage is noticed.
 */
public final class TrialModels {

    private static final String SUFFIX = ".safetensors";
    private static final Pattern PART = Pattern.compile("[0-9a-z]{8}-[0-9]{1,9}\\.safetensors\\.[0-9a-f-]{36}\\.part");
    private static final String DIGEST = "values_sha256";

    private final Path directory;

    /** Uses a results directory. */
    public TrialModels(Path results) {
        this.directory = results.resolve("models");
    }

    /** Returns where a trial's weights are. */
    public Path file(String trialId) {
        return directory.resolve(trialId + SUFFIX);
    }

    /** Writes a trial's weights; they are on the disk when this returns. */
    void save(String trialId, Map<String, Tensor> weights, Map<String, String> metadata) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>(metadata);
        facts.put(DIGEST, BaseWeights.digest(weights));
        try {
            Files.createDirectories(directory);
            Safetensors.write(file(trialId), weights, facts);
        } catch (IOException e) {
            throw failure(e, weights, directory);
        }
    }

    /** Puts into words why weights could not be saved, and what to do. */
    static IOException failure(IOException e, Map<String, Tensor> weights, Path directory) {
        long bytes = weights.values().stream()
                .mapToLong(tensor -> 4L * tensor.values().length)
                .sum();
        String what;
        if (DiskSpace.isTooLarge(e)) {
            what = bytes + " bytes are more than a file in " + directory + " may hold (" + e.getMessage()
                    + "); raise the limit on the size of files (ulimit -f)";
        } else if (DiskSpace.isFull(e)) {
            what = "the disk is full: " + bytes + " bytes are needed in " + directory + ", but "
                    + DiskSpace.free(directory) + " are free; free some (graft gc shows what can go)";
        } else if (DiskSpace.isReadOnly(e)) {
            what = directory + " cannot be written to (" + DiskSpace.reason(e)
                    + "); make the folder writable for this user";
        } else {
            what = "saving in " + directory + " failed (" + DiskSpace.reason(e) + "); look at the folder and its disk";
        }
        return new IOException(what + ", then graft resume goes on", e);
    }

    /** Says whether a trial's weights are there, whole or not. */
    public boolean has(String trialId) {
        return Files.isRegularFile(file(trialId));
    }

    /** Says whether a trial's weights are there and whole. */
    boolean hasWhole(String trialId) {
        try {
            return has(trialId) && !load(trialId).isEmpty();
        } catch (WeightException e) {
            return false;
        }
    }

    /** Gives a trial the weights of another; on most disks without taking space twice. */
    void copy(String source, String target) throws IOException {
        Files.deleteIfExists(file(target));
        try {
            Files.createLink(file(target), file(source));
        } catch (UnsupportedOperationException | IOException e) {
            Path part = file(target).resolveSibling(target + SUFFIX + "." + UUID.randomUUID() + ".part");
            try {
                Files.copy(file(source), part);
                Files.move(part, file(target), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        FolderTree.flushName(file(target));
    }

    /** Deletes a trial's weights; does nothing where there are none. */
    void delete(String trialId) throws IOException {
        Files.deleteIfExists(file(trialId));
    }

    /**
     * Deletes what processes that died had begun to write. Only for whoever holds the results directory, with no worker
     * at work.
     */
    void deleteHalfWritten() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, TrialModels::isHalfWritten)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing has been saved yet.
        }
    }

    /** Says whether a file is one that a process had begun to write, by its name. */
    static boolean isHalfWritten(Path file) {
        return PART.matcher(file.getFileName().toString()).matches()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the trials that have weights, sorted. */
    public List<String> trialIds() throws IOException {
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    String name = file.getFileName().toString();
                    ids.add(name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        Collections.sort(ids);
        return ids;
    }

    /** Returns the size of a trial's weights on the disk; 0 where there are none. */
    public long bytes(String trialId) throws IOException {
        try {
            return Files.size(file(trialId));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * Loads a trial's weights by {@code layer/kind}.
     *
     * @throws dev.graft.base.WeightException when they are not there or damaged
     */
    public Map<String, Tensor> load(String trialId) {
        if (!has(trialId)) {
            throw new WeightException("the weights of trial " + trialId + " are not there: " + file(trialId)
                    + " does not exist" + again());
        }
        try {
            Map<String, Tensor> weights = Safetensors.read(file(trialId));
            // Files of earlier versions have none.
            String written = Safetensors.metadata(file(trialId)).get(DIGEST);
            if (written != null && !written.equals(BaseWeights.digest(weights))) {
                throw new WeightException(file(trialId) + " holds values that were not written to it");
            }
            return weights;
        } catch (WeightException e) {
            throw new WeightException(
                    "the weights of trial " + trialId + " are damaged: " + e.getMessage() + again(), e);
        }
    }

    private static String again() {
        return "; graft run SWEEP_FILE --retrain makes them again";
    }
}
