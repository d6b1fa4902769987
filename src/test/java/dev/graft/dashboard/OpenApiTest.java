package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.graft.base.Catalogue;
import dev.graft.dashboard.OpenApiDocument.Operation;
import dev.graft.export.ModelExporter;
import dev.graft.export.TrialBundles;
import dev.graft.run.Home;
import dev.graft.run.TrialModels;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the API to its description, and the description to the API. */
class OpenApiTest {

    private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String LARGE = "/sweeps/" + RecordedSweeps.LARGE;
    private static final String SMALL = "/sweeps/" + RecordedSweeps.SMALL;
    private static final String RUNNING = "/sweeps/" + RecordedSweeps.RUNNING;
    private static final String TRIAL = "/trials/" + RecordedSweeps.LARGE + "-1";

    /** What is asked for in the tests: the first of each path is rich in what parameters choose from. */
    private static final Map<String, List<String>> EXAMPLES = Map.ofEntries(
            entry("/sweeps", List.of("/sweeps")),
            entry("/sweeps/{id}", List.of(LARGE, SMALL, RUNNING, "/sweeps/latest")),
            entry("/sweeps/{id}/annotation", List.of(LARGE + "/annotation", SMALL + "/annotation")),
            entry("/sweeps/{id}/deletion", List.of(SMALL + "/deletion", RUNNING + "/deletion")),
            entry("/sweeps/{id}/trials", List.of(LARGE + "/trials", SMALL + "/trials", RUNNING + "/trials")),
            entry("/sweeps/{id}/trials.csv", List.of(LARGE + "/trials.csv")),
            entry("/sweeps/{id}/trials.json", List.of(LARGE + "/trials.json", SMALL + "/trials.json")),
            entry(
                    "/sweeps/{id}/matching",
                    List.of(LARGE + "/matching", SMALL + "/matching?filter=base", SMALL + "/matching?filter=%3D%3D")),
            entry(
                    "/sweeps/{id}/groups",
                    List.of(
                            LARGE + "/groups?by=base",
                            SMALL + "/groups?by=base,learning_rate",
                            SMALL + "/groups?by=dropout&metric=nothing")),
            entry(
                    "/sweeps/{id}/curves",
                    List.of(LARGE + "/curves", SMALL + "/curves", RUNNING + "/curves?metric=val_loss")),
            entry(
                    "/sweeps/{id}/points",
                    List.of(
                            LARGE + "/points?x=seconds&y=val_accuracy",
                            SMALL + "/points?x=learning_rate&y=val_loss",
                            RUNNING + "/points")),
            entry(
                    "/sweeps/{id}/importance",
                    List.of(
                            LARGE + "/importance?filter=number+%3C%3D+100",
                            SMALL + "/importance",
                            SMALL + "/importance?filter=number+%3D+1")),
            entry("/sweeps/{id}/timeline", List.of(LARGE + "/timeline", SMALL + "/timeline", RUNNING + "/timeline")),
            entry(
                    "/trials/{id}",
                    List.of(
                            TRIAL,
                            trial(RecordedSweeps.LARGE, 7),
                            trial(RecordedSweeps.SMALL, 1),
                            trial(RecordedSweeps.SMALL, 4),
                            trial(RecordedSweeps.SMALL, 7),
                            trial(RecordedSweeps.SMALL, 9),
                            trial(RecordedSweeps.SMALL, 12),
                            trial(RecordedSweeps.RUNNING, 10),
                            trial(RecordedSweeps.RUNNING, 24))),
            entry(
                    "/trials/{id}/images",
                    List.of(
                            TRIAL + "/images",
                            trial(RecordedSweeps.SMALL, 4) + "/images",
                            TRIAL + "/images?limit=240")),
            entry("/trials/{id}/images/{position}", List.of(TRIAL + "/images/0")),
            entry("/trials/{id}/model", List.of(TRIAL + "/model", trial(RecordedSweeps.SMALL, 4) + "/model")),
            entry(
                    "/compare",
                    List.of(
                            compare(RecordedSweeps.LARGE + "-1", RecordedSweeps.LARGE + "-2"),
                            compare(RecordedSweeps.SMALL + "-1", RecordedSweeps.SMALL + "-4"),
                            compare(
                                    RecordedSweeps.SMALL + "-1",
                                    RecordedSweeps.SMALL + "-2",
                                    RecordedSweeps.LARGE + "-3",
                                    RecordedSweeps.SMALL + "-12"))),
            entry("/openapi.json", List.of("/openapi.json")));

