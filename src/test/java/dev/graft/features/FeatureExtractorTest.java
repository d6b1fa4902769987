package dev.graft.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Frame;
import dev.graft.data.Framing;
import dev.graft.data.ImageDecoder;
import dev.graft.data.LabelledImage;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.fetch.FolderTree;
import dev.graft.fetch.WriteLock;
import dev.graft.onnx.OnnxException;
import dev.graft.spec.SweepData;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FeatureExtractorTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final Framing WHOLE = (width, height) -> Frame.of(width, height, OptionalDouble.empty());

    @TempDir
    Path folder;

    private final FrozenBase base = DrawnSource.sprout(DrawnSource.SIZE);

    private FeatureStore store() {
        return new FeatureStore(folder.resolve("store"), InstantSource.fixed(NOW));
    }

    private Dataset dataset(int train, int validation) {
        return DrawnSource.dataset(folder.resolve("images"), train, validation);
    }

    private Extraction extract(FeatureSource source, int threads, FeatureOutput... outputs) {
        return new FeatureExtractor(store(), threads)
                .extract(source, base, List.of(outputs), (done, total) -> {}, () -> false);
    }

    private static float[] row(FeatureRows rows, int row) {
        float[] values = new float[rows.rowLength()];
        rows.read(row, values, 0);
        return values;
    }

    private static void assertClose(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private List<String> stored(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("store"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .toList();
        }
    }

    @Nested
    class PixelsKeptForLater {

        private final PixelCache cache = new PixelCache(1 << 20);
        private final FrozenBase larger = DrawnSource.sprout(48);
        private final FeatureOutput output = base.headOutput("avg");

        private FeatureFile extract(FeatureSource source, FrozenBase at, PixelCache pixels, Integer... later) {
            FeatureStore store =
                    new FeatureStore(folder.resolve("store of " + pixels.hashCode()), InstantSource.fixed(NOW));
            return new FeatureExtractor(store, 2, 8)
                    .keeping(pixels, () -> List.of(later))
                    .extract(source, at, List.of(output), (done, total) -> {}, () -> false)
                    .files()
                    .get(output);
        }

        private List<float[]> rows(FeatureFile file) {
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < file.rows(); i++) {
                rows.add(row(file, i));
            }
            return rows;
        }

        private void deleteImages(Dataset dataset) throws IOException {
            for (LabelledImage image : dataset.train()) {
                Files.delete(image.path());
            }
            for (LabelledImage image : dataset.validation()) {
                Files.delete(image.path());
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void areReadAgainByNobodyAndChangeNothing(int views) throws IOException {
            List<SweepData.Augmentation> augment = views == 1 ? List.of() : DrawnSource.AUGMENT;
            Dataset dataset = dataset(20, 3);
            FeatureSource source = DrawnSource.source(dataset, augment, views);
            List<float[]> alone = rows(extract(source, larger, PixelCache.none()));
            extract(source, base, cache, 48);
            assertThat(cache.bytes()).isBetween(23 * 3L * 48 * 48, 1L << 20);
            deleteImages(dataset);
            assertThat(rows(extract(source, larger, cache)))
                    .usingElementComparator(java.util.Arrays::compare)
                    .containsExactlyElementsOf(alone);
        }

        @Test
        void showTheSameRandomPartAtEverySize() throws IOException {
            Dataset dataset = dataset(6, 2);
            FeatureSource source = DrawnSource.source(
                    dataset,
                    List.of(new SweepData.Augmentation(SweepData.Augmentation.Kind.RANDOM_RESIZED_CROP, 0.3)),
                    2);
            List<float[]> alone = rows(extract(source, larger, PixelCache.none()));
            extract(source, base, cache, 48);
            deleteImages(dataset);
            assertThat(rows(extract(source, larger, cache)))
                    .usingElementComparator(java.util.Arrays::compare)
                    .containsExactlyElementsOf(alone);
        }

        @Test
        void areAsManyAsFitAndTheOthersAreReadAgain() {
            FeatureSource source = DrawnSource.source(dataset(20, 3), List.of(), 1);
            List<float[]> alone = rows(extract(source, larger, PixelCache.none()));
            PixelCache small = new PixelCache(5 * (3 * 48 * 48 + 200));
            extract(source, base, small, 48);
            assertThat(small.bytes()).isBetween(5L * 3 * 48 * 48, 5L * (3 * 48 * 48 + 200));
            assertThat(rows(extract(source, larger, small)))
                    .usingElementComparator(java.util.Arrays::compare)
                    .containsExactlyElementsOf(alone);
        }

        @Test
        void areNoneWhereNoPassIsToCome() {
            extract(DrawnSource.source(dataset(4, 3), List.of(), 1), base, cache);
            assertThat(cache.bytes()).isZero();
        }

        @Test
        void areForgottenAfterTheLastPassThatReadsThem() {
            FeatureSource source = DrawnSource.source(dataset(4, 3), DrawnSource.AUGMENT, 2);
            extract(source, base, cache, 48, 40);
            long two = cache.bytes();
            extract(source, larger, cache, 40);
            assertThat(cache.bytes()).isPositive().isLessThan(two);
            extract(source, DrawnSource.sprout(40), cache);
            assertThat(cache.bytes()).isZero();
        }

        @Test
        void areForgottenWhenAPassFails() throws IOException {
            Dataset dataset = dataset(4, 3);
            FeatureSource source = DrawnSource.source(dataset, List.of(), 1);
            Files.delete(dataset.validation().get(2).path());
            assertThatThrownBy(() -> extract(source, base, cache, 48)).hasMessageContaining("does not exist");
            assertThat(cache.bytes()).isZero();
        }

        @Test
        void areNotEvenAskedForWhereNothingIsComputed() {
            FeatureSource source = DrawnSource.source(dataset(4, 3), List.of(), 1);
            extract(source, base, cache);
            FeatureStore store =
                    new FeatureStore(folder.resolve("store of " + cache.hashCode()), InstantSource.fixed(NOW));
            assertThat(new FeatureExtractor(store, 1)
                            .keeping(cache, () -> {
                                throw new AssertionError("asked");
                            })
                            .extract(source, base, List.of(output), (done, total) -> {}, () -> false)
                            .computed())
                    .isEmpty();
        }
    }

    @Nested
    class Results {

        @Test
        void areTheBasesValuesOfEachImageInOrder() {
            Dataset dataset = dataset(35, 5);
            FeatureOutput pooled = base.headOutput("avg");
            FeatureOutput whole = base.tailOutput(1);
            Extraction extraction = extract(DrawnSource.source(dataset, List.of(), 1), 2, pooled, whole);
            assertThat(extraction.computed()).containsExactlyInAnyOrder(pooled, whole);
            ComputationGraph graph = base.network()
                    .graph(
                            new NeuralNetConfiguration.Builder(),
                            InputType.convolutional(DrawnSource.SIZE, DrawnSource.SIZE, 3));
            dev.graft.base.LayerWeights.assign(graph, base.weights().tensors());
            List<LabelledImage> images = new ArrayList<>(dataset.train());
            images.addAll(dataset.validation());
            for (int image : new int[] {0, 31, 32, 34, 35, 39}) {
                float[] pixels = ImageDecoder.open(images.get(image).path()).tensor(WHOLE, DrawnSource.SIZE);
                base.architecture().preprocessing().apply(pixels, 0, DrawnSource.SIZE * DrawnSource.SIZE);
                Map<String, INDArray> values = graph.feedForward(
                        Nd4j.create(pixels, new long[] {1, 3, DrawnSource.SIZE, DrawnSource.SIZE}, 'c'), false);
                assertClose(
                        row(extraction.files().get(pooled), image),
                        values.get("block3_out").mean(2, 3).dup('c').data().asFloat());
                assertClose(
                        row(extraction.files().get(whole), image),
                        values.get("block2_out").dup('c').data().asFloat());
            }
        }

        @Test
        void doNotDependOnTheNumberOfThreads() {
            FeatureSource source = DrawnSource.source(dataset(40, 3), DrawnSource.AUGMENT, 2);
            FeatureOutput output = base.headOutput("max");
            FeatureFile one = extract(source, 1, output).files().get(output);
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < one.rows(); i++) {
                rows.add(row(one, i));
            }
            FeatureStore other = new FeatureStore(folder.resolve("other"), InstantSource.system());
            FeatureFile three = new FeatureExtractor(other, 3)
                    .extract(source, base, List.of(output), (done, total) -> {}, () -> false)
                    .files()
                    .get(output);
            assertThat(three.rows()).isEqualTo(rows.size()).isEqualTo(83);
            for (int i = 0; i < rows.size(); i++) {
                assertClose(row(three, i), rows.get(i));
            }
        }

        @Test
        void ofLiveViewsEqualTheStoredOnes() {
            Dataset dataset = dataset(10, 2);
            FeatureOutput output = base.headOutput("avg");
            FeatureFile file = extract(DrawnSource.source(dataset, DrawnSource.AUGMENT, 3), 2, output)
                    .files()
                    .get(output);
            TrainingFeatures stored = TrainingFeatures.of(file);
            int[] order = {9, 4, 0, 7, 2};
            float[] expected = new float[4 * file.rowLength()];
            float[] found = new float[4 * file.rowLength()];
            float[] first = new float[4 * file.rowLength()];
            try (LiveFeatures live =
                    new LiveFeatures(DrawnSource.source(dataset, DrawnSource.AUGMENT, 0), base, output, 2)) {
                assertThat(live.images()).isEqualTo(10);
                assertThat(live.shape()).isEqualTo(file.shape());
                for (int epoch = 1; epoch <= 3; epoch++) {
                    stored.read(epoch, order, 1, 4, expected);
                    live.read(epoch, order, 1, 4, found);
                    assertClose(found, expected);
                    if (epoch == 1) {
                        first = found.clone();
                    }
                }
                assertThat(found).isNotEqualTo(first);
            }
        }

        @Test
        void ofLiveSweepsAreTheValidationImagesAlone() {
            FeatureOutput output = base.headOutput("avg");
            FeatureFile file = extract(DrawnSource.source(dataset(4, 3), DrawnSource.AUGMENT, 0), 1, output)
                    .files()
                    .get(output);
            assertThat(file.rows()).isEqualTo(3);
            assertThat(file.views()).isZero();
        }

        @Test
        void sayHowFarTheyAre() {
            List<String> heard = new ArrayList<>();
            new FeatureExtractor(store(), 1, 32)
                    .extract(
                            DrawnSource.source(dataset(40, 30), List.of(), 1),
                            base,
                            List.of(base.headOutput("avg")),
                            (done, total) -> heard.add(done + "/" + total),
                            () -> false);
            assertThat(heard).containsExactly("32/70", "64/70", "70/70");
        }
    }

    @Nested
    class Store {

        @Test
        void computesEachOutputOnce() throws IOException {
            FeatureSource source = DrawnSource.source(dataset(6, 2), List.of(), 1);
            FeatureOutput avg = base.headOutput("avg");
            FeatureOutput max = base.headOutput("max");
            assertThat(extract(source, 1, avg).computed()).containsExactly(avg);
            Extraction second = extract(source, 1, avg, max);
            assertThat(second.computed()).containsExactly(max);
            assertThat(second.files()).containsOnlyKeys(avg, max);
            Extraction third = extract(source, 1, max, avg);
            assertThat(third.computed()).isEmpty();
            assertThat(third.prefixSeconds()).isZero();
            assertThat(stored(".features")).hasSize(2);
            assertThat(Files.size(store().file(source.key(base, avg)))).isEqualTo(source.bytes(base, avg));
            assertThat(Files.getLastModifiedTime(store().file(source.key(base, avg))))
                    .isEqualTo(FileTime.from(NOW));
        }

        @Test
        void computesDamagedFilesAgain() throws IOException {
            FeatureSource source = DrawnSource.source(dataset(6, 2), List.of(), 1);
            FeatureOutput output = base.headOutput("avg");
            Path file = store().file(source.key(base, output));
            extract(source, 1, output);
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, new byte[] {1, 2, 3});
            assertThat(store().find(source.key(base, output))).isEmpty();
            assertThat(extract(source, 1, output).computed()).containsExactly(output);
            assertThat(file).hasBinaryContent(whole);
        }

        @Test
        void doesNotTakeTheFileOfAnotherKey() throws IOException {
            FeatureSource source = DrawnSource.source(dataset(6, 2), List.of(), 1);
            FeatureOutput avg = base.headOutput("avg");
            FeatureOutput max = base.headOutput("max");
            extract(source, 1, avg);
            Files.copy(store().file(source.key(base, avg)), store().file(source.key(base, max)));
            assertThat(extract(source, 1, max).computed()).containsExactly(max);
        }

        @Test
        void holdsWhatOnePassNeedsWhateverTheLimit() throws IOException {
            FeatureOutput avg = base.headOutput("avg");
            FeatureOutput max = base.headOutput("max");
            FeatureOutput whole = base.tailOutput(1);
            extract(DrawnSource.source(dataset(3, 1), List.of(), 1), 1, avg);
            FeatureSource source = DrawnSource.source(dataset(6, 2), List.of(), 1);
            extract(source, 1, avg);
            FeatureStore small =
                    new FeatureStore(folder.resolve("store"), InstantSource.fixed(NOW), OptionalLong.of(1));
            Extraction extraction = new FeatureExtractor(small, 1)
                    .extract(source, base, List.of(avg, max, whole), (done, total) -> {}, () -> false);
            assertThat(extraction.computed()).containsExactlyInAnyOrder(max, whole);
            assertThat(extraction.files()).containsOnlyKeys(avg, max, whole);
            assertThat(stored(".features"))
                    .containsExactlyInAnyOrder(Stream.of(avg, max, whole)
                            .map(output -> source.key(base, output).digest() + ".features")
                            .toArray(String[]::new));
        }

        @Test
        void refusesWhatDoesNotFit() {
            assertThatThrownBy(() -> store().requireSpace(Long.MAX_VALUE))
                    .isInstanceOf(FeatureStoreException.class)
                    .hasMessageContaining("free some, or set GRAFT_HOME to a larger disk");
        }

        @Test
        void deletesWhatDeadProcessesLeftButNothingThatIsBeingWritten() throws IOException {
            FeatureKey dead = DrawnSource.source(dataset(1, 1), List.of(), 1).key(base, base.headOutput("avg"));
            FeatureKey alive = DrawnSource.source(dataset(1, 1), List.of(), 1).key(base, base.headOutput("max"));
            FeatureStore store = store();
            try (var lock = store.lock(alive, () -> false)) {
                Path deadPart = Files.createFile(FeatureFile.temporary(store.file(dead)));
                Path alivePart = Files.createFile(FeatureFile.temporary(store.file(alive)));
                store.deleteStaleParts();
                assertThat(deadPart).doesNotExist();
                assertThat(alivePart).exists();
                runInAnotherThread(store);
                assertThat(alivePart).exists();
                assertThat(WriteLock.tryTake(store.file(alive))).isEmpty();
            }
            store.deleteStaleParts();
            assertThat(stored(".part")).isEmpty();
        }

        @Test
        void waitsNoFurtherWhenItsThreadIsInterrupted() throws Exception {
            FeatureKey key = DrawnSource.source(dataset(1, 1), List.of(), 1).key(base, base.headOutput("avg"));
            FeatureStore store = store();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try (WriteLock lock = store.lock(key, () -> false)) {
                assertThat(lock).isNotNull();
                Boolean interrupted = thread.submit(() -> {
                            Thread.currentThread().interrupt();
                            assertThatThrownBy(() -> store.lock(key, () -> false))
                                    .isInstanceOf(CancelledException.class);
                            return Thread.interrupted();
                        })
                        .get(1, TimeUnit.MINUTES);
                assertThat(interrupted).isTrue();
            } finally {
                thread.shutdownNow();
            }
        }

        private void runInAnotherThread(FeatureStore store) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                thread.submit(() -> {
                            store.deleteStaleParts();
                            return null;
                        })
                        .get();
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                thread.shutdown();
            }
        }
    }

    @Nested
    class Failures {

        @Test
        void byCancellingStoreNothing() throws IOException {
            FeatureSource source = DrawnSource.source(dataset(70, 2), List.of(), 1);
            AtomicInteger asked = new AtomicInteger();
            assertThatThrownBy(() -> new FeatureExtractor(store(), 2)
                            .extract(
                                    source,
                                    base,
                                    List.of(base.headOutput("avg"), base.headOutput("max")),
                                    (done, total) -> {},
                                    () -> asked.incrementAndGet() == 2))
                    .isInstanceOf(CancelledException.class);
            assertThat(stored(".features")).isEmpty();
            assertThat(stored(".part")).isEmpty();
            assertThat(extract(source, 2, base.headOutput("avg")).computed()).hasSize(1);
        }

        @Test
        void byAnImageThatVanishedNameIt() throws IOException {
            Dataset dataset = dataset(40, 2);
            Path gone = dataset.train().get(35).path();
            Files.delete(gone);
            assertFails(dataset, gone + ": does not exist");
        }

        @Test
        void byAnImageThatBrokeNameIt() throws IOException {
            Dataset dataset = dataset(4, 2);
            Path broken = dataset.validation().get(1).path();
            Files.write(broken, java.util.Arrays.copyOf(Files.readAllBytes(broken), 200));
            assertFails(dataset, broken.toString());
        }

        private void assertFails(Dataset dataset, String message) throws IOException {
            assertThatThrownBy(() -> extract(DrawnSource.source(dataset, List.of(), 1), 2, base.headOutput("avg")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(message);
            assertThat(stored(".features")).isEmpty();
            assertThat(stored(".part")).isEmpty();
        }
    }

    @Nested
    class Memory {

        private final FeatureOutput output = base.headOutput("avg");
        private int closed;

        private FeatureExtractor.Models failing(int mostImages, Supplier<Throwable> failure) {
            return (frozen, outputs) -> {
                FeatureExtractor.Model real = FeatureExtractor.Model.of(frozen.model(outputs, 1));
                return new FeatureExtractor.Model() {
                    @Override
                    public List<float[]> run(FloatBuffer images, int count, List<String> nodes) {
                        if (count > mostImages) {
                            throw sneaky(failure.get());
                        }
                        return real.run(images, count, nodes);
                    }

                    @Override
                    public void close() {
                        closed++;
                        real.close();
                    }
                };
            };
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
            throw (T) failure;
        }

        private Extraction extract(int batch, FeatureExtractor.Models models) {
            return new FeatureExtractor(store(), 2, batch, models)
                    .extract(
                            DrawnSource.source(dataset(40, 3), List.of(), 1),
                            base,
                            List.of(output),
                            (done, total) -> {},
                            () -> false);
        }

        static Stream<Throwable> causes() {
            return Stream.of(
                    new OutOfMemoryError("Java heap space"),
                    new OutOfMemoryError("Physical memory usage is too high"),
                    new OnnxException(
                            "ONNX Runtime failed: [ShapeInferenceError] Failed to allocate memory for buffer"),
                    new OnnxException("ONNX Runtime failed", new IllegalStateException("std::bad_alloc")),
                    new OnnxException("BFCArena::AllocateRawInternal"));
        }

        @ParameterizedTest
        @MethodSource("causes")
        void thatRunsOutIsOneExceptionAndLeavesNothing(Throwable cause) throws IOException {
            assertThatThrownBy(() -> extract(32, failing(16, () -> cause)))
                    .isInstanceOf(OutOfMemoryException.class)
                    .hasCause(cause)
                    .hasMessage("the frozen base ran out of memory with batches of 32 images of 32 x 32 pixels ("
                            + cause.getMessage() + ")");
            assertThat(closed).isEqualTo(1);
            assertThat(stored(".part")).isEmpty();
            assertThat(stored(".features")).isEmpty();
            assertThat(extract(16, failing(16, () -> cause)).computed()).containsExactly(output);
        }

        @Test
        void isNotBlamedForOtherFailures() {
            OnnxException other = new OnnxException("ONNX Runtime failed: Invalid rank for input");
            assertThatThrownBy(() -> extract(32, failing(16, () -> other))).isSameAs(other);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 7, 16, 100})
        void batchesOfAnySizeGiveTheSameFeatures(int batch) throws IOException {
            FeatureFile usual = extract(FeatureExtractor.BATCH, failing(1000, OutOfMemoryError::new))
                    .files()
                    .get(output);
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < usual.rows(); i++) {
                rows.add(row(usual, i));
            }
            FolderTree.delete(folder.resolve("store"));
            FeatureFile other =
                    extract(batch, failing(1000, OutOfMemoryError::new)).files().get(output);
            for (int i = 0; i < other.rows(); i++) {
                assertClose(row(other, i), rows.get(i));
            }
        }

        @Test
        void takesBatchesOfOneOrMore() {
            assertThatThrownBy(() -> new FeatureExtractor(store(), 1, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a batch must be at least 1 image, but was 0");
        }
    }

    @Nested
    class Sharing {

        @Test
        void isSafeForThreads() throws Exception {
            FeatureSource source = DrawnSource.source(dataset(64, 2), List.of(), 1);
            FeatureOutput avg = base.headOutput("avg");
            FeatureOutput max = base.headOutput("max");
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<Extraction>> extractions = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    // In different orders, which must not end in a deadlock.
                    FeatureOutput[] outputs =
                            i % 2 == 0 ? new FeatureOutput[] {avg, max} : new FeatureOutput[] {max, avg};
                    extractions.add(threads.submit(() -> extract(source, 1, outputs)));
                }
                int computed = 0;
                for (Future<Extraction> extraction : extractions) {
                    computed += extraction.get().computed().size();
                    assertThat(extraction.get().files()).containsOnlyKeys(avg, max);
                }
                assertThat(computed).isEqualTo(2);
            } finally {
                threads.shutdown();
            }
        }

        @Test
        void isSafeForProcesses() throws Exception {
            Path images = folder.resolve("images");
            Path store = folder.resolve("store");
            dataset(70, 4);
            try (ChildExtraction first = ChildExtraction.start(images, 70, 4, store, 1500)) {
                assertThat(first.said()).isEqualTo("ready");
                assertThat(first.said()).isEqualTo("computing");
                // It holds the lock now: this waits until it has finished.
                Extraction mine = extract(DrawnSource.source(dataset(70, 4), List.of(), 1), 1, base.headOutput("avg"));
                assertThat(mine.computed()).isEmpty();
                assertThat(mine.files().get(base.headOutput("avg")).rows()).isEqualTo(74);
                assertThat(first.said()).isEqualTo("computing");
                assertThat(first.said()).isEqualTo("computing");
                assertThat(first.said()).isEqualTo("computed 1");
            }
        }

        @Test
        void isStoppedWhileItWaitsForTheProcessThatComputes() throws Exception {
            Path images = folder.resolve("images");
            dataset(70, 4);
            try (ChildExtraction first = ChildExtraction.start(images, 70, 4, folder.resolve("store"), 60_000)) {
                assertThat(first.said()).isEqualTo("ready");
                assertThat(first.said()).isEqualTo("computing");
                AtomicInteger asked = new AtomicInteger();
                FeatureSource source = DrawnSource.source(dataset(70, 4), List.of(), 1);
                FeatureExtractor extractor = new FeatureExtractor(store(), 1);
                assertThatThrownBy(() -> extractor.extract(
                                source,
                                base,
                                List.of(base.headOutput("avg")),
                                (done, total) -> {},
                                () -> asked.incrementAndGet() == 3))
                        .isInstanceOf(CancelledException.class);
                assertThat(stored(".part")).hasSize(1);
            }
        }

        @Test
        void keepsFromOthersWhatAProcessIsAt() throws Exception {
            Path images = folder.resolve("images");
            FeatureSource source = DrawnSource.source(dataset(6, 2), List.of(), 1);
            FeatureStore small =
                    new FeatureStore(folder.resolve("store"), InstantSource.fixed(NOW), OptionalLong.of(1));
            FeatureExtractor extractor = new FeatureExtractor(small, 1);
            Path theirs = small.file(source.key(base, base.headOutput("avg")));
            try (ChildExtraction first = ChildExtraction.start(images, 6, 2, folder.resolve("store"), 0)) {
                assertThat(first.said()).isEqualTo("ready");
                assertThat(first.said()).isEqualTo("computing");
                assertThat(first.said()).isEqualTo("computed 1");
                extractor.extract(source, base, List.of(base.headOutput("max")), (done, total) -> {}, () -> false);
                assertThat(theirs).exists();
                StoredFeatures stored = new StoredFeatures(folder.resolve("store"));
                assertThat(stored.files())
                        .filteredOn(entry -> entry.file().equals(theirs))
                        .singleElement()
                        .satisfies(entry -> assertThat(stored.isInUse(entry)).isTrue());
            }
            extractor.extract(source, base, List.of(base.tailOutput(1)), (done, total) -> {}, () -> false);
            assertThat(theirs).doesNotExist();
            assertThat(stored(".features")).hasSize(1);
        }

        @Test
        void survivesTheDeathOfTheProcessThatComputes() throws Exception {
            Path images = folder.resolve("images");
            Path store = folder.resolve("store");
            dataset(70, 4);
            try (ChildExtraction first = ChildExtraction.start(images, 70, 4, store, 60_000)) {
                assertThat(first.said()).isEqualTo("ready");
                assertThat(first.said()).isEqualTo("computing");
                assertThat(stored(".part")).hasSize(1);
                assertThat(stored(".features")).isEmpty();
                first.kill();
            }
            Extraction mine = extract(DrawnSource.source(dataset(70, 4), List.of(), 1), 1, base.headOutput("avg"));
            assertThat(mine.computed()).hasSize(1);
            assertThat(stored(".part")).isEmpty();
            assertThat(stored(".features")).hasSize(1);
        }
    }
}
