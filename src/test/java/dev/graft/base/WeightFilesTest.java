package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Shared;
import dev.graft.fetch.FetchException;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetched;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.RawServer;
import dev.graft.fetch.WebAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightFilesTest {

    @TempDir
    Path folder;

    private static Fetcher fetcher(RawServer mirror, boolean offline) {
        return new Fetcher(
                WebAccess.of(Map.of("GRAFT_MIRROR", mirror.address("").toString()), offline),
                () -> Instant.EPOCH,
                FetchListener.SILENT);
    }

    @Nested
    class TheTable {

        @Test
        void hasEveryBaseOfTheCatalogue() {
            Catalogue catalogue = new Catalogue(List.of());
            assertThat(catalogue.entries())
                    .extracting(Catalogue.Entry::name)
                    .containsExactlyInAnyOrderElementsOf(WeightFiles.all().keySet());
        }

        @Test
        void namesEachFileOnceAndSecurely() {
            Map<String, WeightFile> all = WeightFiles.all();
            assertThat(all.values().stream().map(WeightFile::fileName).collect(Collectors.toSet()))
                    .hasSameSizeAs(all.values());
            assertThat(all.values().stream().filter(WeightFile::embedded)).hasSize(1);
            for (WeightFile file : all.values()) {
                assertThat(file.licence()).isNotBlank();
                file.address().ifPresent(address -> {
                    assertThat(address.getScheme()).isEqualTo("https");
                    assertThat(Set.of("storage.googleapis.com", "github.com", "huggingface.co"))
                            .contains(address.getHost());
                    assertThat(file.fileName()).matches("[A-Za-z0-9_.]+\\.(h5|safetensors)");
                });
            }
        }

        @ParameterizedTest
        @CsvSource({
            "mobilenet, mobilenet/mobilenet_1_0_224_tf_no_top.h5",
            "mobilenet_0.25, mobilenet/mobilenet_2_5_224_tf_no_top.h5",
            "mobilenet_v2_0.5, mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_224_no_top.h5",
            "vgg16, vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
            "resnet50, resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
        })
        void namesFilesAsKerasDoes(String base, String path) {
            assertThat(WeightFiles.of(base).flatMap(WeightFile::address))
                    .contains(URI.create("https://storage.googleapis.com/tensorflow/keras-applications/" + path));
        }
    }

    @Nested
    class MissingWeights {

        @Test
        void areFetchedWhenTheyAreNeeded() throws IOException {
            byte[] weights =
                    Files.readAllBytes(Shared.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"));
            try (RawServer mirror = RawServer.of(weights)) {
                Catalogue catalogue =
                        new Catalogue(List.of(folder.resolve("mine"), folder.resolve("home")), fetcher(mirror, false));
                BaseWeights loaded = catalogue.load("squeezenet");
                assertThat(loaded.tensors()).isNotEmpty();
                assertThat(mirror.requests().get(0).target())
                        .isEqualTo("/rcmalli/keras-squeezenet/releases/download/v1.0/"
                                + "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5");
                assertThat(catalogue.weightFile(catalogue.entry("squeezenet")))
                        .contains(folder.resolve("home/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"));
                catalogue.load("squeezenet");
                assertThat(mirror.requests()).hasSize(1);
            }
        }

        @Test
        void areNotFetchedOffline() throws IOException {
            try (RawServer mirror = RawServer.of(new byte[3])) {
                Catalogue catalogue = new Catalogue(List.of(folder), fetcher(mirror, true));
                assertThatThrownBy(() -> catalogue.load("mobilenet_v2"))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContainingAll(
                                "GRAFT_OFFLINE",
                                "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
                                        + "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
                                "put it into one of: " + folder);
                assertThat(mirror.requests()).isEmpty();
            }
        }

        @Test
        void areNamedByACatalogueThatFetchesNothing() {
            assertThatThrownBy(() -> new Catalogue(List.of(folder)).load("mobilenet_v2"))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContainingAll("are not on this machine", folder.toString());
        }

        @Test
        void thatAreAnotherFileAreNotPlaced() throws IOException {
            try (RawServer mirror = RawServer.of(new byte[1000])) {
                Catalogue catalogue = new Catalogue(List.of(folder), fetcher(mirror, false));
                assertThatThrownBy(() -> catalogue.load("mobilenet_v2"))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContaining("announces 1000 bytes, but the file has 9406464");
                assertThat(catalogue.weightFile(catalogue.entry("mobilenet_v2")))
                        .isEmpty();
            }
        }
    }

    @Nested
    class Pulling {

        @Test
        void keepsNothingThatAreNoWeights() throws IOException {
            try (RawServer mirror = RawServer.of("<html>Log in first</html>".getBytes(StandardCharsets.UTF_8))) {
                Catalogue catalogue = new Catalogue(List.of(folder), fetcher(mirror, false));
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> catalogue.pull("mobilenet_0.75"))
                            .isInstanceOf(WeightException.class)
                            .hasMessageStartingWith("what came from https://storage.googleapis.com/")
                            .hasMessageContainingAll(
                                    "mobilenet_7_5_224", "was removed again", "not a readable HDF5 file");
                    assertThat(catalogue.weightFile(catalogue.entry("mobilenet_0.75")))
                            .isEmpty();
                }
                assertThatThrownBy(() -> catalogue.load("mobilenet_0.75")).hasMessageContaining("was removed again");
            }
        }

        @Test
        void isNotSatisfiedWithAnotherFileOfTheOfficialName() throws IOException {
            try (RawServer mirror = RawServer.of(new byte[3])) {
                Catalogue catalogue = new Catalogue(List.of(folder), fetcher(mirror, false));
                Path file = folder.resolve("resnet18.tv_in1k.safetensors");
                Safetensors.write(
                        file, PseudoRandomWeights.of(catalogue.entry("resnet18").architecture()), Map.of());
                for (ThrowingCallable use :
                        List.<ThrowingCallable>of(() -> catalogue.pull("resnet18"), () -> catalogue.load("resnet18"))) {
                    assertThatThrownBy(use)
                            .isInstanceOf(FetchException.class)
                            .hasMessageContaining("is not the file of https://huggingface.co/");
                }
                assertThat(mirror.requests()).isEmpty();
            }
        }

        @Test
        void checksWhatIsThere() throws IOException {
            byte[] weights =
                    Files.readAllBytes(Shared.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"));
            try (RawServer mirror = RawServer.of(weights)) {
                Catalogue catalogue = new Catalogue(List.of(folder), fetcher(mirror, false));
                Fetched first = catalogue.pull("squeezenet").orElseThrow();
                assertThat(first.fetched()).isTrue();
                assertThat(first.checked()).isFalse();
                Fetched again = catalogue.pull("squeezenet").orElseThrow();
                assertThat(again.fetched()).isFalse();
                assertThat(again.checked()).isTrue();
                Files.write(first.file(), new byte[1001]);
                assertThatThrownBy(() -> catalogue.pull("squeezenet"))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContaining("remove it");
            }
        }

        @Test
        void needsNothingForABaseThatIsBuiltIn() {
            assertThat(new Catalogue(List.of(folder)).pull("sprout")).isEmpty();
        }
    }
}
