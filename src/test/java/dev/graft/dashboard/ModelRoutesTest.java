package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Catalogue;
import dev.graft.export.ModelExporter;
import dev.graft.export.TrialBundles;
import dev.graft.run.Home;
import dev.graft.run.TrialModels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
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
                1,
                InstantSource.system());
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
