package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.track.SmallDisk;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnotationRoutesTest {

    private static final String SWEEP = "/sweeps/aaaaaaaa";

    @TempDir
    Path results;

    private final HttpClient client = HttpClient.newHttpClient();
    private TrackReader reader;
    private Dashboard dashboard;

    @BeforeEach
    void start() throws Exception {
        try (SampleResults sample = SampleResults.in(results)) {
            sample.ended("aaaaaaaa", "clothing", SweepState.FINISHED, 5, 4, "mobilenet_v2")
                    .ended("bbbbbbbb", "heads", SweepState.CANCELLED, 2, 6, "xception");
        }
        serve(true);
    }

    private void serve(boolean changeable) {
        reader = Tracking.openAsItStands(results, InstantSource.system());
        Content content = changeable ? new Content(reader, Optional.of(results)) : Content.of(reader);
        dashboard = Dashboard.start(content, "127.0.0.1", 0, Optional.empty(), List.of());
    }

    @AfterEach
    void stop() {
        dashboard.close();
        reader.close();
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        String origin = "http://127.0.0.1:" + dashboard.port();
        return client.send(
                HttpRequest.newBuilder(URI.create(origin + "/api/v1" + path))
                        .header("Origin", origin)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = ask(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private String error(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = ask(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body()).path("error").asText();
    }

    private JsonNode listed(String id) throws Exception {
        for (JsonNode sweep : json("GET", "/sweeps", "")) {
            if (sweep.path("id").asText().equals(id)) {
                return sweep;
            }
        }
        throw new AssertionError("no sweep " + id);
    }

    @Nested
    class TheList {

        @Test
        void hasWhatIsNotedTheBasesAndHowTheBestValueGrew() throws Exception {
            json(
                    "PATCH",
                    SWEEP,
                    "{\"name\": \"Warm coats\", \"tags\": [\"best\"], \"notes\": \"x\", \"archived\": true}");
            JsonNode sweep = listed("aaaaaaaa");
            assertThat(sweep.path("name").asText()).isEqualTo("Warm coats");
            assertThat(sweep.path("recorded_name").asText()).isEqualTo("clothing");
            assertThat(sweep.path("tags").toString()).isEqualTo("[\"best\"]");
            assertThat(sweep.path("notes").asText()).isEqualTo("x");
            assertThat(sweep.path("archived").asBoolean()).isTrue();
            assertThat(sweep.path("bases").toString()).isEqualTo("[\"mobilenet_v2\"]");
            assertThat(sweep.path("sparkline").path("trials").asInt()).isEqualTo(3);
            JsonNode steps = sweep.path("sparkline").path("steps");
            assertThat(steps).isNotEmpty();
            assertThat(steps.get(steps.size() - 1).path("value").asDouble())
                    .isEqualTo(sweep.path("best_value").asDouble());
            assertThat(sweep.path("eta_seconds").isNull()).isTrue();
        }

        @Test
        void saysHowLongARunningSweepStillTakes() throws Exception {
            try (SampleResults sample = SampleResults.in(results)) {
                sample.running("cccccccc", "now", 12, 4, "resnet50");
                JsonNode sweep = listed("cccccccc");
                // Seven that wait and one that began a moment ago, at 28 seconds each, one after the other.
                assertThat(sweep.path("eta_seconds").asDouble()).isEqualTo(8 * 28.0);
                assertThat(sweep.path("eta_at").asText()).isNotEmpty();
            }
        }
    }

    @Nested
    class Changes {

        @Test
        void answerWithWhatIsNotedAndAreNews() throws Exception {
            long before = reader.version();
            JsonNode noted = json("PATCH", SWEEP, "{\"notes\": \"# Why\\n\\n*because*\"}");
            assertThat(noted.path("notes").asText()).isEqualTo("# Why\n\n*because*");
            assertThat(noted.path("notes_html").asText()).isEqualTo("<h3>Why</h3>\n<p><em>because</em></p>\n");
            assertThat(noted.path("name").asText()).isEqualTo("clothing");
            assertThat(reader.version()).isGreaterThan(before);
            assertThat(json("GET", SWEEP + "/annotation", "")).isEqualTo(noted);
            assertThat(json("PATCH", SWEEP, "{}")).isEqualTo(noted);
        }

        @Test
        void ofTrialsPinAndHide() throws Exception {
            JsonNode noted = json("PATCH", "/trials/aaaaaaaa-2", "{\"pinned\": true}");
            assertThat(noted.toString()).isEqualTo("{\"pinned\":true,\"hidden\":false}");
            json("PATCH", "/trials/aaaaaaaa-2", "{\"pinned\": false, \"hidden\": true}");
            assertThat(reader.trialAnnotations("aaaaaaaa").get("aaaaaaaa-2").hidden())
                    .isTrue();
            assertThat(error("PATCH", "/trials/aaaaaaaa-99", "{}", 404)).startsWith("there is no trial aaaaaaaa-99");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                {"nome": 1, "tags": "a"} | there is no nome to change, but archived, name, notes, tags; tags must be a list of texts, but was "a"
                {"name": null}           | name must be a text, but was null
                {"archived": 1}          | archived must be true or false, but was 1
                {"tags": [1]}            | tags must be a list of texts, but was [1]
                {"tags": ["a,b"]}        | a tag must be one line of text without commas and control characters
                []                       | what is sent must be a JSON object such as {"name": "..."}
                """)
        void thatMakeNoSenseAreRefusedWithAllReasons(String body, String message) throws Exception {
            assertThat(error("PATCH", SWEEP, body, 400)).isEqualTo(message.replace("; ", "\n"));
            assertThat(reader.sweepAnnotations()).isEmpty();
        }

        @Test
        void thatAreNoJsonAreRefused() throws Exception {
            assertThat(error("PATCH", SWEEP, "{\"name\"", 400)).startsWith("what is sent must be JSON, but ");
            assertThat(error("PATCH", SWEEP, "", 400)).startsWith("what is sent must be");
            assertThat(error("PATCH", SWEEP, "{} {}", 400)).startsWith("what is sent must be JSON, but ");
        }

        @Test
        void ofSweepsThatAreNotThereAreRefused() throws Exception {
            assertThat(error("PATCH", "/sweeps/nothere0", "{}", 404)).contains("nothere0");
            assertThat(error("DELETE", "/sweeps/nothere0", "", 404)).contains("nothere0");
        }

        @Test
        void areRefusedWhereOnlyTheRecordIsShown() throws Exception {
            stop();
            serve(false);
            for (String method : List.of("PATCH", "DELETE")) {
                assertThat(error(method, SWEEP, "{}", 403)).contains("without its results directory");
            }
        }

        @Test
        void thatTheDiskDoesNotTakeAreRefusedWithWhatToDo() throws Exception {
            stop();
            Path disk = results.resolve("disk");
            try (SmallDisk mounted = SmallDisk.mount(disk, "8m")) {
                try (SampleResults sample = SampleResults.in(disk)) {
                    sample.ended("aaaaaaaa", "clothing", SweepState.FINISHED, 5, 2, "mobilenet_v2");
                }
                mounted.remountReadOnly();
                reader = Tracking.openAsItStands(disk, InstantSource.system());
                dashboard = Dashboard.start(
                        new Content(reader, Optional.of(disk)), "127.0.0.1", 0, Optional.empty(), List.of());
                assertThat(listed("aaaaaaaa").path("name").asText()).isEqualTo("clothing");
                assertThat(error("PATCH", SWEEP, "{\"name\": \"x\"}", 503))
                        .contains("can only be read")
                        .endsWith("make both writable");
                assertThat(error("DELETE", SWEEP, "", 409))
                        .endsWith("the results directory can only be read; make it writable");
                assertThat(listed("aaaaaaaa").path("name").asText()).isEqualTo("clothing");
                stop();
            } finally {
                serve(true);
            }
        }

        @Test
        void comeOnlyFromTheDashboardsOwnPages() throws Exception {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + "/api/v1" + SWEEP))
                            .header("Origin", "http://evil.example")
                            .method("DELETE", HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(reader.sweeps()).hasSize(2);
        }
    }

    @Nested
    class Notes {

        @Test
        void neverBecomeMoreThanText() throws Exception {
            String html = json("POST", "/notes/preview", new ObjectMapper().writeValueAsString(Map.of("notes", """
                                            <script>alert(1)</script>

                                            Hi <img src=x onerror=alert(2)> there [click](javascript:alert(3))
                                            ![a *picture*](https://evil.example/x.png) <https://example.org>

                                            [data](data:text/html,x) [v](vbscript:x) [ok](http://example.org "t\\" onclick=\\"x")
                                            """)))
                    .path("notes_html")
                    .asText();
            assertThat(html)
                    .doesNotContain("<script", "<img", "javascript:", "vbscript:", "data:text", "href=\"\"")
                    .contains("&lt;script&gt;", "&lt;img src=x onerror=alert(2)&gt;")
                    .contains("href=\"https://evil.example/x.png\"", ">a <em>picture</em></a>")
                    .contains("href=\"https://example.org\"", "rel=\"noopener noreferrer nofollow\"")
                    .contains("title=\"t&quot; onclick=&quot;x\"");
        }

        @Test
        void ofAnyLengthAreRefusedAtTheLimit() throws Exception {
            String body = "{\"notes\": \"" + "x".repeat(100_001) + "\"}";
            for (String[] way : new String[][] {{"PATCH", SWEEP}, {"POST", "/notes/preview"}}) {
                assertThat(error(way[0], way[1], body, 400))
                        .isEqualTo("notes must have at most 100000 characters, but had 100001");
            }
        }
    }

    @Nested
    class Deletions {

        @Test
        void areShownFirstAndThenDone() throws Exception {
            JsonNode found = json("GET", SWEEP + "/deletion", "");
            assertThat(found.path("trials").asInt()).isEqualTo(4);
            assertThat(found.path("finished").asInt()).isEqualTo(3);
            assertThat(found.path("models").toString()).isEqualTo("{\"files\":3,\"bytes\":3600000}");
            assertThat(found.path("bytes").asLong()).isEqualTo(3_648_000);
            assertThat(found.path("obstacle").isNull()).isTrue();
            assertThat(json("DELETE", SWEEP, "")).isEqualTo(found);
            assertThat(json("GET", "/sweeps", "")).hasSize(1);
            assertThat(results.resolve("models/aaaaaaaa-1.safetensors")).doesNotExist();
            assertThat(results.resolve("models/bbbbbbbb-1.safetensors")).exists();
            assertThat(error("GET", SWEEP, "", 404)).contains("aaaaaaaa");
        }

        @Test
        void areOfWholeIds() throws Exception {
            assertThat(error("DELETE", "/sweeps/latest", "", 400)).contains("whole id");
            assertThat(error("DELETE", "/sweeps/aaaa", "", 400)).contains("whole id");
            assertThat(reader.sweeps()).hasSize(2);
        }

        @Test
        void waitForSweepsThatRun() throws Exception {
            try (SampleResults sample = SampleResults.in(results)) {
                sample.running("cccccccc", "now", 12, 4, "resnet50");
                assertThat(json("GET", SWEEP + "/deletion", "").path("obstacle").asText())
                        .isEqualTo("another sweep is running in this results directory; wait for it, or stop it");
                assertThat(error("DELETE", SWEEP, "", 409))
                        .isEqualTo("this sweep cannot be deleted now: another sweep is running in this results"
                                + " directory; wait for it, or stop it");
                json("PATCH", SWEEP, "{\"name\": \"still\"}");
            }
            assertThat(Files.exists(results.resolve("models/aaaaaaaa-1.safetensors")))
                    .isTrue();
        }
    }
}
