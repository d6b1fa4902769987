package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.base.Catalogue;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.RawServer;
import dev.graft.fetch.WebAccess;
import dev.graft.spec.Problem;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepSetupTest {

    private static final Catalogue CATALOGUE = new Catalogue(List.of());

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("own.yaml");
    }

    private static SweepFile.Parsed sweep(String data, String bases) {
        return SweepFile.parse("own.yaml", """
                parameters:
                  base: {values: [%s]}
                data: {%s}
                """.formatted(bases, data), CATALOGUE);
    }

    private SweepSetup prepare(SweepFile.Parsed sweep, OptionalInt maxTrials) {
        Fetcher fetcher = new Fetcher(new WebAccess(false, Map.of()), () -> Instant.EPOCH, FetchListener.SILENT);
        return SweepSetup.prepare(sweep, file(), CATALOGUE, new Home(folder.resolve("home")), fetcher, maxTrials);
    }

    private static ListAssert<Problem> assertProblems(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .asInstanceOf(InstanceOfAssertFactories.type(SweepFileException.class))
                .extracting(SweepFileException::problems, InstanceOfAssertFactories.list(Problem.class));
    }

    @Nested
    class OwnWeights {

        @Test
        void areMissedBeforeAnythingIsFetched() throws IOException {
            try (RawServer server = RawServer.of(new byte[5000])) {
                String data = "url: \"%s\", sha256: \"%s\"".formatted(server.address("/images.zip"), "0".repeat(64));
                SweepFile.Parsed sweep = sweep(data, "{architecture: sprout, weights: typo.h5}");
                assertProblems(() -> prepare(sweep, OptionalInt.empty()))
                        .singleElement()
                        .extracting(Problem::message)
                        .asString()
                        .endsWith("typo.h5 does not exist");
                assertThat(server.requests()).isEmpty();
            }
        }

        @Test
        void areNamedTogetherWithTheImagesInFileOrder() throws IOException {
            Files.writeString(folder.resolve("notes.h5"), "no weights");
            SweepFile.Parsed sweep = sweep(
                    "path: nowhere",
                    "{architecture: sprout, weights: typo.h5}, {architecture: sprout, weights: notes.h5}");
            assertProblems(() -> prepare(sweep, OptionalInt.empty()))
                    .extracting(Problem::toString)
                    .satisfiesExactly(
                            first -> assertThat(first).contains("own.yaml:2:", "notes.h5 is not a readable HDF5 file"),
                            second -> assertThat(second).contains("own.yaml:2:", "typo.h5 does not exist"),
                            third -> assertThat(third).contains("own.yaml:3:", "data.path", "there is no such folder"));
        }

        @Test
        void ofTrialsThatDoNotRunAreNotLookedAt() {
            SweepFile.Parsed sweep =
                    sweep("path: \"builtin:garments\"", "sprout, {architecture: sprout, weights: typo.h5}");
            assertProblems(() -> prepare(sweep, OptionalInt.empty())).hasSize(1);
            assertThat(prepare(sweep, OptionalInt.of(1)).weights()).containsOnlyKeys("sprout");
        }
    }
}