    /** Values with which the answers to the first examples change. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("filter", "number < 9"),
            entry("brush", "number < 9"),
            entry("hidden", "true"),
            entry("sort", "dropout"),
            entry("order", "desc"),
            entry("limit", "3"),
            entry("cursor", "2"),
            entry("metric", "val_loss"),
            entry("by", "dropout"),
            entry("x", "number"),
            entry("y", "number"),
            entry("label", "hat"),
            entry("predicted", "hat"),
            entry("wrong", "true"),
            entry("trials", RecordedSweeps.LARGE + "-3," + RecordedSweeps.LARGE + "-4"),
            entry("reference", RecordedSweeps.LARGE + "-2"));

    @TempDir
    static Path folder;

    private static TrackReader reader;
    private static TrialBundles bundles;
    private static Dashboard dashboard;

    private static String trial(String sweep, int number) {
        return "/trials/" + sweep + "-" + number;
    }

    private static String compare(String... trials) {
        return "/compare?trials=" + String.join(",", trials);
    }

    @BeforeAll
    static void serve() throws Exception {
        try (RecordedSweeps sweeps = RecordedSweeps.open(folder)) {
            sweeps.large();
            sweeps.small();
            sweeps.running();
        }
        reader = Tracking.openAsItStands(folder, InstantSource.system());
        bundles = new TrialBundles(
                folder,
                trial -> new ModelExporter(
                        reader, new TrialModels(folder), new Catalogue(List.of()), new Home(folder.resolve("home")), 1),
                1);
        dashboard = Dashboard.start(
                new Content(reader, Optional.of(folder), Optional.of(bundles)),
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of());
        send("PATCH", "/trials/" + RecordedSweeps.LARGE + "-1", "{\"hidden\": true}");
        send("PATCH", SMALL, "{\"name\": \"Coats\", \"tags\": [\"best\"], \"notes\": \"*warm*\", \"archived\": true}");
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        bundles.close();
        reader.close();
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        String origin = "http://127.0.0.1:" + dashboard.port();
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(origin + Routes.API + path))
                        .header("Origin", origin)
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** Returns an address with a parameter of its query changed. */
    private static String with(String address, String name, String value) {
        List<String> parts = new ArrayList<>();
        int query = address.indexOf('?');
        if (query >= 0) {
            Stream.of(address.substring(query + 1).split("&"))
                    .filter(part -> !part.startsWith(name + "="))
                    .forEach(parts::add);
        }
        parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return (query < 0 ? address : address.substring(0, query)) + "?" + String.join("&", parts);
    }

    private static String example(Operation operation) {
        return EXAMPLES.getOrDefault(operation.path(), List.of(operation.path()))
                .get(0);
    }

    private static List<Operation> reads() {
        return DOCUMENT.operations().stream()
                .filter(each -> each.method().equals("GET"))
                .toList();
    }

    @Nested
    class TheDocument {

        @Test
        void isServedAsItIs() throws Exception {
            assertThat(new ObjectMapper().readTree(get("/openapi.json"))).isEqualTo(DOCUMENT.document());
            assertThat(DOCUMENT.document().path("openapi").asText()).startsWith("3.1.");
            assertThat(DOCUMENT.document().at("/servers/0/url").asText()).isEqualTo(Routes.API);
        }

