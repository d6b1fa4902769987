package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.graft.analysis.Ranking;
import dev.graft.base.Catalogue;
import dev.graft.export.Bundle;
import dev.graft.export.ModelExporter;
import dev.graft.export.TrialBundles;
import dev.graft.fetch.FolderTree;
import dev.graft.run.Garbage;
import dev.graft.run.TrialModels;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The model of a trial in a real browser: a real sweep, a real export, real predictions. */
class ModelIT {

    private static final LocatorAssertions.IsVisibleOptions IN_A_MINUTE =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

    private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
    private static final byte[] NOTHING = {};

    @TempDir
    static Path folder;

    private static RealSweep sweep;

    @RegisterExtension
    final DashboardBrowser browser = new DashboardBrowser();

    private TrackReader reader;
    private TrialBundles bundles;
    private List<TrialRecord> ranked;

    @BeforeAll
    static void run() throws IOException {
        sweep = RealSweep.run(folder);
    }

    @BeforeEach
    void serve() throws IOException {
        FolderTree.delete(sweep.results().resolve("bundles"));
        reader = Tracking.openReadOnly(sweep.results());
        bundles = sweep.bundles(reader);
        SweepRecord record = reader.sweep(RealSweep.ID);
        ranked = Ranking.order(record, reader.trials(RealSweep.ID));
        browser.serve(new Content(reader, Optional.of(sweep.results()), Optional.of(bundles)));
    }

    @AfterEach
    void close() {
        bundles.close();
        reader.close();
    }

    private Page page() {
        return browser.page();
    }

    private String best() {
        return ranked.get(0).id();
    }

    private Locator tried() {
        return page().locator(".tried");
    }

