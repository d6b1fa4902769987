package dev.graft.run;

import dev.graft.features.StoredFeatures;
import dev.graft.fetch.FolderTree;
import dev.graft.fetch.WriteLock;
import dev.graft.run.Garbage.Candidate;
import dev.graft.run.Garbage.Disposal;
import dev.graft.run.Garbage.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What can go in {@code GRAFT_HOME}. */
final class HomeGarbage {

    private static final String PART = ".part";
    private static final String INFO = ".part.info";
    private static final String UNPACKING = ".unpacking";
    private static final Pattern UNPACKED = Pattern.compile("[0-9a-f]{64}" + Pattern.quote(UNPACKING));

    /** What weight files are called while they are written; whoever writes one holds no lock. */
    private static final Pattern WEIGHTS_PART =
            Pattern.compile(".+\\.safetensors\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\.part");

    /** What drawn images and the list of good ones are called while they are written; nobody holds a lock here either. */
    private static final Pattern DRAWING = Pattern.compile("drawing-[0-9]+");

    private static final Pattern CHECKED_PART = Pattern.compile("checked-[0-9]+\\.tmp");

    private static final Duration LONGEST_WRITE = Duration.ofHours(1);

    private final Home home;
    private final Garbage.Wanted wanted;
    private final InstantSource clock;
    private final List<String> notes;

    HomeGarbage(Home home, Garbage.Wanted wanted, InstantSource clock, List<String> notes) {
        this.home = home;
        this.wanted = wanted;
        this.clock = clock;
        this.notes = notes;
    }

    List<Candidate> candidates() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        if (Garbage.isOwnFolder(home.features(), notes)) {
            candidates.addAll(features());
        }
        if (Garbage.isOwnFolder(home.weights(), notes)) {
            candidates.addAll(parts(home.weights(), "weights"));
        }
        if (Garbage.isOwnFolder(home.data(), notes)) {
            candidates.addAll(parts(home.data(), "data"));
        }
        if (Garbage.isOwnFolder(home.imageChecks(), notes)) {
            candidates.addAll(parts(home.imageChecks(), "data"));
        }
        return candidates;
    }

    private List<Candidate> features() throws IOException {
        StoredFeatures stored = new StoredFeatures(home.features());
        for (Path folder : stored.movedFolders()) {
            notes.add(folder + " was in the place of features and holds files of yours: look at it, then remove it");
        }
        List<Candidate> candidates = new ArrayList<>();
        for (StoredFeatures.Entry part : stored.deadParts()) {
            candidates.add(features(stored, part, "half-written by a process that died"));
        }
        List<StoredFeatures.Entry> good = new ArrayList<>();
        for (StoredFeatures.Entry file : stored.files()) {
            if (stored.isInUse(file)) {
                continue;
            }
            Optional<String> damage = damage(stored, file);
            Optional<String> reason = damage.map(text -> "damaged: it " + text).or(() -> asked(file));
            if (reason.isPresent()) {
                candidates.add(features(stored, file, reason.get()));
            } else {
                good.add(file);
            }
        }
        long excess = wanted.cacheMaxBytes().isEmpty()
                ? 0
                : good.stream().mapToLong(StoredFeatures.Entry::bytes).sum()
                        - wanted.cacheMaxBytes().getAsLong();
        for (StoredFeatures.Entry file : good) {
            if (excess > 0) {
                candidates.add(features(
                        stored,
                        file,
                        "over the limit of " + wanted.cacheMaxBytes().getAsLong() + " bytes, last used "
                                + file.lastUse()));
                excess -= file.bytes();
            }
        }
        return candidates;
    }

    private Optional<String> damage(StoredFeatures stored, StoredFeatures.Entry file) {
        try {
            return stored.damage(file);
        } catch (IOException e) {
            notes.add(file.file() + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> asked(StoredFeatures.Entry file) {
        if (!wanted.features()) {
            return Optional.empty();
        }
        if (wanted.unusedDays().isEmpty()) {
            return Optional.of("asked for, last used " + file.lastUse());
        }
        Instant since =
                clock.instant().minus(Duration.ofDays(wanted.unusedDays().getAsInt()));
        return file.lastUse().isAfter(since)
                ? Optional.empty()
                : Optional.of("not used for " + wanted.unusedDays().getAsInt() + " days, last used " + file.lastUse());
    }

    private static Candidate features(StoredFeatures stored, StoredFeatures.Entry entry, String reason) {
        return new Candidate(new Item("features", entry.file(), reason, entry.bytes()), () -> stored.delete(entry));
    }

    /** Finds downloads, archives and weights that were begun and that nobody goes on with. */
    private List<Candidate> parts(Path folder, String kind) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                part(entry, kind).ifPresent(candidates::add);
            }
        }
        return candidates;
    }

    private Optional<Candidate> part(Path entry, String kind) throws IOException {
        String name = entry.getFileName().toString();
        if (UNPACKED.matcher(name).matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            Path folder = entry.resolveSibling(name.substring(0, name.length() - UNPACKING.length()));
            return unlocked(folder, new Item(kind, entry, "half-unpacked by a process that died", size(entry)), () -> {
                FolderTree.delete(entry);
                return true;
            });
        }
        if (DRAWING.matcher(name).matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            return abandoned(entry, new Item(kind, entry, "half-drawn by a process that died", size(entry)));
        }
        if (CHECKED_PART.matcher(name).matches() && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
            return abandoned(entry, new Item(kind, entry, "half-written by a process that died", Files.size(entry)));
        }
        if (!name.endsWith(PART) || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (WEIGHTS_PART.matcher(name).matches()) {
            return abandoned(entry, new Item(kind, entry, "half-written by a process that died", Files.size(entry)));
        }
        Path target = entry.resolveSibling(name.substring(0, name.length() - PART.length()));
        Path info = entry.resolveSibling(target.getFileName() + INFO);
        if (!Files.isRegularFile(info, LinkOption.NOFOLLOW_LINKS)) {
            // Not begun by Graft.
            return Optional.empty();
        }
        long bytes = Files.size(entry) + Files.size(info);
        return unlocked(target, new Item(kind, entry, "a download that was not finished", bytes), () -> {
            Files.deleteIfExists(entry);
            Files.deleteIfExists(info);
            return true;
        });
    }

    /** Returns a candidate that has not changed for longer than any such file or folder is written. */
    private Optional<Candidate> abandoned(Path entry, Item item) throws IOException {
        Instant since = clock.instant().minus(LONGEST_WRITE);
        try (Stream<Path> all = Files.walk(entry)) {
            for (Path path : all.toList()) {
                if (Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isAfter(since)) {
                    return Optional.empty();
                }
            }
        } catch (UncheckedIOException | NoSuchFileException e) {
            // It goes just now: somebody is at it.
            return Optional.empty();
        }
        return Optional.of(new Candidate(item, () -> {
            FolderTree.delete(entry);
            return true;
        }));
    }

    /** Returns a candidate whose file's lock nobody holds, to be deleted under that lock. */
    private static Optional<Candidate> unlocked(Path locked, Item item, Disposal disposal) throws IOException {
        if (WriteLock.isHeld(locked)) {
            return Optional.empty();
        }
        return Optional.of(new Candidate(item, () -> {
            Optional<WriteLock> lock = WriteLock.tryTake(locked);
            if (lock.isEmpty()) {
                return false;
            }
            try (WriteLock held = lock.get()) {
                return disposal.delete();
            }
        }));
    }

    private static long size(Path folder) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes.get();
    }
}
