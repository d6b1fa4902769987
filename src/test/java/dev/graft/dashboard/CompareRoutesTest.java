package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareRoutesTest {

    @TempDir
    static Path results;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static TrackReader reader;
    private static Dashboard dashboard;

    @BeforeAll
    static void start() {
        try (RecordedSweeps sweeps = RecordedSweeps.open(results)) {
            sweeps.small();
            sweeps.running();
        }
        reader = Tracking.openReadOnly(results);
        dashboard = Dashboard.start(Content.of(reader), "127.0.0.1", 0, Optional.empty(), List.of());
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        reader.close();
    }

    private static HttpResponse<String> get(String query) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + "/api/v1/compare" + query))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode compared(String query) throws Exception {
        HttpResponse<String> answer = get(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void comparesTrialsOfASweep() throws Exception {
        JsonNode answer = compared("?trials=small012-5,small012-3,small012-4");
        assertThat(answer.path("trials").findValuesAsText("id"))
                .containsExactly("small012-5", "small012-3", "small012-4");
        assertThat(answer.path("reference").asText()).isEqualTo("small012-3");
        assertThat(answer.path("images").asInt()).isEqualTo(341);
        assertThat(answer.path("pairs").get(0).path("trial").asText()).isEqualTo("small012-5");
        assertThat(answer.path("pairs").get(0).path("sentence").asText())
                .startsWith("Trial 3 is better than trial 5 on 341 images: ");
        // The failed trial has no predictions.
        assertThat(answer.path("pairs").get(1).path("test").isNull()).isTrue();
        assertThat(answer.path("curves")).hasSize(3);
        assertThat(answer.path("curves").get(0).get(0).path("metrics").has("val_accuracy"))
                .isTrue();
        assertThat(answer.path("disagreements").get(0).path("votes")).hasSize(3);
    }

    @Test
    void comparesTrialsOfDifferentSweepsOnTheImagesTheyShare() throws Exception {
        JsonNode answer = compared("?trials=small012-3,running0-1");
        assertThat(answer.path("images").asInt()).isEqualTo(341);
        assertThat(answer.path("trials").get(1).path("name").asText())
                .isEqualTo("trial 1 of \u201cclothing, at work\u201d");
    }

    @Test
    void callsSweepsAsTheyWereNamedLast() throws Exception {
        String query = "?trials=small012-5,running0-1";
        String recorded =
                compared(query).path("trials").get(0).path("sweep_name").asText();
        Tracking.annotations(results).annotate("small012", said -> said.withName("Coats of \uD83C\uDF31"));
        try {
            JsonNode answer = compared(query);
            assertThat(answer.path("trials").findValuesAsText("sweep_name"))
                    .containsExactly("Coats of \uD83C\uDF31", "clothing, at work");
            assertThat(answer.path("trials").get(0).path("name").asText())
                    .isEqualTo("trial 5 of \u201cCoats of \uD83C\uDF31\u201d");
            assertThat(answer.path("pairs").get(0).path("sentence").asText())
                    .contains("trial 5 of \u201cCoats of \uD83C\uDF31\u201d");
        } finally {
            Tracking.annotations(results).annotate("small012", said -> said.withName(""));
        }
        assertThat(compared(query).path("trials").get(0).path("sweep_name").asText())
                .isEqualTo(recorded);
    }

    @Test
    void comparesWithTheReferenceThatIsAskedFor() throws Exception {
        JsonNode answer = compared("?trials=small012-3,small012-5&reference=small012-5");
        assertThat(answer.path("reference").asText()).isEqualTo("small012-5");
        assertThat(answer.path("pairs").get(0).at("/difference/value").asDouble())
                .isNegative();
        assertThat(compared("?trials=small012-3,small012-5,small012-3")
                        .path("pairs")
                        .get(0)
                        .at("/difference/value")
                        .asDouble())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 || trials must name 2 to 6 different trials, for example trials=k3v9x2ab-1,k3v9x2ab-7, but names none",
                "400 | ?trials=small012-3,small012-3 | trials must name 2 to 6 different trials, for example"
                        + " trials=k3v9x2ab-1,k3v9x2ab-7, but names 1",
                "400 | ?trials=a-1,a-2,a-3,a-4,a-5,a-6,a-7 | trials must name 2 to 6 different trials, for example"
                        + " trials=k3v9x2ab-1,k3v9x2ab-7, but names 7",
                "404 | ?trials=small012-3,zzz-1,zzz-2 | there are no trials zzz-1, zzz-2; a trial is named by its sweep and"
                        + " its number, for example trials=k3v9x2ab-1,k3v9x2ab-7",
                "400 | ?trials=small012-3,small012-5&reference=small012-1 | reference must be one of the trials small012-3,"
                        + " small012-5, but was small012-1",
            })
    void saysWhatIsWrong(int status, String query, String message) throws Exception {
        HttpResponse<String> answer = get(query == null ? "" : query);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new ObjectMapper().readTree(answer.body()).path("error").asText())
                .isEqualTo(message);
    }

    @Test
    void tellsWhoHasTheAnswerThatItIsTheNewest() throws Exception {
        String tag = get("?trials=small012-3,small012-5")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpResponse<String> again = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port()
                                + "/api/v1/compare?trials=small012-3,small012-5"))
                        .header("If-None-Match", tag)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(again.statusCode()).isEqualTo(304);
    }

    /** A record whose predictions come only when they are let go; it counts how often they are read. */
    private static final class SlowRecord implements InvocationHandler {
        private final CountDownLatch go = new CountDownLatch(1);
        private final AtomicInteger read = new AtomicInteger();

        TrackReader reader() {
            return (TrackReader) Proxy.newProxyInstance(
                    TrackReader.class.getClassLoader(), new Class<?>[] {TrackReader.class}, this);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("predictions")) {
                read.incrementAndGet();
                go.await();
            }
            return method.invoke(reader, arguments);
        }
    }

    @Test
    void worksOutOnceWhatManyAskAtOnceAndSendsAwayWhoWouldHoldAllThreads() throws Exception {
        SlowRecord slow = new SlowRecord();
        try (Dashboard served = Dashboard.start(slow.reader(), "127.0.0.1", 0, Optional.empty())) {
            String api = "http://127.0.0.1:" + served.port() + "/api/v1";
            HttpRequest same = HttpRequest.newBuilder(URI.create(api + "/compare?trials=small012-3,small012-5"))
                    .build();
            List<CompletableFuture<HttpResponse<String>>> asked = Stream.generate(
                            () -> CLIENT.sendAsync(same, HttpResponse.BodyHandlers.ofString()))
                    .limit(4)
                    .toList();
            // Nothing but a refusal can be answered yet; three wait for one answer.
            HttpResponse<?> refused = (HttpResponse<?>) CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new))
                    .get();
            assertThat(refused.statusCode()).isEqualTo(503);
            OpenApiDocument.read().check("GET", "/compare", 503, String.valueOf(refused.body()));
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.headers().firstValue("ETag")).isEmpty();
            assertThat(new ObjectMapper()
                            .readTree(String.valueOf(refused.body()))
                            .path("error")
                            .asText())
                    .isEqualTo("several comparisons are being worked out already; ask again in a moment");
            // Others are served meanwhile.
            assertThat(CLIENT.send(
                                    HttpRequest.newBuilder(URI.create(api + "/sweeps"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);

            slow.go.countDown();

            List<HttpResponse<String>> answers =
                    asked.stream().map(CompletableFuture::join).toList();
            assertThat(answers).extracting(HttpResponse::statusCode).containsOnlyOnce(503);
            assertThat(answers.stream()
                            .filter(answer -> answer.statusCode() == 200)
                            .map(HttpResponse::body))
                    .hasSize(3)
                    .containsOnly(get("?trials=small012-3,small012-5").body());
            // One for each of the two trials.
            assertThat(slow.read).hasValue(2);
        } finally {
            slow.go.countDown();
        }
    }
}
