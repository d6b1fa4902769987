package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spec.TenBases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {

    @TempDir
    Path folder;

    private final Catalogue catalogue = new Catalogue(List.of());

    @Test
    void namesTenArchitecturesAndListsEveryOfficialWidth() {
        assertThat(catalogue.names())
                .containsExactly(
                        "efficientnet_b0",
                        "inception_v3",
                        "mobilenet",
                        "mobilenet_v2",
                        "resnet18",
                        "resnet50",
                        "sprout",
                        "squeezenet",
                        "vgg16",
                        "xception");
        assertThat(catalogue.entries())
                .extracting(Catalogue.Entry::name)
                .hasSize(18)
                .contains("mobilenet_v2_0.35");
        assertThat(catalogue.find("mobilenet").orElseThrow().alphas()).containsExactlyInAnyOrder(0.25, 0.5, 0.75, 1.0);
        assertThat(catalogue.find("vgg16").orElseThrow().hasAlpha()).isFalse();
        assertThat(catalogue.find("mobilenet_0.25")).isEmpty();
    }

    @Test
    void hasTheLimitsThatTestsOfSweepFilesTakeItToHave() {
        TenBases copy = new TenBases();
        assertThat(copy.names()).isEqualTo(catalogue.names());
        copy.names().forEach(name -> assertThat(copy.find(name)).isEqualTo(catalogue.find(name)));
    }

    /** The last widths of Keras' MobileNetV2: its last convolution never shrinks. */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_0.25, 256",
        "mobilenet_0.75, 768",
        "mobilenet_v2_0.35, 1280",
        "mobilenet_v2_1.4, 1792",
        "mobilenet_v2_1.3, 1664"
    })
    void knowsHowWideFeaturesAre(String name, int width) {
        Architecture architecture = catalogue.entry(name).architecture();
        assertThat(architecture.featureWidth()).isEqualTo(width);
        assertThat(architecture.name()).isEqualTo(name);
        var shapes = FileLayout.of(architecture).nodeShapes();
        int[] last = shapes.values().stream().reduce((a, b) -> b).orElseThrow();
        assertThat(last).containsExactly(width);
    }

    /**
     * Published counts without classifiers: the MobileNetV2 paper's table 4, Keras' documentation ("total params" of {@code
     * include_top=False}), and torchvision's with two moving statistics for each channel of a batch norm.
     */
    @ParameterizedTest
    @CsvSource({
        "efficientnet_b0, 4049571",
        "inception_v3, 21802784",
        "mobilenet, 3228864",
        "mobilenet_v2, 2257984",
        "mobilenet_v2_0.35, 410208",
        "mobilenet_v2_0.5, 706224",
        "mobilenet_v2_1.4, 4363712",
        "resnet18, 11186112",
        "resnet50, 23587712",
        "squeezenet, 722496",
        "vgg16, 14714688",
        "xception, 20861480"
    })
    void holdsAsManyNumbersAsPublished(String name, int parameters) {
        assertThat(BaseWeights.count(catalogue.entry(name).architecture())).isEqualTo(parameters);
    }

    @Test
    void findsMadeUpWeightsByTheirNameWhereTheOfficialFileIsMissing() throws IOException {
        Catalogue here = new Catalogue(List.of(folder));
        Catalogue.Entry entry = here.entry("mobilenet_0.25");
        assertThat(here.weightFile(entry)).isEmpty();
        Path file = folder.resolve("mobilenet_0.25.safetensors");
        Safetensors.write(file, PseudoRandomWeights.of(entry.architecture()), Map.of());
        assertThat(here.weightFile(entry)).contains(file);
        assertThat(here.found("mobilenet_0.25").weights().origin()).isEqualTo(WeightFile.Origin.OWN);
        assertThat(here.found("mobilenet_0.25").licence()).isEqualTo("whatever licence they came under");
        Safetensors.write(file, PseudoRandomWeights.of(entry.architecture()), WeightFile.PSEUDO_RANDOM_MARK);
        assertThat(here.found("mobilenet_0.25").weights().origin()).isEqualTo(WeightFile.Origin.PSEUDO_RANDOM);
        assertThat(here.found("mobilenet_0.25").source()).isEqualTo("graft bases random");
        assertThat(here.load("mobilenet_0.25").tensors()).isNotEmpty();
        Path official = Files.createFile(folder.resolve(entry.weights().fileName()));
        assertThat(here.weightFile(entry)).contains(official);
        assertThat(here.found("mobilenet_0.25").weights()).isEqualTo(entry.weights());
    }

    @Test
    void findsWeightsOfAUsersOwnBesideTheSweepFile() throws IOException {
        Path file = folder.resolve("my weights.bin");
        Architecture sprout = catalogue.entry("sprout").architecture();
        Safetensors.write(file, PseudoRandomWeights.of(sprout), Map.of());
        String name = "sprout:my weights.bin";
        assertThat(catalogue.beside(folder).ownWeights(name)).contains(file);
        assertThat(catalogue.beside(folder).load(name).digest())
                .isEqualTo(BaseWeights.ofFile(sprout, PseudoRandomWeights.of(sprout))
                        .digest())
                .isNotEqualTo(catalogue.load("sprout").digest());
        assertThat(catalogue.ownWeights("sprout")).isEmpty();
        assertThatThrownBy(() -> catalogue.load(name))
                .isInstanceOf(WeightException.class)
                .hasMessage(Path.of("my weights.bin").toAbsolutePath() + " does not exist");
    }
}
