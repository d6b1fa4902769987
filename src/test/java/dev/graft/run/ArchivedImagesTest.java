package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.base.Catalogue;
import dev.graft.data.GarmentSet;
import dev.graft.fetch.Archives;
import dev.graft.fetch.Checksum;
import dev.graft.fetch.FetchException;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.RawServer;
import dev.graft.fetch.WebAccess;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps whose images lie in an archive on the web, served by this machine. */
class ArchivedImagesTest {

    private static final Catalogue CATALOGUE = new Catalogue(List.of());

    @TempDir
    static Path drawn;

    @TempDir
    Path folder;

    @BeforeAll
    static void draw() {
        GarmentSet.drawTo(drawn, 1);
    }

    private static Map<String, byte[]> images(String prefix) throws IOException {
        Map<String, byte[]> images = new TreeMap<>();
        try (Stream<Path> all = Files.walk(drawn)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = drawn.relativize(file).toString().replace('\\', '/');
                if (name.endsWith("/001.png") || name.endsWith("/002.png")) {
                    images.put(prefix + name, Files.readAllBytes(file));
                }
            }
        }
        assertThat(images).hasSizeGreaterThan(20);
        return images;
    }

    private SweepFile.Parsed sweep(RawServer server, byte[] archive, String more) throws IOException {
        Path copy = Files.write(folder.resolve("copy"), archive);
        return SweepFile.parse(
                "web.yaml",
                """
                data: {url: "%s", sha256: "%s"%s}
                parameters: {base: {value: sprout}}
                """.formatted(
                                server.address("/images"),
                                Checksum.of(Checksum.Algorithm.SHA_256, copy).hex(),
                                more),
                CATALOGUE);
    }

    private SweepSetup.Images dataset(SweepFile.Parsed sweep, boolean offline) {
        Fetcher fetcher = new Fetcher(new WebAccess(offline, Map.of()), () -> Instant.EPOCH, FetchListener.SILENT);
        return SweepSetup.dataset(sweep, Path.of("web.yaml"), home(), fetcher);
    }

    private Home home() {
        return new Home(folder.resolve("home"));
    }

    @Test
    void areFetchedUnpackedAndReadOnce() throws IOException {
        byte[] archive = Archives.tgz(images("garments/"));
        try (RawServer server = RawServer.of(archive)) {
            SweepFile.Parsed sweep = sweep(server, archive, "");
            assertThat(SweepSetup.toFetch(sweep, home()))
                    .contains(server.address("/images").toString());
            SweepSetup.Images first = dataset(sweep, false);
            assertThat(first.dataset().classes()).hasSize(10);
            assertThat(first.folder().getFileName()).hasToString("garments");
            assertThat(SweepSetup.toFetch(sweep, home())).isEmpty();
            SweepSetup.Images again = dataset(sweep, true);
            assertThat(again.dataset().digest()).isEqualTo(first.dataset().digest());
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void leaveTheirAddressAndDigestInTheRecord() throws IOException {
        byte[] archive = Archives.tgz(images("garments/"));
        try (RawServer server = RawServer.of(archive)) {
            SweepFile.Parsed sweep = sweep(server, archive, "");
            Fetcher fetcher = new Fetcher(new WebAccess(false, Map.of()), () -> Instant.EPOCH, FetchListener.SILENT);
            SweepSetup setup =
                    SweepSetup.prepare(sweep, Path.of("web.yaml"), CATALOGUE, home(), fetcher, OptionalInt.empty());
            assertThat(Provenance.of(setup, new WorkerLaunch(List.of(), List.of(), 1, 1, WorkerLaunch.DEFAULT_SILENCE)))
                    .containsEntry("data_url", server.address("/images").toString())
                    .containsEntry(
                            "data_sha256",
                            sweep.sweep().data().archive().orElseThrow().sha256())
                    .containsEntry("data_folder", setup.dataFolder().toString());
        }
    }

    @Test
    void haveTheDigestOfTheirContentsWhateverPacksThem() throws IOException {
        byte[] zip = Archives.zip(images(""));
        byte[] tgz = Archives.tgz(images("top/inner/"));
        try (RawServer zips = RawServer.of(zip);
                RawServer tars = RawServer.of(tgz)) {
            String plain = dataset(sweep(zips, zip, ""), false).dataset().digest();
            String nested = dataset(sweep(tars, tgz, ", path: top/inner"), false)
                    .dataset()
                    .digest();
            assertThat(nested).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"._garments", ".DS_Store", "__MACOSX/._garments", "README.md"})
    void mayLieInAFolderBesideWhatIsNoFolderOfImages(String beside) throws IOException {
        Map<String, byte[]> files = images("garments/");
        files.put(beside, new byte[] {0, 5, 22, 7});
        byte[] archive = Archives.tgz(files);
        try (RawServer server = RawServer.of(archive)) {
            SweepSetup.Images images = dataset(sweep(server, archive, ""), false);
            assertThat(images.folder().getFileName()).hasToString("garments");
            assertThat(images.dataset().classes()).hasSize(10);
        }
    }

    @Test
    void areBlamedOnTheAddressWhereTheFileNamesNoPath() throws IOException {
        byte[] archive = Archives.zip(Map.of("ds/only/a.png", new byte[] {1}));
        try (RawServer server = RawServer.of(archive)) {
            assertThatThrownBy(() -> dataset(sweep(server, archive, ""), false))
                    .isInstanceOf(SweepFileException.class)
                    .hasMessageContaining("web.yaml:1:13 data.url: ")
                    .hasMessageContaining("must have at least two classes");
            assertThatThrownBy(() -> dataset(sweep(server, archive, ", path: ds"), false))
                    .hasMessageContaining(" data.path: ");
        }
    }

    @Test
    void mustBeWhereThePathSays() throws IOException {
        byte[] archive = Archives.zip(images(""));
        try (RawServer server = RawServer.of(archive)) {
            assertThatThrownBy(() -> dataset(sweep(server, archive, ", path: images"), false))
                    .isInstanceOf(SweepFileException.class)
                    .hasMessageContaining("web.yaml:1")
                    .hasMessageContaining(
                            "must be a folder of the archive, but was images; at its top are test, train");
        }
    }

    @Test
    void mustHaveTheDigestThatTheFileGives() throws IOException {
        byte[] archive = Archives.zip(images(""));
        try (RawServer server = RawServer.of(new byte[] {'P', 'K', 0})) {
            SweepFile.Parsed sweep = sweep(server, archive, "");
            String digest = sweep.sweep().data().archive().orElseThrow().sha256();
            assertThatThrownBy(() -> dataset(sweep, false))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContainingAll(digest, "was deleted");
            assertThat(SweepSetup.toFetch(sweep, home())).isPresent();
        }
    }
}
