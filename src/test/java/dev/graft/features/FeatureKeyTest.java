package dev.graft.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.BaseWeights;
import dev.graft.base.Tensor;
import dev.graft.data.Dataset;
import dev.graft.data.ImageDecoder;
import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.Augmentation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureKeyTest {

    private static final List<Augmentation> FLIP = List.of(new Augmentation(Augmentation.Kind.HORIZONTAL_FLIP, 0));

    private static FeatureKey key() {
        return new FeatureKey("sprout", 1, "weights", 32, "out", "avg", "decode 1", "none", "data", "float32");
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(
                        "base",
                        new FeatureKey("b", 1, "weights", 32, "out", "avg", "decode 1", "none", "data", "float32")),
                Arguments.of(
                        "architecture",
                        new FeatureKey(
                                "sprout", 2, "weights", 32, "out", "avg", "decode 1", "none", "data", "float32")),
                Arguments.of(
                        "weights",
                        new FeatureKey("sprout", 1, "w", 32, "out", "avg", "decode 1", "none", "data", "float32")),
                Arguments.of(
                        "size",
                        new FeatureKey(
                                "sprout", 1, "weights", 33, "out", "avg", "decode 1", "none", "data", "float32")),
                Arguments.of(
                        "cut",
                        new FeatureKey("sprout", 1, "weights", 32, "in", "avg", "decode 1", "none", "data", "float32")),
                Arguments.of(
                        "pooling",
                        new FeatureKey(
                                "sprout", 1, "weights", 32, "out", "max", "decode 1", "none", "data", "float32")),
                Arguments.of(
                        "decoding",
                        new FeatureKey(
                                "sprout", 1, "weights", 32, "out", "avg", "decode 2", "none", "data", "float32")),
                Arguments.of(
                        "augmentation",
                        new FeatureKey(
                                "sprout", 1, "weights", 32, "out", "avg", "decode 1", "live", "data", "float32")),
                Arguments.of(
                        "dataset",
                        new FeatureKey("sprout", 1, "weights", 32, "out", "avg", "decode 1", "none", "d", "float32")),
                Arguments.of(
                        "precision",
                        new FeatureKey(
                                "sprout", 1, "weights", 32, "out", "avg", "decode 1", "none", "data", "float16")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void everyIngredientChangesTheDigest(String ingredient, FeatureKey other) {
        assertThat(other.digest()).isNotEqualTo(key().digest());
    }

    @Test
    void equalKeysHaveEqualDigests() {
        assertThat(key().digest()).isEqualTo(key().digest()).matches("[0-9a-f]{64}");
        assertThat(key().shortDigest()).isEqualTo(key().digest().substring(0, 12));
        assertThat(key().cutName()).isEqualTo("out + avg");
    }

    private static Dataset dataset(String digest) {
        return new Dataset(List.of("a", "b"), List.of(), List.of(), List.of(), digest, List.of());
    }

    private static FeatureSource source(String digest, List<Augmentation> augment, int views, long seed) {
        return new FeatureSource(
                dataset(digest), new SweepData("p", Optional.empty(), augment, views, SweepData.OnBadImage.SKIP), seed);
    }

    private static FeatureSource cropped(OptionalDouble centerCrop) {
        return new FeatureSource(
                dataset("d"),
                new SweepData(
                        "p",
                        Optional.empty(),
                        FLIP,
                        2,
                        SweepData.OnBadImage.SKIP,
                        centerCrop,
                        List.of(),
                        OptionalLong.empty(),
                        Optional.empty()),
                42);
    }

    static Stream<Arguments> otherSources() {
        FrozenBase base = DrawnSource.sprout(32);
        FrozenBase otherWeights = new FrozenBase(
                base.architecture(), BaseWeights.of(Map.of("x", new Tensor(new int[] {1}, new float[1]))), 32);
        Supplier<FeatureSource> augmented = () -> source("d", FLIP, 2, 42);
        return Stream.of(
                Arguments.of("data", source("e", FLIP, 2, 42), base, base.headOutput("avg")),
                Arguments.of("seed", source("d", FLIP, 2, 43), base, base.headOutput("avg")),
                Arguments.of("views", source("d", FLIP, 3, 42), base, base.headOutput("avg")),
                Arguments.of("centre crop", cropped(OptionalDouble.of(0.875)), base, base.headOutput("avg")),
                Arguments.of("live", source("d", FLIP, 0, 42), base, base.headOutput("avg")),
                Arguments.of("no augmentation", source("d", List.of(), 2, 42), base, base.headOutput("avg")),
                Arguments.of(
                        "another augmentation",
                        source("d", List.of(new Augmentation(Augmentation.Kind.VERTICAL_FLIP, 0)), 2, 42),
                        base,
                        base.headOutput("avg")),
                Arguments.of("pooling", augmented.get(), base, base.headOutput("max")),
                Arguments.of("whole map", augmented.get(), base, base.headOutput("none")),
                Arguments.of("cut", augmented.get(), base, base.tailOutput(1)),
                Arguments.of("size", augmented.get(), DrawnSource.sprout(33), base.headOutput("avg")),
                Arguments.of("weights", augmented.get(), otherWeights, base.headOutput("avg")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherSources")
    void whatDecidesTheFeaturesOfASweepChangesTheKey(
            String ingredient, FeatureSource source, FrozenBase base, FeatureOutput output) {
        FrozenBase sprout = DrawnSource.sprout(32);
        FeatureKey usual = source("d", FLIP, 2, 42).key(sprout, sprout.headOutput("avg"));
        assertThat(source.key(base, output)).isNotEqualTo(usual);
    }

    @Test
    void aCentreCropThatThereIsNotIsNotNamed() {
        FrozenBase base = DrawnSource.sprout(32);
        assertThat(cropped(OptionalDouble.empty())
                        .key(base, base.headOutput("avg"))
                        .decoding())
                .isEqualTo("decode " + ImageDecoder.DECODE_VERSION + ", "
                        + base.architecture().preprocessing());
        assertThat(cropped(OptionalDouble.of(0.5)).key(base, base.headOutput("avg")))
                .isNotEqualTo(cropped(OptionalDouble.of(1)).key(base, base.headOutput("avg")));
    }

    @Test
    void theSeedDoesNotMatterWithoutAugmentation() {
        FrozenBase base = DrawnSource.sprout(32);
        assertThat(source("d", List.of(), 1, 1).key(base, base.headOutput("avg")))
                .isEqualTo(source("d", List.of(), 4, 2).key(base, base.headOutput("avg")));
    }
}
