package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import dev.graft.export.ModelExporter.Step;
import dev.graft.export.TrialBundles.Predicted;
import dev.graft.export.TrialBundles.State;
import dev.graft.export.TrialBundles.Status;
import dev.graft.run.BundleWriting;
import dev.graft.track.TrialRecord;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialBundlesTest {

    @TempDir
    Path results;

    private final Exports exports = new Exports();
    private TrialBundles bundles;

    @AfterEach
    void close() {
        if (bundles != null) {
            bundles.close();
        }
    }

    /** Writes a small bundle, when it is let. */
    private static final class Exports implements TrialBundles.Exporter {
        private final List<String> begun = new ArrayList<>();
        private final CountDownLatch gate = new CountDownLatch(1);
        private String obstacle = "";
        private RuntimeException failure;

        @Override
        public Optional<String> obstacle(TrialRecord trial) {
            return Optional.of(obstacle).filter(text -> !text.isEmpty());
        }

        @Override
        public List<String> export(TrialRecord trial, Path to, Consumer<Step> progress) {
            synchronized (begun) {
                begun.add(trial.id());
            }
            progress.accept(Step.COMPARE);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new ExportException("interrupted", e);
            }
            if (failure != null) {
                throw failure;
            }
            SmallBundle.write(to);
            return List.of("the images are gone");
        }

        List<String> begun() {
            synchronized (begun) {
                return List.copyOf(begun);
            }
        }
    }

    private static TrialRecord trial(int number) {
        return TrialRecord.waiting("k3v9x2ab", number, Map.of(), 1, "");
    }

    private TrialBundles bundles() {
        return bundles(Duration.ofMinutes(3));
    }

    private TrialBundles bundles(Duration idle) {
        bundles = new TrialBundles(results, exports, 1, idle);
        return bundles;
    }

    private static void await(BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Path ready(int number) {
        Path folder = results.resolve("bundles/k3v9x2ab-" + number);
        SmallBundle.write(folder);
        return folder;
    }

    private static byte[] image(Color colour, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, colour.getRGB());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    @Nested
    class AnExport {

        @Test
        void runsInTheBackgroundAndTellsWhatItDoes() {
            TrialBundles all = bundles();
            assertThat(all.status(trial(1)).state()).isEqualTo(State.NONE);
            assertThat(all.begin(trial(1)).state()).isEqualTo(State.EXPORTING);
            await(() -> all.status(trial(1)).step().equals(Optional.of(Step.COMPARE)));
            exports.gate.countDown();
            await(() -> all.status(trial(1)).state() == State.READY);
            Status ready = all.status(trial(1));
            assertThat(ready.bytes()).isGreaterThan(1000);
            assertThat(ready.notes()).containsExactly("the images are gone");
            assertThat(all.card("k3v9x2ab-1")).isEqualTo("# README.md\n");
        }

        @Test
        void isOneAtATimeInTheOrderOfAskingAndNeverTwice() {
            TrialBundles all = bundles();
            all.begin(trial(2));
            all.begin(trial(1));
            all.begin(trial(3));
            all.begin(trial(2));
            await(() -> exports.begun().size() == 1);
            assertThat(all.status(trial(3)).ahead()).isEqualTo(2);
            assertThat(all.status(trial(3)).step()).isEmpty();
            exports.gate.countDown();
            await(() -> all.status(trial(3)).state() == State.READY);
            assertThat(exports.begun()).containsExactly("k3v9x2ab-2", "k3v9x2ab-1", "k3v9x2ab-3");
            assertThat(all.begin(trial(1)).state()).isEqualTo(State.READY);
            assertThat(exports.begun()).hasSize(3);
        }

        @Test
        void isRefusedWhenTooManyWait() {
            TrialBundles all = bundles();
            for (int number = 1; number <= 9; number++) {
                all.begin(trial(number));
            }
            assertThatThrownBy(() -> all.begin(trial(10)))
                    .isInstanceOf(BusyException.class)
                    .hasMessage("8 exports wait already; ask again when one has ended");
            exports.gate.countDown();
        }

        @Test
        void thatFailsSaysWhyAndCanBeTriedAgain() {
            TrialBundles all = bundles();
            exports.failure = new ExportException("the weights are others");
            exports.gate.countDown();
            all.begin(trial(1));
            await(() -> all.status(trial(1)).state() == State.FAILED);
            assertThat(all.status(trial(1)).reason()).isEqualTo("the weights are others");
            exports.failure = null;
            all.begin(trial(1));
            await(() -> all.status(trial(1)).state() == State.READY);
        }

        @Test
        void thatFailsWithABugSaysSoWithoutDetails() {
            TrialBundles all = bundles();
            exports.failure = new IllegalStateException("at line 7");
            exports.gate.countDown();
            all.begin(trial(1));
            await(() -> all.status(trial(1)).state() == State.FAILED);
            assertThat(all.status(trial(1)).reason())
                    .startsWith("this is a bug in Graft")
                    .doesNotContain("line 7");
        }

        @Test
        void ofATrialWithoutWeightsIsNotBegun() {
            TrialBundles all = bundles();
            exports.obstacle = "its sweep keeps 3";
            assertThat(all.status(trial(1)).state()).isEqualTo(State.NONE);
            assertThat(all.status(trial(1)).reason()).isEqualTo("its sweep keeps 3");
            assertThatThrownBy(() -> all.begin(trial(1)))
                    .isInstanceOf(ExportException.class)
                    .hasMessage("its sweep keeps 3");
            assertThat(exports.begun()).isEmpty();
        }

        @Test
        void clearsAwayWhatADeadProcessLeftOfTheSameTrial() throws IOException {
            Path directory = results.resolve("bundles");
            String uuid = ".part-01234567-89ab-cdef-0123-456789abcdef";
            Path left = Files.createDirectories(directory.resolve(".k3v9x2ab-1" + uuid));
            Path other = Files.createDirectories(directory.resolve(".k3v9x2ab-12" + uuid));
            try (BundleWriting elsewhere = BundleWriting.of(directory.resolve("k3v9x2ab-1"))) {
                Files.createDirectory(elsewhere.folder());
                exports.gate.countDown();
                TrialBundles all = bundles();
                all.begin(trial(1));
                await(() -> all.status(trial(1)).state() == State.READY);
                assertThat(elsewhere.folder()).exists();
            }
            assertThat(left).doesNotExist();
            assertThat(other).exists();
        }
    }

    @Nested
    class AFolder {

        @Test
        void thatIsWholeIsReadyWhoeverMadeIt() {
            ready(1);
            assertThat(bundles().status(trial(1)).state()).isEqualTo(State.READY);
        }

        @ParameterizedTest
        @ValueSource(strings = {"model.onnx", "README.md", "sweep.yaml"})
        void thatLacksAFileIsNotUsedNorOverwritten(String name) throws IOException {
            Path folder = ready(1);
            Files.delete(folder.resolve(name));
            TrialBundles all = bundles();
            Status status = all.status(trial(1));
            assertThat(status.state()).isEqualTo(State.FAILED);
            assertThat(status.reason())
                    .isEqualTo(folder + " is no whole bundle: it has no " + name + "; delete it and export again");
            assertThatThrownBy(() -> all.begin(trial(1))).isInstanceOf(ExportException.class);
            assertThatThrownBy(() -> all.card("k3v9x2ab-1"))
                    .isInstanceOf(ExportException.class)
                    .hasMessage("trial k3v9x2ab-1 has no bundle yet; export it first");
        }

        @Test
        void ofLinksLeadsNowhere() throws IOException {
            Path folder = ready(1);
            Path secret = Files.writeString(results.resolve("secret"), "secret");
            Files.delete(folder.resolve("README.md"));
            Files.createSymbolicLink(folder.resolve("README.md"), secret);
            assertThatThrownBy(() -> bundles().card("k3v9x2ab-1")).isInstanceOf(ExportException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"../models", "..", "", "k3v9x2ab", "k3v9x2ab-1/../x"})
        void isFoundByTrialsAlone(String name) {
            assertThatThrownBy(() -> bundles().card(name)).isInstanceOf(ExportException.class);
        }
    }

    @Nested
    class APrediction {

        @Test
        void isThatOfTheBundleTheLikeliestClassFirst() throws IOException {
            Path folder = ready(1);
            byte[] red = image(Color.RED, 30, 20);
            Predicted predicted = bundles().predict("k3v9x2ab-1", red);
            assertThat(predicted.width()).isEqualTo(30);
            assertThat(predicted.height()).isEqualTo(20);
            Path file = Files.write(results.resolve("red.png"), red);
            try (Bundle bundle = Bundle.open(folder, 1)) {
                float[] expected = bundle.predict(file);
                for (TrialBundles.Likelihood each : predicted.classes()) {
                    assertThat(each.probability())
                            .isCloseTo(expected[bundle.labels().indexOf(each.label())], within(1e-7));
                }
            }
            assertThat(predicted.classes().get(0).probability())
                    .isGreaterThanOrEqualTo(predicted.classes().get(1).probability());
        }

        @Test
        void showsWhatTheNetworkWasGiven() throws IOException {
            ready(1);
            byte[] seen =
                    bundles().predict("k3v9x2ab-1", image(Color.BLUE, 30, 20)).seen();
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(seen));
            assertThat(image.getWidth()).isEqualTo(8);
            assertThat(image.getHeight()).isEqualTo(8);
            assertThat(new Color(image.getRGB(4, 4)).getBlue()).isGreaterThan(230);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "no image at all", "\u0089PNG broken"})
        void ofNonsenseIsRefusedInWords(String nonsense) {
            ready(1);
            TrialBundles all = bundles();
            assertThatThrownBy(() -> all.predict("k3v9x2ab-1", nonsense.getBytes(StandardCharsets.ISO_8859_1)))
                    .isInstanceOf(DataException.class)
                    .message()
                    .startsWith("this is ");
        }

        @Test
        void needsABundle() {
            assertThatThrownBy(() -> bundles().predict("k3v9x2ab-1", new byte[3]))
                    .isInstanceOf(ExportException.class)
                    .hasMessage("trial k3v9x2ab-1 has no bundle yet; export it first");
        }

        @Test
        void leavesNoFilesBehindAndClosesItsModelAfterAWhile() throws IOException {
            ready(1);
            ready(2);
            TrialBundles all = bundles(Duration.ofMillis(300));
            all.predict("k3v9x2ab-1", image(Color.RED, 9, 9));
            all.predict("k3v9x2ab-2", image(Color.RED, 9, 9));
            await(() -> !all.isOpen());
            assertThat(all.predict("k3v9x2ab-1", image(Color.RED, 9, 9)).classes())
                    .hasSize(2);
            assertThat(Files.list(results)).containsExactly(results.resolve("bundles"));
            all.close();
            assertThat(all.isOpen()).isFalse();
        }
    }
}