        @Test
        void hasExactlyTheRoutesThatThereAre() {
            List<String> routes = new ArrayList<>();
            Javalin.create(config -> new Api(Content.of(new FakeReader()))
                    .addTo(config.routes)
                    .put()
                    .forEach(put -> routes.add(put.method() + " " + put.path())));
            routes.add("GET " + EventServlet.PATH.substring(Routes.API.length()));

            assertThat(DOCUMENT.operations().stream().map(Operation::toString))
                    .containsExactlyInAnyOrderElementsOf(routes);
        }

        @Test
        void hasExactlyTheQueryParametersThatTheCodeReads() throws IOException {
            Pattern read = Pattern.compile("\\b(?:parameter|number|filter)\\(\\s*request,\\s*\"([a-z_]+)\"");
            Set<String> names = new TreeSet<>();
            try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/graft/dashboard"))) {
                for (Path file : files.toList()) {
                    Matcher found = read.matcher(Files.readString(file));
                    while (found.find()) {
                        names.add(found.group(1));
                    }
                }
            }
            Set<String> described = new TreeSet<>();
            DOCUMENT.operations()
                    .forEach(operation -> DOCUMENT.parameters(operation, "query")
                            .forEach(each -> described.add(each.path("name").asText())));

            assertThat(described).isEqualTo(names);
        }

        @Test
        void declaresTheParametersOfEveryPath() {
            for (Operation operation : DOCUMENT.operations()) {
                List<String> named = new ArrayList<>();
                Matcher braces = Pattern.compile("\\{([^}]+)}").matcher(operation.path());
                while (braces.find()) {
                    named.add(braces.group(1));
                }
                List<JsonNode> declared = DOCUMENT.parameters(operation, "path");
                assertThat(declared.stream().map(each -> each.path("name").asText()))
                        .as("%s", operation)
                        .containsExactlyElementsOf(named);
                assertThat(declared).allMatch(each -> each.path("required").asBoolean());
            }
        }

        @Test
        void saysOfEveryOperationWhatItIs() {
            List<String> tags = new ArrayList<>();
            DOCUMENT.document()
                    .path("tags")
                    .forEach(tag -> tags.add(tag.path("name").asText()));
            Set<String> ids = new HashSet<>();
            for (Operation operation : DOCUMENT.operations()) {
                JsonNode node = operation.node();
                assertThat(node.path("summary").asText()).as("%s", operation).isNotEmpty();
                assertThat(ids.add(node.path("operationId").asText()))
                        .as("%s", operation)
                        .isTrue();
                assertThat(tags).contains(node.path("tags").path(0).asText());
                assertThat(node.path("responses").has("default"))
                        .as("%s", operation)
                        .isTrue();
                node.path("responses")
                        .forEach(each -> assertThat(DOCUMENT.resolved(each)
                                        .path("description")
                                        .asText())
                                .as("%s", operation)
                                .isNotEmpty());
                for (String in : List.of("path", "query", "header")) {
                    for (JsonNode parameter : DOCUMENT.parameters(operation, in)) {
                        assertThat(parameter.path("description").asText()).isNotEmpty();
                        assertThat(parameter.has("schema")).isTrue();
                    }
                }
            }
        }

        @Test
        void refersToNothingButWhatIsThereAndToAllOfIt() {
            Set<String> used = new TreeSet<>();
            DOCUMENT.document().findValuesAsText("$ref").forEach(used::add);
            Set<String> there = new TreeSet<>();
            for (String kind : List.of("parameters", "headers", "responses", "schemas")) {
                DOCUMENT.document()
                        .at("/components/" + kind)
                        .fieldNames()
                        .forEachRemaining(name -> there.add("#/components/" + kind + "/" + name));
            }
            assertThat(used).isEqualTo(there);
        }

