package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationsTest {

    private static final String SWEEP = "aaaaaaaa";

    @TempDir
    Path directory;

    private Annotations annotations;

    @BeforeEach
    void record() {
        try (TrackWriter writer = open(directory)) {
            writer.createSweep(Records.sweep(SWEEP), Records.trials(SWEEP, 3));
        }
        annotations = Tracking.annotations(directory);
    }

    private static TrackWriter open(Path directory) {
        return Tracking.open(directory, InstantSource.system());
    }

    private SweepAnnotation read() {
        try (TrackReader reader = Tracking.openReadOnly(directory)) {
            return reader.sweepAnnotations().getOrDefault(SWEEP, SweepAnnotation.NONE);
        }
    }

    private long version() {
        try (TrackReader reader = Tracking.openReadOnly(directory)) {
            return reader.version();
        }
    }

    @Nested
    class OfSweeps {

        @Test
        void comeBackAsTheyWereWritten() {
            SweepAnnotation noted = new SweepAnnotation(
                    "נסוי 🌱 \"one\"", "# Why\n\n- <b>bold</b>\t'", List.of("best", "for the thesis"), true);
            assertThat(annotations.annotate(SWEEP, none -> noted)).isEqualTo(noted);
            assertThat(read()).isEqualTo(noted);
            assertThat(noted.nameOf(Records.sweep(SWEEP))).isEqualTo("נסוי 🌱 \"one\"");
            try (TrackReader reader = Tracking.openAsItStands(directory, InstantSource.system())) {
                assertThat(reader.sweepAnnotations()).isEqualTo(Map.of(SWEEP, noted));
                assertThat(reader.sweep(SWEEP).name()).isEqualTo("clothing");
            }
        }

        @Test
        void changeOnePartAndKeepTheOthers() {
            annotations.annotate(SWEEP, present -> present.withNotes("a"));
            annotations.annotate(SWEEP, present -> present.withTags(List.of("b")));
            annotations.annotate(SWEEP, present -> present.withArchived(true));
            annotations.annotate(SWEEP, present -> present.withName("c"));
            assertThat(read()).isEqualTo(new SweepAnnotation("c", "a", List.of("b"), true));
        }

        @Test
        void areNewsOnceAndOnlyWhereSomethingChanged() {
            long before = version();
            annotations.annotate(SWEEP, present -> present.withName("c"));
            assertThat(version()).isEqualTo(before + 1);
            annotations.annotate(SWEEP, present -> present.withName(" c "));
            assertThat(version()).isEqualTo(before + 1);
            annotations.annotate(SWEEP, present -> SweepAnnotation.NONE);
            assertThat(version()).isEqualTo(before + 2);
            try (TrackReader reader = Tracking.openReadOnly(directory)) {
                assertThat(reader.sweepAnnotations()).isEmpty();
            }
        }

        @Test
        void areTidied() {
            SweepAnnotation kept = annotations.annotate(
                    SWEEP,
                    none -> new SweepAnnotation(
                            "  two words ", "one\r\ntwo\rthree\u0000\u001b[31m", List.of(" a", "b ", "a", " "), false));
            assertThat(kept)
                    .isEqualTo(new SweepAnnotation("two words", "one\ntwo\nthree[31m", List.of("a", "b"), false))
                    .isEqualTo(read());
        }

        @Test
        void takeAsMuchAsTheySay() {
            List<String> tags = IntStream.range(0, 20)
                    .mapToObj(i -> "t".repeat(48) + (10 + i))
                    .toList();
            SweepAnnotation most = new SweepAnnotation("n".repeat(200), "x".repeat(100_000), tags, false);
            assertThat(annotations.annotate(SWEEP, none -> most))
                    .isEqualTo(most)
                    .isEqualTo(read());
        }

        @Test
        void nameEverythingThatIsWrongAtOnceAndKeepWhatWas() {
            SweepAnnotation before = annotations.annotate(SWEEP, none -> SweepAnnotation.NONE.withName("before"));
            List<String> tags = new ArrayList<>(List.of("t".repeat(51), "a,b", "c\nd"));
            for (int i = 0; i < 18; i++) {
                tags.add("tag" + i);
            }
            SweepAnnotation wrong =
                    new SweepAnnotation("n".repeat(100) + "\n" + "n".repeat(100), "x".repeat(100_001), tags, true);
            assertThatThrownBy(() -> annotations.annotate(SWEEP, none -> wrong))
                    .isInstanceOf(AnnotationException.class)
                    .hasMessage("""
                            a sweep's name must have at most 200 characters, but had 201
                            a sweep's name must be one line of text without control characters
                            notes must have at most 100000 characters, but had 100001
                            a tag must have at most 50 characters, but one had 51
                            a tag must be one line of text without commas and control characters
                            a tag must be one line of text without commas and control characters
                            a sweep must have at most 20 tags, but had 21""");
            assertThat(read()).isEqualTo(before);
        }

        @Test
        void areOfSweepsThatThereAre() {
            assertThatThrownBy(() -> annotations.annotate("nothere0", none -> none))
                    .isInstanceOf(UnknownSweepException.class)
                    .hasMessage("there is no sweep nothere0");
        }
    }

    @Nested
    class OfTrials {

        @Test
        void comeBackAsTheyWereWritten() {
            annotations.annotateTrial(SWEEP + "-1", present -> present.withPinned(true));
            annotations.annotateTrial(SWEEP + "-3", present -> present.withHidden(true));
            annotations.annotateTrial(SWEEP + "-3", present -> present.withPinned(true));
            annotations.annotateTrial(SWEEP + "-2", present -> present.withPinned(true));
            annotations.annotateTrial(SWEEP + "-2", present -> TrialAnnotation.NONE);
            try (TrackReader reader = Tracking.openAsItStands(directory, InstantSource.system())) {
                assertThat(reader.trialAnnotations(SWEEP))
                        .isEqualTo(Map.of(
                                SWEEP + "-1", new TrialAnnotation(true, false),
                                SWEEP + "-3", new TrialAnnotation(true, true)));
                assertThat(reader.trialAnnotations("other000")).isEmpty();
            }
        }

        @Test
        void areOfTrialsThatThereAre() {
            assertThatThrownBy(() -> annotations.annotateTrial(SWEEP + "-4", none -> none))
                    .isInstanceOf(UnknownSweepException.class)
                    .hasMessage("there is no trial aaaaaaaa-4");
        }
    }

    @Nested
    class Databases {

        @Test
        void areNotMadeByAnnotations() {
            Path none = directory.resolve("none");
            assertThatThrownBy(() -> Tracking.annotations(none).annotate(SWEEP, present -> present.withName("x")))
                    .isInstanceOf(UnknownSweepException.class)
                    .hasMessage("no sweep is recorded in " + none + " yet");
            assertThat(none).doesNotExist();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void ofOlderSchemasAreBroughtUpToDate(int schema) throws Exception {
            Path old = directory.resolve("old");
            GoldenRecord.copy(schema, old);
            try (TrackReader reader = Tracking.openReadOnly(old)) {
                assertThat(reader.sweepAnnotations()).isEmpty();
                Tracking.annotations(old).annotate("g0lden00", present -> present.withName("x"));
                assertThat(reader.sweepAnnotations()).containsOnlyKeys("g0lden00");
            }
            assertThat(Tracking.check(old)).isEmpty();
            assertThat(Tracking.isWritten(old)).isFalse();
        }

        @Test
        void ofAnOlderGraftThatRunsSaySo() throws Exception {
            Path old = directory.resolve("old");
            GoldenRecord.copy(2, old);
            try (DirectoryLock controller = DirectoryLock.take(old)) {
                assertThatThrownBy(
                                () -> Tracking.annotations(old).annotate("g0lden00", present -> present.withName("x")))
                        .isInstanceOf(StoreException.class)
                        .hasMessage(old.resolve("track.sqlite") + " is of an older Graft (schema 2), which is running a"
                                + " sweep in it: names, notes and marks can be kept once that has ended");
            }
            assertThat(Tracking.facts(old).orElseThrow().schema()).isEqualTo(2);
        }

        @Test
        void ofAnotherProgramThatHoldsTheFileWaitForIt() throws Exception {
            ExecutorService threads = Executors.newSingleThreadExecutor();
            try (Sql other = new Sql(directory)) {
                other.run("BEGIN IMMEDIATE");
                Future<SweepAnnotation> write =
                        threads.submit(() -> annotations.annotate(SWEEP, present -> present.withName("x")));
                other.run("UPDATE change_counter SET value = value + 1");
                other.run("COMMIT");
                assertThat(write.get(60, TimeUnit.SECONDS).name()).isEqualTo("x");
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Nested
    class AtOnce {

        private static final int CHANGES = 100;

        @Test
        void severalWritersAndASweepAllSucceed() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try (TrackWriter writer = open(directory)) {
                writer.sweepUp();
                writer.createSweep(Records.sweep("bbbbbbbb"), Records.trials("bbbbbbbb", 1));
                writer.startTrial("bbbbbbbb-1", "f", false, "");
                List<Future<?>> changes = new ArrayList<>();
                for (String tag : List.of("a", "b")) {
                    changes.add(threads.submit(() -> {
                        Annotations own = Tracking.annotations(directory);
                        for (int i = 0; i < CHANGES; i++) {
                            own.annotate("bbbbbbbb", addToNotes(tag));
                        }
                    }));
                }
                Process other = AnnotatingProcess.start(directory, "bbbbbbbb", CHANGES);
                changes.add(threads.submit(() -> {
                    for (int epoch = 1; epoch <= 2 * CHANGES; epoch++) {
                        writer.addEpoch("bbbbbbbb-1", Records.epoch(epoch, 0.5, 0.5));
                    }
                }));
                for (Future<?> change : changes) {
                    change.get();
                }
                try (BufferedReader said = other.inputReader()) {
                    assertThat(said.lines()).containsExactly("done");
                }
                assertThat(other.waitFor()).isZero();
                try (TrackReader reader = Tracking.openReadOnly(directory)) {
                    String notes = reader.sweepAnnotations().get("bbbbbbbb").notes();
                    for (String tag : List.of("a", "b", "c")) {
                        assertThat(notes.chars().filter(c -> c == tag.charAt(0)))
                                .hasSize(CHANGES);
                    }
                    assertThat(reader.epochs("bbbbbbbb-1")).hasSize(2 * CHANGES);
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(Tracking.check(directory)).isEmpty();
        }
    }

    static UnaryOperator<SweepAnnotation> addToNotes(String text) {
        return present -> present.withNotes(present.notes() + text);
    }

    /** Another process that annotates a sweep. */
    static final class AnnotatingProcess {

        private AnnotatingProcess() {}

        static Process start(Path directory, String sweep, int changes) throws Exception {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-Xmx128m",
                            AnnotatingProcess.class.getName(),
                            directory.toString(),
                            sweep,
                            Integer.toString(changes))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        public static void main(String[] arguments) {
            Annotations annotations = Tracking.annotations(Path.of(arguments[0]));
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                annotations.annotate(arguments[1], addToNotes("c"));
            }
            System.out.println("done");
        }
    }

    @Nested
    class Disks {

        @Test
        void thatAreFullSaySoAndKeepWhatWas() throws Exception {
            Path disk = directory.resolve("disk");
            try (SmallDisk mounted = SmallDisk.mount(disk, "1m")) {
                GoldenRecord.write(disk);
                Annotations there = Tracking.annotations(disk);
                there.annotate("g0lden00", present -> present.withName("before"));
                SmallDisk.fill(disk.resolve("filler"));
                assertThatThrownBy(() -> there.annotate("g0lden00", present -> present.withNotes("x".repeat(90_000))))
                        .isInstanceOf(DiskFullException.class)
                        .hasMessage("no space is left on the disk of " + disk.resolve("track.sqlite")
                                + ", so this was not kept: free some and try again");
                try (TrackReader reader = Tracking.openReadOnly(disk)) {
                    assertThat(reader.sweepAnnotations())
                            .isEqualTo(Map.of("g0lden00", SweepAnnotation.NONE.withName("before")));
                }
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {2, 3})
        void thatCanOnlyBeReadSaySo(int schema) throws Exception {
            Path disk = directory.resolve("disk");
            try (SmallDisk mounted = SmallDisk.mount(disk, "2m")) {
                GoldenRecord.copy(schema, disk);
                mounted.remountReadOnly();
                assertThatThrownBy(
                                () -> Tracking.annotations(disk).annotate("g0lden00", present -> present.withName("x")))
                        .isInstanceOf(StoreException.class)
                        .isNotInstanceOf(DiskFullException.class)
                        .hasMessageContaining("can only be read")
                        .hasMessageContaining("make");
            }
        }
    }
}
