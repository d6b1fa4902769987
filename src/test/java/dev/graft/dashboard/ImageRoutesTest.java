package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.track.Prediction;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageRoutesTest {

    private static final String ID = SampleRecord.FINISHED + "-2";
    private static final String IMAGES = "/api/v1/trials/" + ID + "/images";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private final FakeReader reader = SampleRecord.filled();
    private Dashboard dashboard;

    @BeforeAll
    static void draw() throws IOException {
        SampleImages.draw(SampleRecord.filled(), ID, folder.resolve("images"));
    }

    @BeforeEach
    void start() {
        SampleImages.lies(reader, SampleRecord.FINISHED, folder.resolve("images"));
        dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty());
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void areListedByClassesAndErrorsThroughAllPages() throws Exception {
        List<String> classes = reader.sweep(SampleRecord.FINISHED).classes();
        List<Prediction> predictions = reader.predictions(ID);
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            Prediction each = predictions.get(i);
            if (each.label() == 3 && each.predicted() != 3) {
                expected.add(i);
            }
        }
        List<Integer> found = new ArrayList<>();
        double last = 1;
        String cursor = "";
        while (cursor != null) {
            JsonNode page = json(IMAGES + "?label=" + classes.get(3) + "&wrong=true&limit=2" + cursor);
            assertThat(page.path("total").asInt()).isEqualTo(expected.size());
            assertThat(page.path("of").asInt()).isEqualTo(340);
            for (JsonNode image : page.path("images")) {
                Prediction recorded = predictions.get(image.path("position").asInt());
                assertThat(image.path("image").asText()).isEqualTo(recorded.image());
                assertThat(image.path("label").asText()).isEqualTo(classes.get(3));
                assertThat(image.path("predicted").asText()).isEqualTo(classes.get(recorded.predicted()));
                assertThat(image.path("state").asText()).isEqualTo("there");
                assertThat(image.path("confidence").asDouble()).isLessThanOrEqualTo(last);
                last = image.path("confidence").asDouble();
                found.add(image.path("position").asInt());
            }
            cursor = page.path("next").isNull()
                    ? null
                    : "&cursor=" + page.path("next").asText();
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected).isNotEmpty();
    }

    @Test
    void ofACellAreThoseOfBothClasses() throws Exception {
        JsonNode page = json(IMAGES + "?label=dress&predicted=dress&sort=position&limit=240");
        List<Integer> positions = new ArrayList<>();
        page.path("images")
                .forEach(image -> positions.add(image.path("position").asInt()));
        assertThat(positions).isSorted().hasSize(page.path("total").asInt());
        assertThat(positions)
                .allMatch(at -> reader.predictions(ID).get(at).label() == 0
                        && reader.predictions(ID).get(at).predicted() == 0);
    }

    @Test
    void areSmallJpegsThatAreKeptUntilTheyChange() throws Exception {
        HttpResponse<byte[]> answer = get(IMAGES + "/7?size=32");
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/jpeg");
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(image.getWidth()).isEqualTo(32);
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(get(IMAGES + "/7?size=32", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        Path file =
                folder.resolve("images").resolve(reader.predictions(ID).get(7).image());
        FileTime before = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        try {
            assertThat(get(IMAGES + "/7?size=32", "If-None-Match", tag).statusCode())
                    .isEqualTo(200);
        } finally {
            Files.setLastModifiedTime(file, before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?label=nonsense, 400, 'label must be a class of the sweep, but was nonsense'",
        "?wrong=perhaps, 400, 'wrong must be true or false, but was perhaps'",
        "?sort=up, 400, 'sort must be confident, doubtful or position, but was up'",
        "?limit=0, 400, 'limit must be a whole number from 1 to 240, but was 0'",
        "/340, 404, 'there is no image 340; the positions are 0 to 339'",
        "/-1, 404, 'there is no image -1; the positions are 0 to 339'",
        "/..%2Fsecret, 400, ",
        "/x, 400, 'an image is named by its position, a whole number from 0, but was x'",
        "/1?size=5000, 400, 'size must be a whole number from 16 to 1024, but was 5000'",
    })
    void areRefusedInWordsWhenTheyAreAskedForWrongly(String path, int status, String message) throws Exception {
        HttpResponse<byte[]> answer = get(IMAGES + path);
        assertThat(answer.statusCode()).isEqualTo(status);
        if (message != null) {
            assertThat(new ObjectMapper().readTree(answer.body()).path("error").asText())
                    .isEqualTo(message);
        }
    }

    @Test
    void thatAreNotThereAreListedButNotShown() throws Exception {
        SampleImages.lies(reader, SampleRecord.FINISHED, folder.resolve("nowhere"));
        JsonNode page = json(IMAGES + "?limit=1");
        assertThat(page.path("reason").asText())
                .isEqualTo("the folder " + folder.resolve("nowhere") + ", where the sweep read them, is not there");
        assertThat(page.at("/images/0/state").asText()).isEqualTo("missing");
        assertThat(get(IMAGES + "/0").statusCode()).isEqualTo(404);
    }

    @Test
    void ofTrialsWithoutPredictionsAreNone() throws Exception {
        String images = "/api/v1/trials/" + SampleRecord.RUNNING + "-20/images";
        assertThat(json(images).path("total").asInt()).isZero();
        assertThat(get(images + "/0").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/trials/none-1/images").statusCode()).isEqualTo(404);
    }
}
