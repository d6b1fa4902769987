package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.track.AttemptRecord;
import dev.graft.track.AttemptState;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page of one trial in a real browser. */
class TrialPageIT {

    private static final String ID = SampleRecord.FINISHED + "-2";
    private static final String TRIAL = "/trials/" + ID;

    @TempDir
    static Path folder;

    @RegisterExtension
    final DashboardBrowser browser = new DashboardBrowser();

    private final FakeReader reader = SampleRecord.filled();

    @BeforeAll
    static void draw() throws IOException {
        SampleImages.draw(SampleRecord.filled(), ID, folder.resolve("images"));
    }

    @BeforeEach
    void start() {
        SampleImages.lies(reader, SampleRecord.FINISHED, folder.resolve("images"));
        browser.serve(reader);
    }

    private Page page() {
        return browser.page();
    }

    private Locator cell(int row, int column) {
        return page().locator("[data-at='" + row + "," + column + "']");
    }

    private Locator thumbs() {
        return page().locator(".thumb");
    }

    private Locator shown() {
        return page().locator("dialog.large[open]");
    }

    private Locator button(String name) {
        return page().getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Requires that every image of the gallery that has come into view is drawn. */
    private void imagesAreDrawn() {
        thumbs().first().scrollIntoViewIfNeeded();
        page().waitForFunction("() => [...document.querySelectorAll('.thumb img')].slice(0, 6)"
                + ".every((image) => image.complete && image.naturalWidth > 0)");
    }

    /** Returns a wrong cell with images, as row and column. */
    private int[] mistakenCell() {
        Object at = page().evaluate("() => [...document.querySelectorAll('.confusion [data-at]')]"
                + ".find((cell) => !cell.hasAttribute('data-right') && !cell.hasAttribute('data-none')).dataset.at");
        String[] parts = at.toString().split(",");
        return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
    }

    @Nested
    class TheMatrix {

        @Test
        void showsTheImagesOfACell() {
            browser.go(TRIAL);
            imagesAreDrawn();
            assertThat(page().locator("#images")).hasText("Most confident mistakes");
            int[] at = mistakenCell();
            int count = Integer.parseInt(cell(at[0], at[1]).innerText());
            List<String> classes = reader.sweep(SampleRecord.FINISHED).classes();

            cell(at[0], at[1]).click();

            assertThat(page().locator("#images")).hasText(classes.get(at[0]) + " taken for " + classes.get(at[1]));
            assertThat(thumbs()).hasCount(Math.min(24, count));
            assertThat(thumbs().first().locator("dl")).containsText("is" + classes.get(at[0]));
            imagesAreDrawn();
            assertThat(page())
                    .hasURL(Pattern.compile("label=" + classes.get(at[0]) + "&predicted=" + classes.get(at[1])));

            page().reload();

            assertThat(page().locator("#images")).hasText(classes.get(at[0]) + " taken for " + classes.get(at[1]));
            assertThat(page().locator("td[aria-selected='true'] button")).hasCount(1);
            cell(at[0], at[1]).click();
            assertThat(page().locator("#images")).hasText("Most confident mistakes");
            assertThat(page()).hasURL(Pattern.compile(TRIAL + "$"));
        }

        @Test
        void isWalkedWithTheKeyboard() {
            browser.go(TRIAL);
            cell(0, 0).focus();
            for (String key : List.of("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home")) {
                page().keyboard().press(key);
            }
            assertThat(cell(1, 0)).isFocused();
            page().keyboard().press("ArrowRight");
            page().keyboard().press("Enter");
            assertThat(page().locator("#images")).hasText("hat, recognised");
            assertThat(cell(1, 1)).isFocused();
            page().keyboard().press("Control+End");
            assertThat(cell(9, 9)).isFocused();
            // One stop for all cells.
            page().keyboard().press("Tab");
            assertThat(page().locator(".pairs button").first()).isFocused();
        }

        @Test
        void keepsInTheAddressWhatItsCellsShow() {
            browser.go(TRIAL);
            button("Rates").click();
            assertThat(button("Rates")).hasAttribute("aria-pressed", "true");
            assertThat(page()).hasURL(Pattern.compile("cells=rates"));
            page().reload();
            assertThat(button("Rates")).hasAttribute("aria-pressed", "true");
            assertThat(cell(0, 0)).hasText(Pattern.compile("^\\d+$"));
        }

        @Test
        void leadsFromAPairToItsImages() {
            browser.go(TRIAL);
            Locator pair = page().locator(".pairs button").first();
            String words = pair.innerText();
            pair.click();
            assertThat(page().locator("#images")).hasText(words);
        }
    }

    @Nested
    class TheClasses {

        @Test
        void areSortedByWhatIsAsked() {
            browser.go(TRIAL);
            Locator first = page().locator(".classes tbody th").first();
            assertThat(first).hasText("dress");
            page().getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("F1"))
                    .click();
            assertThat(page()).hasURL(Pattern.compile("classes=f1"));
            List<String> values =
                    page().locator(".classes tbody td:nth-child(4) span").allInnerTexts();
            List<Double> numbers = values.stream()
                    .map(text -> Double.parseDouble(text.replaceAll("[^0-9.]", "")))
                    .toList();
            assertThat(numbers).isSorted().hasSize(10);
        }

        @Test
        void showTheirMistakes() {
            browser.go(TRIAL);
            page().locator(".classes tbody th button").nth(3).click();
            assertThat(page().locator("#images")).hasText("outwear taken for something else");
            for (String text : thumbs().locator("dl").allInnerTexts()) {
                assertThat(text.replaceAll("\\s+", " "))
                        .startsWith("is outwear predicted")
                        .doesNotContain("predicted outwear");
            }
        }
    }

