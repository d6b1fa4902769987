package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.base.Tensor;
import dev.graft.features.DrawnSource;
import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureKey;
import dev.graft.features.FeatureSource;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.fetch.FolderTree;
import dev.graft.fetch.WriteLock;
import dev.graft.track.EpochRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class GarbageTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-05-01T12:00:00Z"));
    private static final Garbage.Wanted USUAL = new Garbage.Wanted(OptionalLong.empty(), false, OptionalInt.empty());
    private static final String SWEEP = "k3v9x2ab";

    @TempDir
    Path folder;

    private Path results;
    private Home home;
    private double[] accuracies = {0.5, 0.9, 0.7};

    @BeforeEach
    void places() throws IOException {
        results = folder.resolve("results");
        home = new Home(Files.createDirectories(folder.resolve("home")));
    }

    private Garbage garbage(Garbage.Wanted wanted) {
        return new Garbage(results, home, new Catalogue(List.of()), wanted, CLOCK);
    }

    /** Says what a dry run shows, holds it to changing nothing, and frees; gives file names and reasons. */
    private List<String> freed(Garbage.Wanted wanted) throws IOException {
        Map<String, String> before = contents();
        Garbage.Found shown = garbage(wanted).find();
        assertThat(contents()).isEqualTo(before);
        assertThat(shown.items()).allSatisfy(item -> assertThat(item.path()).exists());
        Garbage.Found freed = garbage(wanted).free();
        assertThat(freed.items()).isEqualTo(shown.items());
        assertThat(freed.items()).allSatisfy(item -> assertThat(item.path()).doesNotExist());
        Map<String, String> expected = new TreeMap<>(before);
        freed.items()
                .forEach(item ->
                        expected.keySet().removeIf(name -> folder.resolve(name).startsWith(item.path())));
        expected.keySet().removeIf(name -> name.endsWith(".part.info"));
        assertThat(contents().keySet().stream().filter(name -> !name.endsWith(".lock") && !name.contains("track.")))
                .isEqualTo(expected.keySet().stream()
                        .filter(name -> !name.endsWith(".lock") && !name.contains("track."))
                        .toList());
        return freed.items().stream()
                .map(item -> item.kind() + " " + item.path().getFileName() + ": " + item.reason())
                .toList();
    }

    /** Returns what there is, but for the two empty files that every reader of a SQLite record makes beside it. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(path -> !path.toString().matches(".*track\\.sqlite-(shm|wal)"))
                    .toList()) {
                String what = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        ? Arrays.hashCode(Files.readAllBytes(path)) + " " + Files.getLastModifiedTime(path)
                        : "";
                contents.put(folder.relativize(path).toString(), what);
            }
        }
        return contents;
    }

    /** Records a sweep whose trials ended with these accuracies, one of them not well, and saves all their weights. */
    private TrialModels record(String settings) throws IOException {
        return record(settings, Map.of("workers", "1"));
    }

    private TrialModels record(String settings, Map<String, String> provenance) throws IOException {
        TrialModels models = new TrialModels(results);
        try (TrackWriter track = Tracking.open(results, CLOCK)) {
            List<TrialRecord> trials = new ArrayList<>();
            int failed = accuracies.length + 1;
            for (int number = 1; number <= failed; number++) {
                trials.add(trial(number));
            }
            track.createSweep(sweep(settings, provenance), trials);
            for (int number = 1; number <= failed; number++) {
                String id = SWEEP + "-" + number;
                track.startTrial(id, "", false, "");
                if (number < failed) {
                    track.addEpoch(
                            id, new EpochRecord(1, 1, Map.of("val_accuracy", accuracies[number - 1]), List.of()));
                    track.putPredictions(id, 1, List.of());
                }
                track.endTrial(id, number < failed ? TrialState.FINISHED : TrialState.FAILED, "", Map.of(), "");
                models.save(id, Map.of("a", new Tensor(new int[] {1}, new float[] {number})), Map.of());
            }
            track.endSweep(SWEEP, SweepState.FINISHED, "");
        }
        return models;
    }

    private static SweepRecord sweep(String settings, Map<String, String> provenance) {
        return new SweepRecord(
                SWEEP,
                "cats",
                SweepState.RUNNING,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "cats.yaml",
                "data: {path: images}\nparameters: {base: {value: sprout}}\n" + settings,
                List.of("a", "b"),
                CLOCK.instant(),
                Optional.empty(),
                0,
                0,
                provenance);
    }

    private static TrialRecord trial(int number) {
        return TrialRecord.waiting(SWEEP, number, Map.of("base", "sprout"), number, "");
    }

    @Nested
    class Models {

        private static final String FAILED = "model " + SWEEP + "-4.safetensors: its trial is failed, not finished";

        @Test
        void beyondTheSettingGo() throws IOException {
            record("keep_models: 1");
            assertThat(freed(USUAL))
                    .containsExactly(
                            "model " + SWEEP + "-1.safetensors: not among the best 1 of its sweep (keep_models)",
                            "model " + SWEEP + "-3.safetensors: not among the best 1 of its sweep (keep_models)",
                            FAILED);
            assertThat(new TrialModels(results).trialIds()).containsExactly(SWEEP + "-2");
            assertThat(garbage(USUAL).free().items()).isEmpty();
        }

        @Test
        void beyondTheDefaultGo() throws IOException {
            accuracies = new double[] {0.5, 0.9, 0.7, 0.8, 0.6};
            record("");
            assertThat(freed(USUAL))
                    .containsExactly(
                            "model " + SWEEP + "-1.safetensors: not among the best 3 of its sweep (keep_models)",
                            "model " + SWEEP + "-5.safetensors: not among the best 3 of its sweep (keep_models)",
                            "model " + SWEEP + "-6.safetensors: its trial is failed, not finished");
        }

        @Test
        void beyondTheDefaultStayOfSweepsFromBeforeThereWasOne() throws IOException {
            accuracies = new double[] {0.5, 0.9, 0.7, 0.8, 0.6};
            record("", Map.of());
            assertThat(garbage(USUAL).find().notes())
                    .containsExactly("the models of sweep " + SWEEP + " are all kept, as its version of Graft did: its"
                            + " file says nothing of keep_models");
            assertThat(freed(USUAL))
                    .containsExactly("model " + SWEEP + "-6.safetensors: its trial is failed, not finished");
        }

        @Test
        void beyondASettingOfThatTimeGo() throws IOException {
            record("keep_models: 2", Map.of());
            assertThat(freed(USUAL))
                    .containsExactly(
                            "model " + SWEEP + "-1.safetensors: not among the best 2 of its sweep (keep_models)",
                            FAILED);
            assertThat(garbage(USUAL).find().notes()).isEmpty();
        }

        @Test
        void stayWhereTheSettingSaysSoOrCannotBeRead() throws IOException {
            record("keep_models: all");
            assertThat(freed(USUAL)).containsExactly(FAILED);
            results = folder.resolve("other results");
            record("keep_model: 1");
            assertThat(freed(USUAL)).containsExactly(FAILED);
        }

        @Test
        void ofUnknownTrialsGoAndOtherFilesStay() throws IOException {
            TrialModels models = record("keep_models: all");
            Files.delete(models.file(SWEEP + "-4"));
            Path directory = results.resolve("models");
            Files.writeString(directory.resolve("zzzzzzzz-1.safetensors"), "x");
            Files.writeString(
                    directory.resolve(SWEEP + "-1.safetensors.01234567-89ab-cdef-0123-456789abcdef.part"), "x");
            Files.writeString(directory.resolve("my model.safetensors"), "x");
            Files.writeString(directory.resolve("notes.part"), "x");
            assertThat(freed(USUAL))
                    .containsExactly(
                            "model " + SWEEP
                                    + "-1.safetensors.01234567-89ab-cdef-0123-456789abcdef.part: half-written by a"
                                    + " process that died",
                            "model zzzzzzzz-1.safetensors: no such trial is recorded");
        }

        @Test
        void stayWhileAControllerIsAtWork() throws IOException {
            record("keep_models: 0");
            Map<String, String> before = contents();
            try (TrackWriter writer = Tracking.open(results, CLOCK)) {
                assertThat(writer).isNotNull();
                for (Garbage.Found found :
                        List.of(garbage(USUAL).find(), garbage(USUAL).free())) {
                    assertThat(found.items()).isEmpty();
                    assertThat(found.notes())
                            .singleElement()
                            .asString()
                            .startsWith("the models, logs and bundles in " + results
                                    + " are left alone: another sweep is writing");
                }
            }
            assertThat(contents().keySet()).containsAll(before.keySet());
        }

        @Test
        void stayWithoutARecord() throws IOException {
            record("keep_models: 0");
            Files.delete(results.resolve("track.sqlite"));
            Garbage.Found found = garbage(USUAL).free();
            assertThat(found.items()).isEmpty();
            assertThat(found.notes()).singleElement().asString().endsWith("there is no record in it");
            assertThat(results.resolve("track.sqlite")).doesNotExist();
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void behindLinksStay() throws IOException {
            record("keep_models: 0");
            Path moved = Files.move(results.resolve("models"), folder.resolve("elsewhere"));
            Files.createSymbolicLink(results.resolve("models"), moved);
            Garbage.Found found = garbage(USUAL).free();
            assertThat(found.items()).isEmpty();
            assertThat(found.notes())
                    .containsExactly(results.resolve("models") + " is a symbolic link and is left alone");
            assertThat(moved).isDirectoryContaining("glob:**.safetensors");
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void thatAreLinksStay() throws IOException {
            TrialModels models = record("keep_models: all");
            Files.delete(models.file(SWEEP + "-4"));
            Path precious = Files.writeString(folder.resolve("precious"), "x");
            Files.createSymbolicLink(results.resolve("models/zzzzzzzz-1.safetensors"), precious);
            assertThat(garbage(USUAL).free().items()).isEmpty();
            assertThat(precious).exists();
        }
    }

    @Nested
    class Logs {

        @Test
        void ofUnknownSweepsGo() throws IOException {
            TrialModels models = record("keep_models: all");
            Files.delete(models.file(SWEEP + "-4"));
            Path logs = Files.createDirectories(results.resolve("logs"));
            Files.writeString(logs.resolve("mine.log"), "x");
            for (String sweep : List.of("yyyyyyyy", SWEEP)) {
                Path folder = Files.createDirectory(logs.resolve(sweep));
                for (String name : List.of("worker-1.log", "worker-1.log.crash-77.txt", "mine.log")) {
                    Files.writeString(folder.resolve(name), "x");
                }
            }
            assertThat(freed(USUAL))
                    .containsExactly(
                            "log worker-1.log: no such sweep is recorded",
                            "log worker-1.log.crash-77.txt: no such sweep is recorded");
        }
    }

    @Nested
    class Bundles {

        private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";

        private Path bundles;

        @BeforeEach
        void record() throws IOException {
            TrialModels models = GarbageTest.this.record("keep_models: all");
            Files.delete(models.file(SWEEP + "-4"));
            bundles = results.resolve("bundles");
        }

        private Path bundle(String name, int bytes) throws IOException {
            Path folder = Files.createDirectories(bundles.resolve(name));
            Files.write(folder.resolve("model.onnx"), new byte[bytes]);
            return folder;
        }

        private void file(String name) throws IOException {
            Files.writeString(Files.createDirectories(bundles).resolve(name), "");
        }

        @Test
        void thatAreWholeStayWhosesoever() throws IOException {
            bundle(SWEEP + "-1", 7);
            bundle(SWEEP + "-9", 7);
            bundle("resnet50-1", 7);
            bundle("mine", 7);
            file("zzzzzzzz-8.zip");
            Set<String> before = contents().keySet();
            assertThat(freed(USUAL)).isEmpty();
            assertThat(contents().keySet()).isEqualTo(before);
        }

        @Test
        void thatCannotBeToldApartStayAndDoNotKeepTheOthers() throws IOException {
            Path half = bundle("." + SWEEP + "-1.part-" + UUID, 500);
            // Instead of a file that another user's lock would be.
            Files.createDirectory(bundles.resolve("." + SWEEP + "-1.part-" + UUID + ".lock"));
            Path orphan = Files.write(results.resolve("models/zzzzzzzz-1.safetensors"), new byte[3]);
            assertThat(garbage(USUAL).free().notes()).isEmpty();
            assertThat(half).exists();
            assertThat(orphan).doesNotExist();
            BundleWriting.deleteLeft(bundles, SWEEP + "-1");
            assertThat(half).exists();
        }

        @Test
        void halfWrittenByProcessesThatDiedGoWithTheirLocks() throws IOException {
            bundle("." + SWEEP + "-1.part-" + UUID, 500);
            file("." + SWEEP + "-1.part-" + UUID + ".lock");
            bundle(".zzzzzzzz-2.part-" + UUID, 20);
            file("." + SWEEP + "-3.part-" + UUID + ".lock");
            bundle(".mine.part-" + UUID, 7);
            bundle("." + SWEEP + "-1.part-mine", 7);
            file("." + SWEEP + "-1.lock");
            assertThat(garbage(USUAL).find().bytes()).isEqualTo(520);
            assertThat(freed(USUAL))
                    .containsExactly(
                            "bundle ." + SWEEP + "-1.part-" + UUID + ": half-written by a process that died",
                            "bundle ." + SWEEP + "-3.part-" + UUID + ".lock: left by a process that died",
                            "bundle .zzzzzzzz-2.part-" + UUID + ": half-written by a process that died");
            assertThat(bundles.resolve("." + SWEEP + "-1.part-" + UUID + ".lock"))
                    .doesNotExist();
            assertThat(bundles.resolve("." + SWEEP + "-1.lock")).exists();
            assertThat(garbage(USUAL).free().items()).isEmpty();
        }

        @Test
        void thatSomebodyWritesStayUntilItIsDone() throws IOException {
            Files.createDirectory(bundles);
            Path half;
            try (BundleWriting writing = BundleWriting.of(bundles.resolve(SWEEP + "-1"))) {
                half = Files.createDirectory(writing.folder());
                Set<String> before = contents().keySet();
                assertThat(freed(USUAL)).isEmpty();
                assertThat(contents().keySet()).isEqualTo(before);
            }
            assertThat(freed(USUAL))
                    .containsExactly("bundle " + half.getFileName() + ": half-written by a process that died");
            assertThat(bundles).isEmptyDirectory();
        }

        @Test
        void thatAnotherProcessWritesStayUntilItDies() throws Exception {
            Path half;
            Process writer =
                    WritesABundle.start(Files.createDirectories(bundles).resolve(SWEEP + "-1"));
            try {
                half = Path.of(writer.inputReader().readLine());
                assertThat(half).isDirectory().hasParent(bundles);
                assertThat(garbage(USUAL).find().items()).isEmpty();
                assertThat(garbage(USUAL).free().items()).isEmpty();
                assertThat(half).isDirectory();
            } finally {
                writer.destroyForcibly().waitFor();
            }
            assertThat(freed(USUAL))
                    .containsExactly("bundle " + half.getFileName() + ": half-written by a process that died");
            assertThat(bundles).isEmptyDirectory();
        }

        @Test
        void stayWhileAControllerIsAtWork() throws IOException {
            Path gone = bundle("." + SWEEP + "-1.part-" + UUID, 7);
            try (TrackWriter writer = Tracking.open(results, CLOCK)) {
                assertThat(writer).isNotNull();
                assertThat(garbage(USUAL).free().items()).isEmpty();
            }
            assertThat(gone).exists();
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void behindLinksStay() throws IOException {
            Path half = bundle(".zzzzzzzz-1.part-" + UUID, 7);
            Path moved = Files.move(bundles, folder.resolve("elsewhere"));
            Files.createDirectory(bundles);
            Files.createSymbolicLink(bundles.resolve(half.getFileName()), moved.resolve(half.getFileName()));
            assertThat(garbage(USUAL).free().items()).isEmpty();
            FolderTree.delete(bundles);
            Files.createSymbolicLink(bundles, moved);
            assertThat(garbage(USUAL).free().notes())
                    .containsExactly(bundles + " is a symbolic link and is left alone");
            assertThat(moved.resolve(half.getFileName()).resolve("model.onnx")).exists();
        }
    }

    @Nested
    class Features {

        private Path file(int number, long bytes, int daysAgo) throws IOException {
            Path file = Files.write(
                    Files.createDirectories(home.features())
                            .resolve(new FeatureKey("b", number, "", 1, "", "", "", "", "", "").digest() + ".features"),
                    new byte[(int) bytes]);
            Files.setLastModifiedTime(file, FileTime.from(CLOCK.instant().minus(Duration.ofDays(daysAgo))));
            return file;
        }

        @Test
        void thatAreDamagedOrHalfWrittenGo() throws IOException {
            Path damaged = file(1, 100, 1);
            Path half = Files.move(file(2, 50, 1), home.features().resolve("f".repeat(64) + ".features.part"));
            Files.writeString(home.features().resolve("mine.features"), "x");
            assertThat(freed(USUAL))
                    .containsExactly(
                            "features " + half.getFileName() + ": half-written by a process that died",
                            "features " + damaged.getFileName() + ": damaged: it is not a feature file");
        }

        private List<Path> good() {
            FrozenBase base = DrawnSource.sprout(DrawnSource.SIZE);
            FeatureSource source =
                    DrawnSource.source(DrawnSource.dataset(folder.resolve("images"), 3, 1), List.of(), 1);
            List<Path> files = new ArrayList<>();
            for (String pooling : List.of("avg", "max")) {
                InstantSource then = InstantSource.fixed(CLOCK.instant().minus(Duration.ofDays(10 - files.size())));
                FeatureStore store = new FeatureStore(home.features(), then);
                new FeatureExtractor(store, 1)
                        .extract(source, base, List.of(base.headOutput(pooling)), (done, total) -> {}, () -> false);
                files.add(store.file(source.key(base, base.headOutput(pooling))));
            }
            return files;
        }

        @Test
        void ofUseStay() throws IOException {
            good();
            assertThat(freed(USUAL)).isEmpty();
        }

        @Test
        void overTheLimitGoTheLeastRecentlyUsedFirst() throws IOException {
            List<Path> files = good();
            OptionalLong limit = OptionalLong.of(Files.size(files.get(1)));
            assertThat(freed(new Garbage.Wanted(limit, false, OptionalInt.empty())))
                    .containsExactly("features " + files.get(0).getFileName() + ": over the limit of "
                            + limit.getAsLong() + " bytes, last used 2026-04-21T12:00:00Z");
        }

        @Test
        void areAllDeletedOnDemand() throws IOException {
            good();
            assertThat(freed(new Garbage.Wanted(OptionalLong.empty(), true, OptionalInt.empty())))
                    .hasSize(2)
                    .allSatisfy(text -> assertThat(text).contains("asked for, last used 2026-04-2"));
        }

        @Test
        void areDeletedByAgeOnDemand() throws IOException {
            List<Path> files = good();
            assertThat(freed(new Garbage.Wanted(OptionalLong.empty(), true, OptionalInt.of(10))))
                    .containsExactly("features " + files.get(0).getFileName()
                            + ": not used for 10 days, last used 2026-04-21T12:00:00Z");
        }

        @Test
        void thatSomebodyWritesStay() throws IOException {
            Path half = Files.move(file(2, 50, 1), home.features().resolve("f".repeat(64) + ".features.part"));
            try (WriteLock lock = WriteLock.tryTake(home.features().resolve("f".repeat(64) + ".features"))
                    .orElseThrow()) {
                assertThat(lock).isNotNull();
                assertThat(garbage(USUAL).free().items()).isEmpty();
            }
            assertThat(half).exists();
        }
    }

    @Nested
    class WhatAKilledProcessLeaves {

        private Path aged(Path path, int minutes) throws IOException {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.setLastModifiedTime(
                            each, FileTime.from(CLOCK.instant().minus(Duration.ofMinutes(minutes))));
                }
            }
            return path;
        }

        private Path drawing(String name) throws IOException {
            Path folder = home.data().resolve(name);
            Files.writeString(
                    Files.createDirectories(folder.resolve("train/hat")).resolve("000.png"), "x");
            return folder;
        }

        @Test
        void goesOnceNobodyCanBeAtItAnyMore() throws IOException {
            aged(drawing("drawing-123"), 61);
            aged(drawing("drawing-124"), 59);
            // Begun long ago, and still drawn.
            Path slow = aged(drawing("drawing-125"), 61);
            aged(slow.resolve("train/hat/000.png"), 1);
            aged(drawing("drawing-mine"), 61);
            Path checks = Files.createDirectories(home.imageChecks());
            aged(Files.writeString(checks.resolve("checked-77.tmp"), "x"), 61);
            aged(Files.writeString(checks.resolve("checked-78.tmp"), "x"), 59);
            aged(Files.writeString(checks.resolve("mine.tmp"), "x"), 61);
            assertThat(freed(USUAL))
                    .containsExactly(
                            "data drawing-123: half-drawn by a process that died",
                            "data checked-77.tmp: half-written by a process that died");
        }

        @Test
        void ofYoursIsNamedAndStays() throws IOException {
            String name = "f".repeat(64) + ".features.01234567-89ab-cdef-0123-456789abcdef.folder";
            Path moved = Files.createDirectories(home.features().resolve(name));
            Files.writeString(moved.resolve("precious"), "x");
            Garbage.Found found = garbage(USUAL).free();
            assertThat(found.items()).isEmpty();
            assertThat(found.notes())
                    .containsExactly(moved
                            + " was in the place of features and holds files of yours: look at it, then remove it");
            assertThat(moved.resolve("precious")).exists();
        }
    }

    @Nested
    class Downloads {

        @Test
        void thatWereNotFinishedGo() throws IOException {
            Path weights = Files.createDirectories(home.weights());
            Path data = Files.createDirectories(home.data());
            Files.writeString(weights.resolve("net.h5.part"), "x");
            Files.writeString(weights.resolve("net.h5.part.info"), "x");
            Files.writeString(weights.resolve("net.h5"), "x");
            Files.writeString(weights.resolve("mine.part"), "x");
            Files.writeString(
                    Files.createDirectories(data.resolve("a".repeat(64) + ".unpacking/train"))
                            .resolve("1.jpg"),
                    "x");
            Files.createDirectories(data.resolve("a".repeat(64)));
            String uuid = "01234567-89ab-cdef-0123-456789abcdef";
            Path old = Files.writeString(weights.resolve("old.safetensors." + uuid + ".part"), "x");
            Path fresh = Files.writeString(weights.resolve("new.safetensors." + uuid + ".part"), "x");
            Files.setLastModifiedTime(old, FileTime.from(CLOCK.instant().minus(Duration.ofHours(2))));
            Files.setLastModifiedTime(fresh, FileTime.from(CLOCK.instant()));
            assertThat(freed(USUAL))
                    .containsExactlyInAnyOrder(
                            "weights net.h5.part: a download that was not finished",
                            "weights " + old.getFileName() + ": half-written by a process that died",
                            "data " + "a".repeat(64) + ".unpacking: half-unpacked by a process that died");
            assertThat(weights.resolve("net.h5.part.info")).doesNotExist();
        }

        @Test
        void underWayStay() throws IOException {
            Path weights = Files.createDirectories(home.weights());
            Files.writeString(weights.resolve("net.h5.part"), "x");
            Files.writeString(weights.resolve("net.h5.part.info"), "x");
            try (WriteLock lock = WriteLock.tryTake(weights.resolve("net.h5")).orElseThrow()) {
                assertThat(lock).isNotNull();
                assertThat(garbage(USUAL).find().items()).isEmpty();
                assertThat(garbage(USUAL).free().items()).isEmpty();
            }
        }
    }

    @Test
    void isNotWhereThereIsNothing() {
        Garbage nowhere = new Garbage(
                folder.resolve("none"), new Home(folder.resolve("no home")), new Catalogue(List.of()), USUAL, CLOCK);
        assertThat(nowhere.find()).isEqualTo(new Garbage.Found(List.of(), List.of()));
        assertThat(nowhere.free()).isEqualTo(new Garbage.Found(List.of(), List.of()));
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
