package dev.graft.run;

import dev.graft.base.Safetensors;
import dev.graft.base.Tensor;
import dev.graft.base.WeightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The kept weights of trials, one safetensors file each, below a results directory. */
public final class TrialModels {

    private final Path directory;

    /** Uses a results directory. */
    public TrialModels(Path results) {
        this.directory = results.resolve("models");
    }

    /** Returns where a trial's weights are. */
    public Path file(String trialId) {
        return directory.resolve(trialId + ".safetensors");
    }

    void save(String trialId, Map<String, Tensor> weights, Map<String, String> metadata) throws IOException {
        Files.createDirectories(directory);
        Safetensors.write(file(trialId), weights, metadata);
    }

    /** Says whether a trial's weights are there and whole. */
    boolean hasWhole(String trialId) {
        try {
            return Files.isRegularFile(file(trialId)) && !load(trialId).isEmpty();
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
            Files.copy(file(source), file(target));
        }
    }

    /**
     * Loads a trial's weights by {@code layer/kind}.
     *
     * @throws dev.graft.base.WeightException when they are not there or damaged
     */
    public Map<String, Tensor> load(String trialId) {
        return Safetensors.read(file(trialId));
    }
}
