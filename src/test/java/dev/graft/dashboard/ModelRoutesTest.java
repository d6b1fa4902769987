package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Catalogue;
import dev.graft.export.BundleArchive;
import dev.graft.export.ExportException;
import dev.graft.export.ModelExporter;
import dev.graft.export.TrialBundles;
import dev.graft.fetch.FolderTree;
import dev.graft.run.Home;
import dev.graft.run.TrialModels;
import io.javalin.Javalin;
import io.javalin.http.HttpStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered where there is no real model; {@code ModelIT} has one. */
class ModelRoutesTest {

    private static final String ID = SampleRecord.FINISHED + "-2";
    private static final String MODEL = "/api/v1/trials/" + ID + "/model";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path results;

    private final FakeReader reader = SampleRecord.filled();
    private Dashboard dashboard;
    private TrialBundles bundles;

    private void serve() {
        bundles = new TrialBundles(
                results,
                trial -> new ModelExporter(
                        reader,
                        new TrialModels(results),
                        new Catalogue(List.of()),
                        new Home(results.resolve("home")),
                        1),
                1);
        start(new Content(reader, Optional.of(results), Optional.of(bundles)));
    }

    private void start(Content content) {
        dashboard = Dashboard.start(content, "127.0.0.1", 0, Optional.empty(), List.of());
    }