    @Nested
    class TheImages {

        @Test
        void openLargeAndStepByKeyboard() {
            browser.go(TRIAL);
            imagesAreDrawn();
            Locator second = thumbs().nth(1).locator("button");
            second.focus();
            page().keyboard().press("Enter");
            assertThat(shown()).isVisible();
            assertThat(shown()).containsText("2 of");
            assertThat(page()).hasURL(Pattern.compile("image=\\d+"));
            String file = shown().locator(".path").innerText();
            page().keyboard().press("ArrowRight");
            assertThat(shown()).containsText("3 of");
            page().keyboard().press("ArrowLeft");
            assertThat(shown().locator(".path")).hasText(file);
            browser.picture("trial-image-large", false);
            browser.isAccessible();
            page().keyboard().press("Escape");
            assertThat(shown()).hasCount(0);
            assertThat(page()).hasURL(Pattern.compile(TRIAL + "$"));
            assertThat(second).isFocused();
        }

        @Test
        void areFoundByTheirAddressEvenOnAnotherPage() {
            browser.go(TRIAL + "?image=339");
            assertThat(shown()).isVisible();
            assertThat(shown().locator(".path"))
                    .hasText(reader.predictions(ID).get(339).image());
            shown().getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Close"))
                    .click();
            assertThat(shown()).hasCount(0);
            browser.go(TRIAL + "?image=no-such");
            assertThat(thumbs()).hasCount(24);
            assertThat(shown()).hasCount(0);
        }

        @Test
        void comeByPagesInTheOrderThatIsAsked() {
            browser.go(TRIAL);
            assertThat(thumbs()).hasCount(24);
            button("Show 24 more").click();
            assertThat(thumbs()).hasCount(48);
            List<Integer> sure = sureness();
            assertThat(sure).isSortedAccordingTo((a, b) -> b - a);
            button("Least sure first").click();
            assertThat(page().locator("#images")).hasText("Least confident mistakes");
            assertThat(thumbs()).hasCount(24);
            assertThat(page()).hasURL(Pattern.compile("order=doubtful"));
            assertThat(sureness()).isSorted();
        }

        private List<Integer> sureness() {
            return page().locator(".thumb .sure").allInnerTexts().stream()
                    .map(text -> Integer.valueOf(text.replaceAll("[^0-9]", "")))
                    .toList();
        }

        @Test
        void areLoadedWhenTheyComeIntoViewAndMoveNothing() {
            page().addInitScript("window.shift = 0; new PerformanceObserver((list) => list.getEntries()"
                    + ".forEach((entry) => { window.shift += entry.hadRecentInput ? 0 : entry.value; }))"
                    + ".observe({ type: 'layout-shift', buffered: true });");
            browser.go(TRIAL);
            assertThat(thumbs()).hasCount(24);
            for (int y = 0; y < 3000; y += 300) {
                page().mouse().wheel(0, 300);
                page().waitForTimeout(60);
            }
            imagesAreDrawn();
            assertThat(((Number) page().evaluate("Number(window.shift)")).doubleValue())
                    .as("layout shift")
                    .isLessThan(0.05);
        }