    private Locator button(String name) {
        return page().getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private void export() {
        browser.go("/trials/" + best());
        button("Export the model").click();
        assertThat(page().getByText("Download the bundle")).isVisible(IN_A_MINUTE);
    }

    private static Path image() throws IOException {
        try (var files = Files.walk(sweep.home().data())) {
            return files.filter(file -> file.toString().endsWith("hat/000.png"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void isExportedShownDownloadedAndTried() throws IOException {
        browser.go("/trials/" + best());
        assertThat(page().locator(".thumb").first()).isVisible();
        browser.picture("model-before");
        browser.isAccessible();

        button("Export the model").click();
        assertThat(page().locator("graft-model [role='progressbar']")).isVisible();
        assertThat(page().getByText("Download the bundle")).isVisible(IN_A_MINUTE);

        Locator card = page().locator(".card-text");
        assertThat(card.locator("h3"))
                .hasText("garments, trial " + ranked.get(0).number());
        assertThat(card.locator("table").first()).containsText("validation");
        assertThat(card).containsText("Loaded again, the two differed by at most");

        Download download = page().waitForDownload(() -> page().getByRole(
                        AriaRole.LINK, new Page.GetByRoleOptions().setName("Download the bundle"))
                .click());
        assertThat(download.suggestedFilename()).isEqualTo(best() + ".zip");
        Path unpacked = unpack(download.path());

        Path image = image();
        page().locator("graft-model input[type=file]").setInputFiles(image);
        assertThat(tried()).hasCount(1);
        assertThat(tried().locator("strong")).isVisible();
        try (Bundle bundle = Bundle.open(unpacked, 1)) {
            float[] expected = bundle.predict(image);
            List<String> labels =
                    tried().locator(".likely").first().locator("dt").allInnerTexts();
            List<String> shares =
                    tried().locator(".likely").first().locator("dd span").allInnerTexts();
            assertThat(labels).hasSize(5);
            for (int i = 0; i < labels.size(); i++) {
                double shown = Double.parseDouble(shares.get(i).replaceAll("[^0-9.]", "")) / 100;
                assertThat(shown).isCloseTo(expected[bundle.labels().indexOf(labels.get(i))], within(0.0006));
            }
        }
        assertThat(tried()).containsText("000.png, 64 × 64 pixels");
        page().waitForFunction("() => document.querySelector('.tried img').naturalWidth === 32");
        browser.fits();
        browser.isAccessible();
        browser.picture("model-light");
    }

    private static Path unpack(Path archive) throws IOException {
        Path target = folder.resolve("unpacked");
        FolderTree.delete(target);
        Files.createDirectories(target);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (var entry : java.util.Collections.list(zip.entries())) {
                Path name = Path.of(entry.getName());
                Files.copy(zip.getInputStream(entry), target.resolve(name.getFileName()));
            }
        }
        return target;
    }

    @Test
    void looksAtWhatIsPastedAndDropped() throws IOException {
        export();
        String bytes = Base64.getEncoder().encodeToString(Files.readAllBytes(image()));
        String transfer = "const data = new DataTransfer(); const bytes = Uint8Array.from(atob('" + bytes
                + "'), (c) => c.charCodeAt(0)); data.items.add(new File([bytes], 'hat.png', { type: 'image/png' }));";
        page().evaluate(
                        "() => { " + transfer
                                + " document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }");
        assertThat(tried().locator("strong")).hasCount(1);
        String pasted = tried().first().locator("strong").innerText();

        page().evaluate(
                        "() => { " + transfer
                                + " document.querySelector('.zone').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); }");
        assertThat(tried().locator("strong")).hasCount(2);
        assertThat(tried().first().locator("strong")).hasText(pasted);

        page().evaluate("() => document.querySelector('.zone').dispatchEvent(new DragEvent('drop',"
                + " { dataTransfer: new DataTransfer(), bubbles: true, cancelable: true }))");
        assertThat(tried().first()).containsText("It is no file; save the image first");
    }

    @Test
    void saysWhatIsWrongWithWhatIsNoImage() {
        export();
        browser.expectProblem("422");
        Locator input = page().locator("graft-model input[type=file]");
        input.setInputFiles(
                new FilePayload("<b>notes</b>.png", "image/png", "no pixels at all".getBytes(StandardCharsets.UTF_8)));
        assertThat(tried().first()).containsText("<b>notes</b>.png: This is not a JPEG, PNG, GIF or BMP image.");
        input.setInputFiles(new FilePayload("empty.png", "image/png", new byte[0]));
        assertThat(tried().first()).containsText("It is empty.");
        input.setInputFiles(new FilePayload("large.png", "image/png", new byte[33 << 20]));
        assertThat(tried().first()).containsText("It is larger than 32 MiB, the most that is taken.");
        assertThat(tried()).hasCount(3);
        browser.isAccessible();
    }

    @Test
    void isThereAgainForWhoComesBack() {
        export();
        // The stream of events of the one that ends.
        browser.expectProblem("ERR_");
        browser.serve(new Content(reader, Optional.of(sweep.results()), Optional.of(sweep.bundles(reader))));
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {360, 1440, 2560}) {
                browser.open(width, 900, scheme);
                browser.go("/trials/" + best());
                assertThat(page().getByText("Download the bundle")).isVisible();
                page().locator("graft-model input[type=file]")
                        .setInputFiles(new FilePayload("hat.png", "image/png", bytes()));
                assertThat(tried().locator("strong")).isVisible();
                browser.fits();
                if (width == 360) {
                    browser.isAccessible();
                }
                browser.picture("model-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static byte[] bytes() {
        try {
            return Files.readAllBytes(image());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void ofATrialWhoseWeightsAreNotKeptCannotBeExported() {
        browser.go("/trials/" + ranked.get(2).id());
        assertThat(page().locator("graft-model .reason"))
                .containsText("its sweep keeps the weights of its 2 best trials (keep_models: 2)");
        assertThat(button("Export the model")).hasCount(0);
        browser.isAccessible();
        browser.picture("model-not-kept");
    }

    @Test
    void thatCannotBeExportedSaysWhyAndIsTriedAgain() throws IOException {
        Path model = sweep.results().resolve("models").resolve(best() + ".safetensors");
        byte[] whole = Files.readAllBytes(model);
        byte[] damaged = whole.clone();
        damaged[damaged.length - 1] ^= 1;
        Files.write(model, damaged);
        try {
            browser.go("/trials/" + best());
            button("Export the model").click();
            assertThat(page().locator("graft-model .notice")).isVisible(IN_A_MINUTE);
            assertThat(page().locator("graft-model .notice")).containsText("are damaged");
            browser.isAccessible();
            browser.picture("model-failed");
        } finally {
            Files.write(model, whole);
        }
        button("Try again").click();
        assertThat(page().getByText("Download the bundle")).isVisible(IN_A_MINUTE);
    }

    private static HttpRequest.Builder to(String address) {
        // As from a page of its own.
        return HttpRequest.newBuilder(URI.create(address)).header("Sec-Fetch-Site", "same-origin");
    }

    /** Sends a request, and holds what is answered to the description of the API. */
    private JsonNode described(String method, String path, String address, int status, byte[] body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        to(browser.address(Routes.API + address))
                                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        DOCUMENT.check(method, path, status, answer.body());
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void answersAsTheApiIsDescribed() throws IOException, InterruptedException {
        String path = "/trials/{id}/model";
        String model = "/trials/" + best() + "/model";
        assertThat(described("GET", path, model, 200, NOTHING).path("state").asText())
                .isEqualTo("none");
        described("POST", path, model, 202, NOTHING);
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        JsonNode state = described("GET", path, model, 200, NOTHING);
        while (state.path("state").asText().equals("exporting")) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
            state = described("GET", path, model, 200, NOTHING);
        }
        assertThat(state.path("state").asText()).isEqualTo("ready");
        assertThat(state.path("bytes").asLong()).isPositive();
        assertThat(state.path("card").asText()).startsWith("<h3>garments");

        JsonNode predicted = described("POST", path + "/predict", model + "/predict", 200, Files.readAllBytes(image()));
        assertThat(predicted.path("classes")).hasSizeGreaterThan(5);
        assertThat(predicted.path("seen").asText()).startsWith("data:image/jpeg;base64,");
    }

    @Test
    void isDeletedWithItsSweepAsTheApiIsDescribed() throws IOException, InterruptedException {
        export();
        Path copy = folder.resolve("copy");
        try (var files = Files.walk(sweep.results())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(sweep.results().relativize(file).toString()));
            }
        }
        browser.expectProblem("ERR_");
        try (TrackReader copied = Tracking.openReadOnly(copy);
                TrialBundles others = new RealSweep(copy, sweep.home()).bundles(copied)) {
            browser.serve(new Content(copied, Optional.of(copy), Optional.of(others)));
            assertThat(others.status(ranked.get(0)).state()).isEqualTo(TrialBundles.State.READY);
            others.predict(best(), Files.readAllBytes(image()));
            String address = "/sweeps/" + RealSweep.ID;
            JsonNode found = described("GET", "/sweeps/{id}/deletion", address + "/deletion", 200, NOTHING);
            assertThat(found.at("/bundles/bytes").asLong())
                    .isEqualTo(bundles.status(ranked.get(0)).bytes());
            assertThat(described("DELETE", "/sweeps/{id}", address, 200, NOTHING))
                    .isEqualTo(found);
        }
        assertThat(copy.resolve("bundles")).isEmptyDirectory();
        assertThat(copy.resolve("models")).isEmptyDirectory();
    }

    /** Looks for garbage in the middle of an export, when the predictions are asked for. */
    @Test
    void staysWhileItIsWrittenWhenGarbageIsCollected() {
        Garbage garbage = new Garbage(
                sweep.results(),
                sweep.home(),
                new Catalogue(List.of()),
                new Garbage.Wanted(OptionalLong.empty(), false, OptionalInt.empty()),
                InstantSource.system());
        Path directory = sweep.results().resolve("bundles");
        List<String> halfWritten = new ArrayList<>();
        TrackReader looking = (TrackReader) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {TrackReader.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("predictions")) {
                        assertThat(garbage.free().items()).isEmpty();
                        try (var entries = Files.list(directory)) {
                            entries.filter(Files::isDirectory)
                                    .forEach(entry ->
                                            halfWritten.add(entry.getFileName().toString()));
                        }
                    }
                    return method.invoke(reader, arguments);
                });
        Path bundle = directory.resolve(best());
        new ModelExporter(
                        looking,
                        new TrialModels(sweep.results()),
                        new Catalogue(List.of()),
                        sweep.home(),
                        RealSweep.THREADS)
                .export(ranked.get(0), bundle);
        assertThat(halfWritten).singleElement().asString().startsWith("." + best() + ".part-");
        assertThat(directory).isDirectoryNotContaining("glob:**/.*");
        assertThat(bundle).isDirectoryContaining("glob:**/model.onnx");
        assertThat(garbage.free().items()).isEmpty();
    }

    @Test
    void leavesOnlyBundlesBehind() throws IOException {
        export();
        try (var entries = Files.list(sweep.results().resolve("bundles"))) {
            assertThat(entries.map(file -> file.getFileName().toString()).collect(Collectors.toList()))
                    .containsExactly(best());
        }
    }
}