    @AfterEach
    void stop() {
        if (dashboard != null) {
            dashboard.close();
        }
        if (bundles != null) {
            bundles.close();
        }
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + path))
                        .header("Sec-Fetch-Site", "same-origin")
                        .method(
                                method,
                                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("no image"))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    @Nested
    class WithoutAResultsDirectory {

        @ParameterizedTest
        @CsvSource({"POST, ''", "GET, /bundle.zip", "POST, /predict"})
        void nothingCanBeDone(String method, String path) throws Exception {
            start(Content.of(reader));
            HttpResponse<String> answer = send(method, MODEL + path);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(json(answer).path("error").asText()).startsWith("models cannot be exported from this page");
        }

        @Test
        void theStateSaysSo() throws Exception {
            start(Content.of(reader));
            JsonNode state = json(send("GET", MODEL));
            assertThat(state.path("state").asText()).isEqualTo("none");
            assertThat(state.path("possible").asBoolean()).isFalse();
            assertThat(state.path("reason").asText()).startsWith("models cannot be exported from this page");
        }
    }

    @Nested
    class WithoutWeights {

        @Test
        void theStateSaysWhy() throws Exception {
            serve();
            JsonNode state = json(send("GET", MODEL));
            assertThat(state.path("state").asText()).isEqualTo("none");
            assertThat(state.path("possible").asBoolean()).isFalse();
            assertThat(state.path("reason").asText()).startsWith("trial " + ID + " has no weights to export");
        }

        @ParameterizedTest
        @CsvSource({
            "POST, '', has no weights to export",
            "GET, /bundle.zip, has no bundle yet; export it first",
            "POST, /predict, has no bundle yet; export it first"
        })
        void nothingCanBeDone(String method, String path, String why) throws Exception {
            serve();
            HttpResponse<String> answer = send(method, MODEL + path);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(json(answer).path("error").asText()).contains(why);
            assertThat(Files.exists(results.resolve("bundles"))).isFalse();
        }

        @Test
        void trialsThatDidNotFinishSaySo() throws Exception {
            serve();
            JsonNode state = json(send("GET", "/api/v1/trials/" + SampleRecord.FINISHED + "-4/model"));
            assertThat(state.path("reason").asText()).contains("only a finished trial has a model to export");
        }
    }

    @Nested
    class TheArchive {

        private static final List<String> FILES = List.of(
                "README.md",
                "labels.txt",
                "metrics.json",
                "model.onnx",
                "model.zip",
                "preprocessing.json",
                "sweep.yaml");

        /** More than lies between a server and its reader. */
        private static final long LARGE = 64L << 20;

        private Path bundle;

        @BeforeEach
        void write() throws IOException {
            bundle = Files.createDirectories(results.resolve("bundles").resolve(ID));
            for (String name : FILES) {
                Files.writeString(bundle.resolve(name), "# " + name + "\n");
            }
        }

        private void enlarge(String name) throws IOException {
            try (RandomAccessFile file =
                    new RandomAccessFile(bundle.resolve(name).toFile(), "rw")) {
                file.setLength(LARGE);
            }
        }

        private HttpResponse<InputStream> download() throws IOException, InterruptedException {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + MODEL + "/bundle.zip"))
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    BodyHandlers.ofInputStream());
        }

        @Test
        void isAFileOfAKnownLength() throws Exception {
            serve();
            HttpResponse<InputStream> answer = download();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/zip");
            assertThat(answer.headers().firstValue("Content-Disposition"))
                    .contains("attachment; filename=\"" + ID + ".zip\"");
            byte[] archive = answer.body().readAllBytes();
            assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(archive.length);
            assertThat(names(new ByteArrayInputStream(archive))).isEqualTo(names());
        }

        private static List<String> names() {
            return FILES.stream().map(name -> ID + "/" + name).toList();
        }

        private static List<String> names(InputStream archive) throws IOException {
            List<String> names = new ArrayList<>();
            ZipInputStream zip = new ZipInputStream(archive);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                zip.transferTo(OutputStream.nullOutputStream());
            }
            return names;
        }

        @Test
        void endsWholeThoughTheBundleIsDeletedMeanwhile() throws Exception {
            enlarge("model.onnx");
            serve();
            HttpResponse<InputStream> answer = download();
            byte[] first = answer.body().readNBytes(1 << 16);
            FolderTree.delete(bundle);
            byte[] rest = answer.body().readAllBytes();
            assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(first.length + rest.length);
            assertThat(names(new SequenceInputStream(new ByteArrayInputStream(first), new ByteArrayInputStream(rest))))
                    .isEqualTo(names());
        }

        @Test
        void thatCannotBeEndedIsNotTakenForAWholeOne() throws Exception {
            enlarge("model.onnx");
            serve();
            HttpResponse<InputStream> answer = download();
            assertThat(answer.body().readNBytes(1 << 16)).hasSize(1 << 16);
            Files.write(bundle.resolve("model.onnx"), new byte[1]);
            assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
        }

        @Test
        void ofABundleThatLacksAFileIsAnErrorAndNoFile() throws Exception {
            Files.delete(bundle.resolve("sweep.yaml"));
            serve();
            isAnError(send("GET", MODEL + "/bundle.zip"), "has no bundle yet; export it first");
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void ofAFileThatCannotBeReadIsAnErrorAndNoFile() throws Exception {
            Path file = bundle.resolve("sweep.yaml");
            Files.setPosixFilePermissions(file, Set.of());
            assumeThat(Files.isReadable(file)).isFalse();
            serve();
            isAnError(send("GET", MODEL + "/bundle.zip"), file + " cannot be read");
        }

        @Test
        void thatFailsBeforeAnythingWasSentIsAnErrorAndNoFile() throws Exception {
            serve();
            try (BundleArchive archive = bundles.archive(ID)) {
                Files.write(bundle.resolve("labels.txt"), new byte[0]);
                Javalin server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/", request -> {
                        try {
                            ModelRoutes.send(request, ID, archive);
                        } catch (ExportException e) {
                            Answers.error(request, HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
                        }
                    });
                });
                try {
                    server.start("127.0.0.1", 0);
                    isAnError(
                            CLIENT.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                                            .build(),
                                    BodyHandlers.ofString()),
                            "labels.txt has become shorter");
                } finally {
                    server.stop();
                }
            }
        }

        private void isAnError(HttpResponse<String> answer, String why) throws IOException {
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/json");
            assertThat(json(answer).path("error").asText()).contains(why);
            OpenApiDocument.read().check("GET", "/trials/{id}/model/bundle.zip", 409, answer.body());
        }
    }

    @Test
    void trialsThatAreNoneAreNotFound() throws Exception {
        serve();
        assertThat(send("GET", "/api/v1/trials/none-1/model").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/api/v1/trials/none-1/model").statusCode()).isEqualTo(404);
    }

    @Test
    void cardsAreShownWithoutMarkupOfTheirOwn() {
        String html = NotesHtml.of("""
                # cats <img src=x onerror=alert(1)>

                | a | b |
                |---|--:|
                | 1 | [link](javascript:alert(2)) |
                """);
        assertThat(html)
                .contains("<h3>cats &lt;img")
                .contains("<td align=\"right\">")
                .doesNotContain("<img", "javascript:");
    }
}