        @Test
        void thatAreGoneOrOthersNowAreSaidToBe() throws IOException {
            Path images = folder.resolve("some");
            FakeReader own = SampleRecord.filled();
            SampleImages.draw(own, ID, images);
            List<dev.graft.track.Prediction> mistakes = own.predictions(ID).stream()
                    .filter(prediction -> prediction.label() != prediction.predicted())
                    .sorted((a, b) -> Double.compare(b.confidence(), a.confidence()))
                    .toList();
            Files.delete(images.resolve(mistakes.get(0).image()));
            Files.setLastModifiedTime(images.resolve(mistakes.get(1).image()), FileTime.from(Instant.now()));
            Path broken = images.resolve(mistakes.get(2).image());
            Files.writeString(broken, "no pixels", StandardCharsets.UTF_8);
            Files.setLastModifiedTime(broken, FileTime.from(Instant.now().minusSeconds(9 * 86400)));
            browser.serve(own);
            browser.expectProblem("422");

            browser.go(TRIAL);

            assertThat(thumbs().nth(0)).containsText("is not there any more");
            assertThat(thumbs().nth(1)).containsText("newer file");
            thumbs().nth(2).scrollIntoViewIfNeeded();
            assertThat(thumbs().nth(2)).containsText("is not a JPEG, PNG, GIF or BMP image");
            page().waitForFunction(
                            "() => document.querySelectorAll('.thumb')[3].querySelector('img').naturalWidth > 0");
            browser.picture("trial-images-gone");
            browser.isAccessible();
        }

        @Test
        void ofAFolderThatIsGoneAreATable() {
            SampleImages.lies(reader, SampleRecord.FINISHED, folder.resolve("nowhere"));
            browser.go(TRIAL);
            assertThat(page().getByText("The images themselves cannot be shown"))
                    .isVisible();
            assertThat(page().locator("#gallery table tbody tr")).hasCount(24);
            assertThat(page().locator("#gallery img")).hasCount(0);
            browser.isAccessible();
        }
    }

    @Nested
    class OtherTrials {

        @Test
        void saysWhyATrialFailedAndWhatItsWorkerSaid() {
            String id = SampleRecord.FINISHED + "-9";
            Instant began = Instant.now().minusSeconds(9000);
            reader.attempt(
                    id,
                    List.of(
                            attempt(
                                    id,
                                    1,
                                    AttemptState.CRASHED,
                                    "crashed in native code: SIGSEGV in libnd4jcpu.so",
                                    began),
                            attempt(
                                    id,
                                    2,
                                    AttemptState.CRASHED,
                                    "killed by the system (SIGKILL): out of memory",
                                    began.plusSeconds(70))));
            browser.go("/trials/" + id);
            Locator attempts = page().locator(".attempts > li");
            assertThat(attempts).hasCount(2);
            assertThat(attempts.nth(0)).containsText("SIGSEGV in libnd4jcpu.so");
            assertThat(attempts.nth(1)).containsText("took 1 min 1 s");
            assertThat(attempts.nth(1).locator("pre")).isVisible();
            assertThat(page().locator("graft-model")).hasCount(0);
            browser.picture("trial-crashed");
            browser.isAccessible();
        }

        private AttemptRecord attempt(String id, int number, AttemptState state, String reason, Instant began) {
            return new AttemptRecord(
                    id,
                    number,
                    state,
                    reason,
                    "epoch 4 of 12\n# A fatal error has been detected by the Java Runtime Environment:\n#  " + reason,
                    "worker 1, process 4711",
                    number == 2,
                    began,
                    Optional.of(began.plusSeconds(61)));
        }

        @Test
        void namesTheTrialsThatShareItsFeatures() {
            browser.go(TRIAL);
            Locator relatives = page().locator(".relative");
            assertThat(relatives.first()).isVisible();
            String number = relatives.first().locator("span").innerText();
            relatives.first().click();
            assertThat(page().locator("h1")).hasText("Trial " + number);
        }

        @Test
        void saysFromWhomAResultWasTakenOver() {
            TrialRecord first = reader.trial(ID).orElseThrow();
            TrialRecord second = reader.trial(SampleRecord.FINISHED + "-3").orElseThrow();
            reader.put(new TrialRecord(
                    second.id(),
                    second.sweepId(),
                    3,
                    TrialState.FINISHED,
                    "same as trial " + ID,
                    first.parameters(),
                    first.seed(),
                    "",
                    false,
                    1,
                    first.epochs(),
                    first.keptEpoch(),
                    first.best(),
                    first.last(),
                    second.startedAt(),
                    second.endedAt(),
                    Map.of(),
                    "",
                    ID,
                    first.modelWeights()));
            browser.go("/trials/" + second.id());
            page().getByText("its result was taken over from")
                    .getByRole(AriaRole.LINK)
                    .click();
            assertThat(page().locator("h1")).hasText("Trial 2");
            assertThat(page().getByText("took over its result")).isVisible();
        }

