package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.analysis.SweepView;
import dev.graft.track.SweepRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final FakeReader reader = SampleRecord.filled();
    private Dashboard dashboard;

    @BeforeEach
    void start() {
        dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty());
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    @Nested
    class Sweeps {

        @Test
        void areListedNewestFirstWithTheirBest() throws Exception {
            JsonNode sweeps = json("/api/v1/sweeps");

            assertThat(sweeps).hasSize(4);
            assertThat(sweeps.get(0).path("id").asText()).isEqualTo(SampleRecord.RUNNING);
            assertThat(sweeps.get(0).path("state").asText()).isEqualTo("running");
            assertThat(sweeps.get(0).path("counts").path("finished").asInt()).isEqualTo(9);
            assertThat(sweeps.get(0).path("counts").path("waiting").asInt()).isEqualTo(14);
            assertThat(sweeps.get(0).path("best_value").asDouble()).isBetween(0.8, 1.0);
            assertThat(sweeps.get(0).path("best_trial").asText()).startsWith(SampleRecord.RUNNING + "-");
            assertThat(sweeps.get(0).path("ended_at").isNull()).isTrue();
            assertThat(sweeps.get(3).path("name").asText()).isEqualTo(SampleRecord.ODD_NAME);
        }

        @Test
        void areAnEmptyListWhenThereAreNone() throws Exception {
            try (Dashboard empty = Dashboard.start(new FakeReader(), "localhost", 0, Optional.empty())) {
                HttpResponse<String> answer = get(empty, "/api/v1/sweeps");
                assertThat(answer.body()).isEqualTo("[]");
            }
        }

        @Test
        void areShownWithTheirTrialsRanked() throws Exception {
            JsonNode sweep = json("/api/v1/sweeps/" + SampleRecord.FINISHED);

            assertThat(sweep.path("total").asInt()).isEqualTo(12);
            assertThat(sweep.path("frozen_passes_saved").asInt()).isEqualTo(8);
            assertThat(sweep.path("feature_groups").get(0).at("/cache/hit").asBoolean())
                    .isFalse();
            JsonNode best = sweep.path("best");
            assertThat(best.path("id").asText())
                    .isEqualTo(sweep.path("best_trial").asText());
            assertThat(best.path("rank").asInt()).isEqualTo(1);
            assertThat(best.path("best").path("epoch").asInt())
                    .isEqualTo(best.path("kept_epoch").asInt());
            assertThat(best.path("cache").has("hit")).isTrue();
            assertThat(best.path("timings").path("total").asDouble())
                    .isEqualTo(best.path("seconds").asDouble());
        }

        @Test
        void leaveFailedTrialsUnrankedAndWriteNanAsNull() throws Exception {
            JsonNode failed =
                    trial(json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/trials"), SampleRecord.FINISHED + "-4");

            assertThat(failed.path("state").asText()).isEqualTo("failed");
            assertThat(failed.path("reason").asText()).isEqualTo("loss is NaN at epoch 2, step 12");
            assertThat(failed.path("rank").isNull()).isTrue();
            assertThat(failed.path("last").path("metrics").path("val_loss").isNull())
                    .isTrue();
        }

        @Test
        void areTheSameAsTheCommandLineShows() throws Exception {
            SweepRecord record = reader.sweep(SampleRecord.FINISHED);
            SweepView view = SweepView.of(record, reader.trials(record.id()), reader.featureGroups(record.id()));
            ObjectMapper plain = new ObjectMapper();

            JsonNode shown = plain.readTree(plain.writeValueAsString(view));
            JsonNode answer = json("/api/v1/sweeps/" + SampleRecord.FINISHED);
            for (var names = shown.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!name.equals("trials")) {
                    assertThat(answer.path(name)).as(name).isEqualTo(shown.path(name));
                }
            }
            List<JsonNode> trials = new ArrayList<>();
            json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/trials")
                    .path("trials")
                    .forEach(trial -> {
                        ((ObjectNode) trial).remove(List.of("pinned", "hidden"));
                        trials.add(trial);
                    });
            assertThat(trials).containsExactlyElementsOf(shown.path("trials"));
        }

        @Test
        void comeByPages() throws Exception {
            String address = "/api/v1/sweeps/" + SampleRecord.FINISHED + "/trials?limit=4&sort=number";
            JsonNode whole = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/trials");
            List<JsonNode> trials = new ArrayList<>();
            String cursor = "";
            int pages = 0;
            while (cursor != null) {
                JsonNode page = json(address + "&cursor=" + cursor);
                assertThat(page.path("trials").size()).isBetween(1, 4);
                page.path("trials").forEach(trials::add);
                assertThat(page.path("page").path("total").asInt())
                        .isEqualTo(whole.path("trials").size());
                cursor = page.path("page").path("next").textValue();
                pages++;
            }
            assertThat(pages).isGreaterThan(1);
            assertThat(trials).hasSize(whole.path("trials").size());
            for (int i = 0; i < trials.size(); i++) {
                assertThat(trials.get(i)).isEqualTo(whole.path("trials").get(i));
            }
        }

        @Test
        void comeByRankTheBestFirst() throws Exception {
            JsonNode best = json("/api/v1/sweeps/" + SampleRecord.FINISHED).path("best_trial");
            JsonNode answer = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/trials?sort=rank&limit=2");

            assertThat(answer.path("trials")).hasSize(2);
            assertThat(answer.path("trials").get(0).path("id")).isEqualTo(best);
            assertThat(answer.path("trials").get(1).path("rank").asInt()).isEqualTo(2);
            JsonNode curves = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/curves?limit=1");
            assertThat(curves.path("curves")).hasSize(1);
            assertThat(curves.path("curves").get(0).path("id")).isEqualTo(best);
        }

        @ParameterizedTest
        @CsvSource({
            "limit=0, 'limit must be a whole number from 1 to 1000, but was 0'",
            "limit=all, 'limit must be a whole number from 1 to 1000, but was all'",
            "cursor=-1, 'cursor must be a whole number from 0 to 2147483647, but was -1'",
            "order=up, 'order must be asc or desc, but was up'",
            "sort=beauty, 'beauty is no parameter and no metric of this sweep, nor one of number, rank, state, epochs, seconds and model_weights'"
        })
        void sayWhatAPageMustBe(String query, String message) throws Exception {
            HttpResponse<String> answer = get(dashboard, "/api/v1/sweeps/latest/trials?" + query);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(error(answer)).isEqualTo(message);
        }

        @ParameterizedTest
        @CsvSource({
            "base = xception, 6",
            "base = xception and state = failed, 0",
            "'not (base = xception or dropout = 0.2)', 3",
            "val_accuracy > 0.88, 2",
            "'state in (failed, crashed)', 2"
        })
        void areFiltered(String filter, int matching) throws Exception {
            String asked = "filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
            String sweep = "/api/v1/sweeps/" + SampleRecord.FINISHED;
            JsonNode page = json(sweep + "/trials?" + asked);
            assertThat(page.path("trials")).hasSize(matching);
            assertThat(page.at("/page/matching").asInt()).isEqualTo(matching);
            assertThat(page.at("/page/total").asInt()).isEqualTo(12);
            assertThat(json(sweep + "/matching?" + asked).path("matching").asInt())
                    .isEqualTo(matching);
            assertThat(json(sweep + "/points?" + asked).path("ids")).hasSize(matching);
            assertThat(json(sweep + "/curves?" + asked).path("curves")).hasSize(matching);
            assertThat(json(sweep + "/trials.json?" + asked)).hasSize(matching);
            assertThat(get(dashboard, sweep + "/trials.csv?" + asked).body().split("\r\n"))
                    .hasSize(1 + matching);
        }

        @Test
        void areFilteredByWhatIsBrushedToo() throws Exception {
            JsonNode page = json("/api/v1/sweeps/" + SampleRecord.FINISHED
                    + "/trials?filter=base%20%3D%20xception&brush=dropout%20%3E%200.3");
            assertThat(page.path("trials")).hasSize(3);
        }

        @Test
        void ofAFilterThatCannotBeReadAreRefusedWithTheReasonAndThePlace() throws Exception {
            String sweep = "/api/v1/sweeps/" + SampleRecord.FINISHED;
            HttpResponse<String> answer =
                    get(dashboard, sweep + "/trials?filter=base%20%3D%20xception%20and%20dropuot%20%3E%201");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(error(answer)).isEqualTo("trials have no dropuot; did you mean dropout?");
            JsonNode problem = json(sweep + "/matching?filter=base%20%3D%20xception%20and%20dropuot%20%3E%201")
                    .path("problem");
            assertThat(problem.path("position").asInt()).isEqualTo(20);
            assertThat(problem.path("parameter").asText()).isEqualTo("filter");
        }

        @Test
        void areGroupedWithMeanAndDeviation() throws Exception {
            JsonNode groups = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/groups?by=learning_rate");
            assertThat(groups.path("groups")).hasSize(3);
            assertThat(groups.at("/groups/0/mean").asDouble())
                    .isGreaterThan(groups.at("/groups/1/mean").asDouble());
            assertThat(groups.at("/groups/0/deviation").asDouble()).isPositive();
            HttpResponse<String> unknown =
                    get(dashboard, "/api/v1/sweeps/" + SampleRecord.FINISHED + "/groups?by=colour");
            assertThat(error(unknown)).isEqualTo("by must name parameters of the sweep, which colour is not");
        }

        @Test
        void areSaidToMatterOrNot() throws Exception {
            JsonNode importance = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/importance");
            assertThat(importance.path("sentence").asText()).isNotBlank();
            assertThat(importance.path("trials").asInt()).isEqualTo(9);
        }

        @Test
        void thatNoneBeatsAreNamed() throws Exception {
            JsonNode points = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/points?x=seconds&y=val_accuracy");
            String best = json("/api/v1/sweeps/" + SampleRecord.FINISHED)
                    .path("best_trial")
                    .asText();
            List<String> front = new ArrayList<>();
            points.path("front").forEach(id -> front.add(id.asText()));
            assertThat(front).contains(best).doesNotHaveDuplicates();
        }

        @Test
        void withoutARankComeLastInEitherOrder() throws Exception {
            JsonNode page = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/trials?sort=rank&order=desc");
            assertThat(page.at("/trials/0/rank").asInt()).isEqualTo(10);
            assertThat(page.at("/trials/11/rank").isNull()).isTrue();
        }

        @Test
        void areFoundByPrefixAndAsLatest() throws Exception {
            assertThat(json("/api/v1/sweeps/f7").path("id").asText()).isEqualTo(SampleRecord.FINISHED);
            assertThat(json("/api/v1/sweeps/latest").path("id").asText()).isEqualTo(SampleRecord.RUNNING);
        }

        @Test
        void thatDoNotExistAreNotFoundWithTheReadersWords() throws Exception {
            HttpResponse<String> answer = get(dashboard, "/api/v1/sweeps/nope");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(error(answer)).startsWith("there is no sweep nope; there are");
        }
    }

    @Nested
    class Curves {

        @Test
        void holdEpochValueAndPhase() throws Exception {
            JsonNode answer = json("/api/v1/sweeps/" + SampleRecord.FINISHED + "/curves?metric=val_loss");

            assertThat(answer.path("metric").asText()).isEqualTo("val_loss");
            JsonNode curve = curve(answer, 1);
            assertThat(curve.get(0).get(0).asInt()).isEqualTo(1);
            assertThat(curve.get(0).get(1).asDouble()).isPositive();
            assertThat(curve.get(0).get(2).asInt()).isEqualTo(1);
            assertThat(curve(answer, 4).get(1).get(1).isNull()).isTrue();
        }

        private JsonNode curve(JsonNode answer, int number) {
            for (JsonNode curve : answer.path("curves")) {
                if (curve.path("number").asInt() == number) {
                    return curve.path("points");
                }
            }
            throw new AssertionError("no curve of trial " + number);
        }

        @Test
        void areOfTheSweepsMetricWhenNoneIsNamed() throws Exception {
            assertThat(json("/api/v1/sweeps/latest/curves").path("metric").asText())
                    .isEqualTo("val_accuracy");
        }
    }

    @Nested
    class Trials {

        @Test
        void areShownWithEverythingKnown() throws Exception {
            JsonNode answer = json("/api/v1/trials/" + SampleRecord.FINISHED + "-2");

            assertThat(answer.path("sweep").path("name").asText()).isEqualTo("clothing-heads");
            assertThat(answer.path("trial")
                            .path("parameters")
                            .path("learning_rate")
                            .asDouble())
                    .isEqualTo(0.01);
            assertThat(answer.path("trial").path("seed").asLong()).isEqualTo(5_914_260_311_774_514L);
            assertThat(answer.path("previous").asText()).isEqualTo(SampleRecord.FINISHED + "-1");
            assertThat(answer.path("next").asText()).isEqualTo(SampleRecord.FINISHED + "-3");
            assertThat(answer.path("epochs").get(0).path("metrics").has("val_macro_f1"))
                    .isTrue();
            assertThat(answer.path("provenance").path("jdk").asText()).isEqualTo("17.0.15");
            JsonNode evaluation = answer.path("evaluation");
            assertThat(evaluation.path("images").asInt()).isEqualTo(340);
            assertThat(evaluation.path("matrix")).hasSize(10);
            assertThat(evaluation.path("mistakes").get(0).path("confidence").asDouble())
                    .isGreaterThanOrEqualTo(evaluation
                            .path("mistakes")
                            .get(1)
                            .path("confidence")
                            .asDouble());
        }

        @Test
        void withoutPredictionsHaveNoEvaluation() throws Exception {
            JsonNode answer = json("/api/v1/trials/" + SampleRecord.RUNNING + "-24");

            assertThat(answer.path("evaluation").isNull()).isTrue();
            assertThat(answer.path("next").isNull()).isTrue();
        }

        @Test
        void thatDoNotExistAreNotFoundWithAHint() throws Exception {
            HttpResponse<String> answer = get(dashboard, "/api/v1/trials/zzz-1");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(error(answer)).contains("there is no trial zzz-1", "k3v9x2ab-7");
        }
    }

    @Nested
    class Files {

        @ParameterizedTest
        @ValueSource(strings = {"/", "/sweeps/abc", "/trials/abc-1"})
        void ofPagesAreTheOneHtmlFile(String path) throws Exception {
            HttpResponse<String> answer = get(dashboard, path);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
            assertThat(answer.body()).contains("<graft-app>");
        }

        @Test
        void ofTheImportMapAllExist() throws Exception {
            String html = get(dashboard, "/").body();
            String map = html.substring(html.indexOf("importmap\">") + 11, html.indexOf("</script>"));
            for (JsonNode target : new ObjectMapper().readTree(map).path("imports")) {
                if (!target.asText().endsWith("/")) {
                    HttpResponse<String> answer = get(dashboard, target.asText());
                    assertThat(answer.statusCode()).as(target.asText()).isEqualTo(200);
                    assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                            .contains("immutable");
                    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                            .startsWith("text/javascript");
                }
            }
        }

        @Test
        void areAskedForAgainByTheirTag() throws Exception {
            HttpResponse<String> first = get(dashboard, "/app.js");
            String tag = first.headers().firstValue("ETag").orElseThrow();

            HttpResponse<String> second = send(request(dashboard, "/app.js").header("If-None-Match", tag));

            assertThat(second.statusCode()).isEqualTo(304);
            assertThat(second.body()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/nothing.js",
                    "/../pom.xml",
                    "/%2e%2e/%2e%2e/etc/passwd",
                    "/..%2f..%2fdev/graft/Graft.class",
                    "/webjars/../../MANIFEST.MF",
                    "/webjars/lit/%2e%2e/%2e%2e/%2e%2e/MANIFEST.MF",
                    "/package.json",
                    "/api/v1/nothing"
                })
        void outsideTheirFolderDoNotExist(String path) throws Exception {
            assertThat(get(dashboard, path).statusCode()).isBetween(400, 404);
        }

        @Test
        void ofUnknownPagesSayNotFoundInThePage() throws Exception {
            HttpResponse<String> answer = get(dashboard, "/elsewhere");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("<graft-app>");
        }
    }

    @Nested
    class Answering {

        @ParameterizedTest
        @ValueSource(strings = {"/", "/api/v1/sweeps", "/api/v1/sweeps/nope", "/app.js"})
        void carriesTheSecurityHeaders(String path) throws Exception {
            var headers = get(dashboard, path).headers();

            String policy = headers.firstValue("Content-Security-Policy").orElseThrow();
            assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self' 'sha256-", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(headers.firstValue("Server")).isEmpty();
        }

        @Test
        void tellsWhoHasTheNewestAnswerThatItIs() throws Exception {
            HttpResponse<String> first = get(dashboard, "/api/v1/sweeps");
            assertThat(first.headers().allValues("Cache-Control")).containsExactly("private, no-cache");
            String tag = first.headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> second =
                    send(request(dashboard, "/api/v1/sweeps").header("If-None-Match", tag));
            assertThat(second.statusCode()).isEqualTo(304);
            assertThat(second.body()).isEmpty();

            reader.put(SampleRecord.renamed(reader.sweep(SampleRecord.FINISHED), "another name"));

            HttpResponse<String> third =
                    send(request(dashboard, "/api/v1/sweeps").header("If-None-Match", tag));
            assertThat(third.statusCode()).isEqualTo(200);
            assertThat(third.body()).contains("another name");
        }

        @Test
        void forbidsCachingOfErrors() throws Exception {
            assertThat(get(dashboard, "/api/v1/sweeps/nope").headers().firstValue("ETag"))
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PUT", "DELETE"})
        void refusesToWrite(String method) throws Exception {
            HttpResponse<String> answer = send(request(dashboard, "/api/v1/sweeps")
                    .header("Origin", "http://127.0.0.1:" + dashboard.port())
                    .method(method, HttpRequest.BodyPublishers.noBody()));

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(error(answer)).isNotEmpty();
        }

        @Test
        void saysWhenTheRecordCannotBeRead() throws Exception {
            reader.breakDown(true);

            HttpResponse<String> answer = get(dashboard, "/api/v1/sweeps");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(error(answer)).isEqualTo("the record could not be read: the record is locked");
            assertThat(get(dashboard, "/api/v1/sweeps/latest").statusCode()).isEqualTo(503);
        }
    }

    @Nested
    class Stopping {

        @Test
        void doesNotWaitForWhatNeverEnds() throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch left = new CountDownLatch(1);
            Runnable work = () -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                left.countDown();
            };
            assertThat(Dashboard.endsWithin(Duration.ofMillis(50), work)).isFalse();
            never.countDown();
            left.await();
            assertThat(Dashboard.endsWithin(Duration.ofMinutes(1), () -> {})).isTrue();
        }

        @Test
        void givesUpThePort() {
            int port = dashboard.port();
            dashboard.close();
            dashboard = Dashboard.start(reader, "127.0.0.1", port, Optional.empty());
            assertThat(dashboard.port()).isEqualTo(port);
        }
    }

    @Nested
    class Events {

        @Test
        void tellTheVersionAtOnceAndAfterEachChange() throws Exception {
            HttpResponse<java.util.stream.Stream<String>> stream =
                    CLIENT.send(events().build(), BodyHandlers.ofLines());
            try (var lines = stream.body()) {
                var data = lines.filter(line -> line.startsWith("data:"))
                        .map(line -> Long.parseLong(line.substring(5).strip()))
                        .iterator();
                long first = data.next();
                assertThat(first).isEqualTo(reader.version());

                reader.put(reader.sweep("latest"));

                assertThat(data.next()).isGreaterThan(first);
            }
            assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        }

        @Test
        void reachEveryoneThoughSomeDoNotRead() throws Exception {
            List<InputStream> idle = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                idle.add(CLIENT.send(events().build(), BodyHandlers.ofInputStream())
                        .body());
            }
            idle.remove(0).close();

            tellTheVersionAtOnceAndAfterEachChange();

            assertThat(get(dashboard, "/api/v1/sweeps").statusCode()).isEqualTo(200);
            for (InputStream stream : idle) {
                stream.close();
            }
        }

        @Test
        void endWhenTheDashboardCloses() throws Exception {
            try (InputStream stream =
                    CLIENT.send(events().build(), BodyHandlers.ofInputStream()).body()) {
                dashboard.close();
                assertThat(drained(stream)).isTrue();
            }
        }

        private boolean drained(InputStream stream) {
            try {
                stream.readAllBytes();
            } catch (IOException e) {
                return true;
            }
            return true;
        }
    }

    @Test
    void saysThatAPortIsInUse() {
        int port = dashboard.port();

        assertThatThrownBy(() -> Dashboard.start(reader, "127.0.0.1", port, Optional.empty()))
                .isInstanceOf(DashboardException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(dashboard, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Graft-Version")).isPresent();
        return new ObjectMapper().readTree(answer.body());
    }

    private static JsonNode trial(JsonNode sweep, String id) {
        for (JsonNode trial : sweep.path("trials")) {
            if (trial.path("id").asText().equals(id)) {
                return trial;
            }
        }
        throw new AssertionError("no trial " + id);
    }

    private static String error(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body()).path("error").asText();
    }

    private static HttpResponse<String> get(Dashboard at, String path) throws Exception {
        return send(request(at, path));
    }

    private static HttpRequest.Builder request(Dashboard at, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.port() + path));
    }

    private HttpRequest.Builder events() {
        return request(dashboard, "/api/v1/events").header("Accept", "text/event-stream");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