        @Test
        void hasSchemasThatAreSchemas() {
            Schema meta = SchemaRegistry.withDialect(Dialects.getDraft202012())
                    .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
            DOCUMENT.document().at("/components/schemas").properties().forEach(schema -> {
                assertThat(meta.validate(schema.getValue())).as(schema.getKey()).isEmpty();
                JsonNode properties = schema.getValue().path("properties");
                schema.getValue()
                        .path("required")
                        .forEach(name -> assertThat(properties.has(name.asText()))
                                .as("%s of %s", name, schema.getKey())
                                .isTrue());
            });
        }
    }

    @Nested
    class Answers {

        static Stream<Operation> inJson() {
            return reads().stream()
                    .filter(each -> each.node().at("/responses/200/content").has("application/json"));
        }

        @ParameterizedTest
        @MethodSource("inJson")
        void areAsDescribed(Operation operation) throws Exception {
            assertThat(EXAMPLES).containsKey(operation.path());
            for (String address : EXAMPLES.get(operation.path())) {
                DOCUMENT.check("GET", operation.path(), 200, get(address));
            }
        }

        @Test
        void withAnythingElseWouldBeNoticed() throws Exception {
            ObjectNode sweep = (ObjectNode) new ObjectMapper().readTree(get(SMALL + "/trials"));
            ((ObjectNode) sweep.path("trials").path(0)).put("news", 1);
            assertThatThrownBy(() -> DOCUMENT.check("GET", "/sweeps/{id}/trials", 200, sweep.toString()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("news");
        }

        @ParameterizedTest
        @MethodSource("inJson")
        void areKnownByTheirTagsWhereThatIsDescribed(Operation operation) throws Exception {
            HttpResponse<String> answer = send("GET", example(operation), "");
            boolean tagged = answer.headers().firstValue("ETag").isPresent();
            assertThat(operation.node().at("/responses/200/headers").has("ETag"))
                    .isEqualTo(tagged);
            assertThat(operation.node().path("responses").has("304")).isEqualTo(tagged);
        }

        static Stream<Operation> ofSomething() {
            return DOCUMENT.operations().stream().filter(each -> each.path().contains("{id}"));
        }

        @ParameterizedTest
        @MethodSource("ofSomething")
        void sayThatThereIsNoSuchThing(Operation operation) throws Exception {
            String path = operation.path().replace("{id}", "nothing-1").replace("{position}", "0");
            HttpResponse<String> answer =
                    send(operation.method(), path, operation.method().equals("GET") ? "" : "{}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
            assertThat(operation.node().path("responses").has("404")).isTrue();
            DOCUMENT.check(operation.method(), operation.path(), 404, answer.body());
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        PATCH  | /sweeps/{id}               | /sweeps/small012            | {"tags": ["a"]}  | 200
                        PATCH  | /sweeps/{id}               | /sweeps/small012            | {"tags": 1}      | 400
                        PATCH  | /trials/{id}               | /trials/small012-2          | {"pinned": true} | 200
                        PATCH  | /trials/{id}               | /trials/small012-2          | []               | 400
                        POST   | /notes/preview             | /notes/preview              | {"notes": "*a*"} | 200
                        POST   | /notes/preview             | /notes/preview              | {"text": ""}     | 400
                        POST   | /trials/{id}/model         | /trials/small012-4/model    | {}               | 409
                        POST   | /trials/{id}/model/predict | /trials/small012-1/model/predict | {}          | 409
                        DELETE | /sweeps/{id}               | /sweeps/small               | {}               | 400
                        """)
        void toChangesAreAsDescribed(String method, String path, String address, String body, int status)
                throws Exception {
            HttpResponse<String> answer = send(method, address, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(DOCUMENT.operation(method, path).node().path("responses").has("" + status))
                    .isTrue();
            DOCUMENT.check(method, path, status, answer.body());
        }
    }

    @Nested
    class QueryParameters {

        static Stream<Arguments> all() {
            return reads().stream()
                    .flatMap(operation -> DOCUMENT.parameters(operation, "query").stream()
                            .map(each -> Arguments.of(operation, each)));
        }

        static Stream<Arguments> withNonsense() {
            return all().flatMap(each -> nonsense((JsonNode) each.get()[1]).stream()
                    .map(value -> Arguments.of(
                            each.get()[0],
                            ((JsonNode) each.get()[1]).path("name").asText(),
                            value)));
        }

        private static List<String> nonsense(JsonNode parameter) {
            JsonNode schema = parameter.path("schema");
            List<String> values = new ArrayList<>();
            switch (schema.path("type").asText()) {
                case "integer" -> {
                    values.addAll(List.of("x", "1.5"));
                    values.add(String.valueOf(schema.path("minimum").asLong() - 1));
                    values.add(String.valueOf(schema.path("maximum").asLong() + 1));
                }
                case "boolean" -> values.add("perhaps");
                case "array" -> {
                    values.add(String.join(",", names(schema.path("minItems").asInt() - 1)));
                    values.add(String.join(",", names(schema.path("maxItems").asInt() + 1)));
                }
                default -> {
                    // Free texts that stand for something of the sweep are nonsense, too, where it has no such thing.
                    if (!parameter.path("name").asText().equals("metric")) {
                        values.add("nothing = = nothing");
                    }
                }
            }
            return values;
        }

        private static List<String> names(int count) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("name" + i);
            }
            return names;
        }

        @ParameterizedTest
        @MethodSource("withNonsense")
        void areRefusedWhenTheyAreNone(Operation operation, String name, String value) throws Exception {
            String address = with(example(operation), name, value);
            if (operation.path().endsWith("/matching") && !name.equals("hidden")) {
                assertThat(get(address)).contains("\"problem\":{");
                return;
            }
            HttpResponse<String> answer = send("GET", address, "");
            assertThat(answer.statusCode()).as(address + answer.body()).isEqualTo(400);
            assertThat(operation.node().path("responses").has("400")).isTrue();
            DOCUMENT.check("GET", operation.path(), 400, answer.body());
        }

        static Stream<Arguments> thatAreRead() {
            return all().filter(
                            // Needs images; has a test of its own.
                            each -> !((JsonNode) each.get()[1])
                                    .path("name")
                                    .asText()
                                    .equals("size"));
        }

        @ParameterizedTest
        @MethodSource("thatAreRead")
        void changeTheAnswerAndHaveTheirDefaults(Operation operation, JsonNode parameter) throws Exception {
            String name = parameter.path("name").asText();
            String address = example(operation);
            String usual = get(address);

            JsonNode allowed = parameter.path("schema").path("enum");
            String other =
                    allowed.isMissingNode() ? OTHERS.get(name) : allowed.get(1).asText();
            assertThat(other).as("another value of " + name).isNotNull();
            assertThat(get(with(address, name, other))).isNotEqualTo(usual);
            if (parameter.path("schema").has("default")) {
                assertThat(get(with(
                                address, name, parameter.at("/schema/default").asText())))
                        .isEqualTo(usual);
            }
        }

        @Test
        void chooseTheSizeOfImages() throws Exception {
            JsonNode size = DOCUMENT.parameters(DOCUMENT.operation("GET", "/trials/{id}/images/{position}"), "query")
                    .get(0);
            FakeReader sample = SampleRecord.filled();
            String id = SampleRecord.FINISHED + "-2";
            SampleImages.draw(sample, id, folder.resolve("sample").resolve("images"));
            try (Dashboard images = Dashboard.start(sample, "127.0.0.1", 0, Optional.empty())) {
                String address = "http://127.0.0.1:" + images.port() + Routes.API + "/trials/" + id + "/images/0";
                String usual = bytes(address);
                assertThat(bytes(address + "?size=" + size.at("/schema/default").asText()))
                        .isEqualTo(usual);
                assertThat(bytes(address + "?size=" + size.at("/schema/minimum").asText()))
                        .isNotEqualTo(usual);
            }
        }

        private static String bytes(String address) throws IOException, InterruptedException {
            HttpResponse<byte[]> answer =
                    CLIENT.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/jpeg");
            return new String(answer.body(), StandardCharsets.ISO_8859_1);
        }
    }
}
