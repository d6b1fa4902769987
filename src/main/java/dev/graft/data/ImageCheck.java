package dev.graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Digests every file and decodes each content once, on all processors, remembering verdicts in a small file: the next
 * start reads the files but decodes none.
 *
 * <p>The cache is only ever replaced as a whole, by an atomic rename, so processes may share it; whoever loses a race
 * costs the next start some decoding and nothing else.
 */
final class ImageCheck {

    private static final String HEADER = "graft image check, decode version " + ImageDecoder.DECODE_VERSION;

    /**
     * What one file turned out to be.
     *
     * @param sha256 the digest of its bytes, in hex; empty where they could not be read
     * @param fault what is wrong with it; empty for a good image
     */
    record Verdict(String sha256, String fault) {}

    private final Map<String, String> known;

    private ImageCheck(Map<String, String> known) {
        this.known = known;
    }

    /**
     * Returns one verdict per image, in order.
     *
     * @param whole whether these are all the folder's images, so that what is remembered of others can be forgotten
     */
    static List<Verdict> check(List<FoundImage> images, Path folder, Optional<Path> cache, boolean whole) {
        Optional<Path> file = cache.map(directory -> directory.resolve("checked-" + shortName(folder) + ".txt"));
        ImageCheck check = new ImageCheck(file.map(ImageCheck::load).orElse(Map.of()));
        List<Verdict> verdicts = check.all(images);
        Map<String, String> now = new TreeMap<>(whole ? Map.of() : check.known);
        verdicts.stream()
                .filter(verdict ->
                        !verdict.sha256().isEmpty() && !verdict.fault().equals(ImageDecoder.NO_MEMORY))
                .forEach(verdict -> now.put(verdict.sha256(), verdict.fault()));
        if (!now.equals(check.known)) {
            file.ifPresent(target -> save(target, now));
        }
        return verdicts;
    }

    private List<Verdict> all(List<FoundImage> images) {
        int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), images.size()));
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "image-check");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<Verdict>> futures = new ArrayList<>();
            for (FoundImage image : images) {
                futures.add(pool.submit(() -> one(image.path())));
            }
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> future : futures) {
                verdicts.add(future.get());
            }
            return verdicts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("interrupted while checking the images", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("checking an image failed unexpectedly", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private Verdict one(Path path) {
        byte[] bytes;
        try {
            bytes = ImageDecoder.readBytes(path);
        } catch (IOException e) {
            return new Verdict("", ImageDecoder.reason(e));
        }
        String sha256 = HexFormat.of().formatHex(Sha256.digest().digest(bytes));
        String fault = known.get(sha256);
        if (fault == null) {
            try {
                ImageDecoder.check(bytes);
                fault = "";
            } catch (IOException e) {
                fault = ImageDecoder.reason(e).lines().collect(Collectors.joining(" "));
            }
        }
        return new Verdict(sha256, fault);
    }

    private static String shortName(Path folder) {
        byte[] name = folder.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Sha256.digest().digest(name), 0, 8);
    }

    private static Map<String, String> load(Path file) {
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
                return Map.of();
            }
            Map<String, String> known = new HashMap<>();
            for (String line : lines.subList(1, lines.size())) {
                int tab = line.indexOf('\t');
                if (tab == 64) {
                    known.put(line.substring(0, tab), line.substring(tab + 1));
                }
            }
            return known;
        } catch (IOException e) {
            return Map.of(); // An unreadable cache costs time, not results.
        }
    }

    private static void save(Path file, Map<String, String> verdicts) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        verdicts.forEach((sha256, fault) ->
                text.append(sha256).append('\t').append(fault).append('\n'));
        try {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, "checked-", ".tmp");
            try {
                Files.writeString(temporary, text);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (AtomicMoveNotSupportedException e) {
            throw new IllegalStateException("a rename within one folder must be atomic", e);
        } catch (IOException e) {
            // A full or read-only disk must not stop a sweep whose images are fine; it only decodes again next time.
            return;
        }
    }
}
