package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.graft.analysis.Ranking;
import dev.graft.export.Bundle;
import dev.graft.export.TrialBundles;
import dev.graft.fetch.FolderTree;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    @Test
    void leavesOnlyBundlesBehind() throws IOException {
        export();
        try (var entries = Files.list(sweep.results().resolve("bundles"))) {
            assertThat(entries.map(file -> file.getFileName().toString()).collect(Collectors.toList()))
                    .containsExactly(best());
        }
    }
}