        @Test
        void staysInPlaceWhileATrialRuns() {
            String id = SampleRecord.RUNNING + "-10";
            browser.go("/trials/" + id);
            assertThat(page().locator(".live")).hasText("Live");
            assertThat(page().locator("#matrix")).hasCount(0);
            page().locator("#loss").evaluate("(heading) => scrollBy(0, heading.getBoundingClientRect().top - 20)");
            double before = page().locator("#loss").boundingBox().y;
            browser.picture("trial-running");

            SampleTrial.add(
                    reader,
                    SampleRecord.RUNNING,
                    10,
                    TrialState.FINISHED,
                    reader.trial(id).orElseThrow().parameters(),
                    reader.sweep(SampleRecord.RUNNING).classes(),
                    Instant.now().minusSeconds(20));

            assertThat(page().locator("#matrix")).isVisible();
            assertThat(page().locator("#calibration")).isVisible();
            assertThat(page().locator("#loss").boundingBox().y)
                    .as("where the reader looks")
                    .isCloseTo(before, within(1.0));
        }

        @Test
        void copesWithTwoHundredClasses() {
            List<String> classes = IntStream.range(0, 200)
                    .mapToObj(number -> "class-" + String.format(Locale.ROOT, "%03d", number))
                    .toList();
            Instant began = Instant.now().minusSeconds(4000);
            reader.put(new SweepRecord(
                    "m4nycl4s",
                    "many-classes",
                    SweepState.FINISHED,
                    "",
                    "grid",
                    "val_accuracy",
                    "maximize",
                    "many.yaml",
                    "",
                    classes,
                    began,
                    Optional.of(began.plusSeconds(900)),
                    1,
                    0,
                    Map.of()));
            SampleTrial.add(reader, "m4nycl4s", 1, TrialState.FINISHED, Map.of("learning_rate", 0.001), classes, began);
            browser.go("/trials/m4nycl4s-1");
            page().locator("graft-confusion canvas").first().waitFor();
            assertThat(page().locator(".pairs li")).hasCount(25);
            assertThat(page().locator(".classes tbody tr")).hasCount(200);
            page().locator(".pairs button").first().click();
            assertThat(page()).hasURL(Pattern.compile("label=class-\\d+&predicted=class-\\d+"));
            assertThat(page().locator("#images")).containsText("taken for");
            browser.fits();
            browser.picture("trial-200-classes");
            browser.isAccessible();
            browser.open(360, 740, ColorScheme.DARK);
            browser.go("/trials/m4nycl4s-1");
            browser.fits();
            browser.picture("trial-200-classes-narrow");
        }
    }

    @Test
    void tellsOfAnEpochUnderThePointer() {
        browser.go(TRIAL);
        Locator chart = page().locator("graft-chart[label^='Validation accuracy']");
        var box = chart.locator("canvas").boundingBox();
        page().mouse().move(box.x + box.width * 0.95, box.y + box.height / 2);
        int kept = reader.trial(ID).orElseThrow().keptEpoch();
        assertThat(chart).containsText("Epoch " + kept + ", best, kept, fine-tuning");
        Locator diagram = page().locator("graft-chart[label^='Reliability diagram']");
        diagram.scrollIntoViewIfNeeded();
        box = diagram.locator("canvas").boundingBox();
        page().mouse().move(box.x + box.width * 0.8, box.y + box.height * 0.45);
        assertThat(diagram).containsText("sure on average");
    }

    @Test
    void saysHowSureItIsInWordsAndFigures() {
        browser.go(TRIAL);
        assertThat(page().locator(".calibration")).containsText("expected calibration error");
        assertThat(page().locator("graft-chart[label^='Reliability diagram']")).isVisible();
    }

    @Test
    void saysThatModelsCannotBeExportedHere() {
        browser.go(TRIAL);
        assertThat(page().getByText("Models cannot be exported from this page")).isVisible();
        assertThat(button("Export the model")).hasCount(0);
        assertThat(page().locator("graft-model graft-command code"))
                .hasText("graft export " + ID + " --to models/" + ID);
    }

    @Test
    void isCalmAndAccessibleInEverySizeAndColour() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {1440, 360}) {
                browser.open(width, width == 360 ? 740 : 900, scheme);
                browser.go(TRIAL + "?label=dress");
                imagesAreDrawn();
                browser.fits();
                browser.isAccessible();
                browser.picture("trial-page-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
            }
        }
        for (int width : new int[] {768, 1024, 2200, 3840}) {
            browser.open(width, 1000, ColorScheme.LIGHT);
            browser.go(TRIAL);
            imagesAreDrawn();
            browser.fits();
            browser.picture("trial-page-" + width);
        }
    }
}
