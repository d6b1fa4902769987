package dev.graft.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.fetch.WriteLock;
import dev.graft.plan.RateKey;
import dev.graft.plan.Rates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What work took on the machines that used a home, in {@code rates.json}. The file can be lost, damaged or another
 * version's: then nothing is known, and the next sweep measures again. Safe for several processes.
 */
public final class RateFile {

    private static final int TRIES = 200;
    private static final long PAUSE_MILLIS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(RateFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final long MOST_BYTES = 16 << 20;

    private final Path file;
    private final String machine;
    private final int threads;

    /**
     * Names the file and this machine.
     *
     * @param home where the file lies
     * @param workers how many work at once
     * @param threads of each
     */
    public RateFile(Home home, int workers, int threads) {
        this(home.path().resolve("rates.json"), Provenance.machineName(), workers, threads);
    }

    RateFile(Path file, String machine, int workers, int threads) {
        this.file = file;
        this.machine = machine + ", " + workers + " x " + threads + " threads";
        this.threads = threads;
    }

    /** Returns what is known of this machine. */
    public Rates read() {
        Map<RateKey, Double> rates = new HashMap<>();
        tree().ifPresent(tree -> tree.path("machines")
                .path(machine)
                .properties()
                .forEach(field -> {
                    if (field.getValue().isNumber()) {
                        RateKey.parse(field.getKey())
                                .ifPresent(
                                        key -> rates.put(key, field.getValue().asDouble()));
                    }
                }));
        return new Rates(rates, threads);
    }

    private Optional<JsonNode> tree() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            return Optional.ofNullable(JSON.readTree(Files.readAllBytes(file)))
                    .filter(tree -> tree.path("version").asInt() == VERSION);
        } catch (IOException e) {
            LOG.debug("{} cannot be read, and is begun anew", file, e);
            return Optional.empty();
        }
    }

    /** Puts newer rates beside those that are known; what cannot be written is left. */
    public void add(Map<RateKey, Double> newer) {
        if (newer.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // Whoever is at it takes milliseconds; a sweep does not wait for one that was put to sleep meanwhile.
            for (int i = 0; i < TRIES; i++) {
                Optional<WriteLock> lock = WriteLock.tryTake(file);
                if (lock.isPresent()) {
                    try (WriteLock held = lock.get()) {
                        write(read().smoothed(newer));
                    }
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            LOG.debug("{} is being written by somebody else", file);
        } catch (IOException e) {
            LOG.debug("{} cannot be written", file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Rates rates) throws IOException {
        ObjectNode tree = tree().filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseGet(() -> JSON.createObjectNode().put("version", VERSION));
        ObjectNode own = JSON.createObjectNode();
        rates.measured().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(RateKey::toString)))
                .forEach(entry -> own.put(entry.getKey().toString(), entry.getValue()));
        ObjectNode machines =
                tree.path("machines").isObject() ? (ObjectNode) tree.path("machines") : tree.putObject("machines");
        machines.set(machine, own);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, text(tree).getBytes(StandardCharsets.UTF_8));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String text(JsonNode tree) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
