package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page that compares trials, in a real browser; its pictures are in {@code target/screenshots}. */
class ComparePageIT {

    @TempDir
    static Path results;

    private static TrackReader reader;

    @RegisterExtension
    final DashboardBrowser browser = new DashboardBrowser();

    @BeforeAll
    static void record() {
        try (RecordedSweeps sweeps = RecordedSweeps.open(results)) {
            sweeps.small();
            sweeps.running();
        }
        reader = Tracking.openReadOnly(results);
    }

    @AfterAll
    static void close() {
        reader.close();
    }

    @BeforeEach
    void serve() {
        browser.serve(reader);
    }

    private Page page() {
        return browser.page();
    }

    private static String small(int... numbers) {
        return "/compare?trials="
                + IntStream.of(numbers)
                        .mapToObj(number -> RecordedSweeps.SMALL + "-" + number)
                        .collect(Collectors.joining(","));
    }

    private static final String MIXED =
            "/compare?trials=" + RecordedSweeps.SMALL + "-3," + RecordedSweeps.RUNNING + "-1";

    private static Locator.FilterOptions has(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private Locator contenders() {
        return page().locator(".contenders > li");
    }

    private Locator verdicts() {
        return page().locator(".verdicts > li");
    }

    private Locator parameters() {
        return page().locator(".side tbody").last().locator("tr:not(.group)");
    }

    @Nested
    class Trials {

        @Test
        void areComparedWithTheBestOrWithTheOneThatIsChosen() {
            browser.go(small(3, 5, 6));
            assertThat(contenders()).hasCount(3);
            assertThat(contenders().filter(has("the reference"))).containsText("Trial 3");
            assertThat(verdicts()).hasCount(2);
            assertThat(verdicts().first()).containsText("Trial 3 is better than trial 5 on 341 images");

            page().getByRole(AriaRole.BUTTON, named("Compare with trial 5")).click();

            assertThat(page()).hasURL(Pattern.compile("reference=small012-5"));
            assertThat(contenders().filter(has("the reference"))).containsText("Trial 5");
            assertThat(verdicts().first()).containsText("Trial 3 is better than trial 5 on 341 images");
            assertThat(verdicts().last()).containsText("Trial 6");

            page().reload();

            assertThat(contenders().filter(has("the reference"))).containsText("Trial 5");
        }

        @Test
        void areTakenOutAndPutBackByGoingBack() {
            browser.go(small(3, 5, 6) + "&reference=small012-5&metric=val_loss");
            page().getByRole(AriaRole.BUTTON, named("Remove trial 5")).click();

            assertThat(contenders()).hasCount(2);
            assertThat(page()).hasURL(Pattern.compile("trials=small012-3,small012-6&metric=val_loss$"));
            assertThat(page().getByRole(AriaRole.BUTTON, named("Remove trial"))).hasCount(0);

            page().goBack();

            assertThat(contenders()).hasCount(3);
            assertThat(contenders().filter(has("the reference"))).containsText("Trial 5");
        }

        @Test
        void withoutPredictionsAreComparedAsFarAsThatGoes() {
            browser.go(small(3, 4, 5));
            assertThat(page().getByText("Trial 4 has no predictions, and cannot be compared image by image."))
                    .isVisible();
            assertThat(verdicts().filter(has("Trial 4"))).containsText("there are no predictions of trial 4");
            browser.go(small(4, 7));
            assertThat(page().getByText("None of the trials has predictions").first())
                    .isVisible();
            assertThat(page().getByText("learning rate").first()).isVisible();
            browser.picture("compare-without-predictions-light");
            browser.isAccessible();
        }

        @Test
        void ofDifferentSweepsAreNamedByThem() {
            browser.go(MIXED);
            assertThat(contenders().last()).containsText("clothing, at work");
            assertThat(verdicts()).containsText("trial 1 of \u201cclothing, at work\u201d");
            contenders().last().getByText("clothing, at work").click();
            assertThat(page()).hasURL(browser.address("/sweeps/" + RecordedSweeps.RUNNING));
        }

        @Test
        void areAskedForWhereTheAddressHasTooFewOrTooMany() {
            browser.expectProblem("Failed to load resource");
            browser.go("/compare");
            assertThat(page().getByText("Tick them in the table of a sweep.")).isVisible();
            browser.isAccessible();
            browser.go(small(1, 2, 3, 5, 6, 8, 10));
            assertThat(page().getByText("Six trials at most can be compared; this address names 7."))
                    .isVisible();
            browser.go(small(3, 99));
            assertThat(page().getByText("There is no trial small012-99")).isVisible();
            browser.go(small(3, 5) + "&reference=small012-1");
            assertThat(page().getByText("Reference must be one of the trials")).isVisible();
        }
    }

    @Nested
    class Parameters {

        @Test
        void areThoseThatDifferUnlessAllAreWanted() {
            browser.go(small(3, 6));
            assertThat(parameters()).hasCount(2);
            assertThat(parameters().first()).containsText("learning rate");

            page().getByLabel("All parameters").check();

            assertThat(parameters()).hasCount(6);
            assertThat(page()).hasURL(Pattern.compile("all=true"));
            page().reload();
            assertThat(parameters()).hasCount(6);
            page().getByLabel("All parameters").uncheck();
            assertThat(parameters()).hasCount(2);
        }

        @Test
        void standBelowTheResultsWithTheirIntervals() {
            browser.go(small(3, 5));
            Locator accuracy =
                    page().locator(".side tbody").first().locator("tr").filter(has("Accuracy"));
            assertThat(accuracy.locator("td").first()).containsText("88.1");
            assertThat(accuracy.locator("td").first()).containsText("(best)");
            assertThat(accuracy.locator("td small")).hasCount(2);
        }
    }

    @Nested
    class Charts {

        @Test
        void showTheMetricScoreAndOrderOfTheAddress() {
            browser.go(small(3, 5));
            page().getByLabel("Metric").selectOption("val_loss");
            page().getByLabel("Score").selectOption("recall");
            page().getByLabel("Order").selectOption("name");

            assertThat(page()).hasURL(Pattern.compile("metric=val_loss&score=recall&order=name"));
            assertThat(page().getByRole(AriaRole.IMG, named("Validation loss by epoch of 2 trials")))
                    .isVisible();
            assertThat(page().getByRole(AriaRole.IMG, named("Recall of each class and trial")))
                    .isVisible();
            page().getByText("As a table").click();
            Locator table = page().getByRole(AriaRole.TABLE, named("Recall of each class and trial"));
            assertThat(table.locator("tbody tr")).hasCount(RecordedSweeps.CLASSES.size());
            assertThat(table.locator("tbody th").first()).hasText("dress");
        }

        @Test
        void areSavedAsPictures() {
            browser.go(small(3, 5));
            assertThat(page().waitForDownload(() -> page().getByRole(AriaRole.BUTTON, named("Save as SVG: classes-f1"))
                                    .click())
                            .suggestedFilename())
                    .isEqualTo("classes-f1.svg");
        }
    }

    @Nested
    class Images {

        @Test
        void areThoseOnWhichTheTrialsDisagree() {
            browser.go(small(3, 5));
            Locator images = page().locator(".divided > li");
            assertThat(images).hasCount(12);
            page().getByRole(AriaRole.BUTTON, named("more")).click();
            assertThat(images).hasCount(24);

            page().getByRole(AriaRole.BUTTON, named("Trial 3 is wrong")).click();

            assertThat(page()).hasURL(Pattern.compile("show=wrong"));
            assertThat(images.first().locator(".opinions li").first()).containsText("wrong");
            assertThat(images.first().locator(".opinions li").last()).containsText("right");
            assertThat(images.locator(".opinions").first()).containsText("Trial 5: ");
        }

        @Test
        void areShownWhereTheyStillAre() throws Exception {
            FakeReader drawn = SampleRecord.filled();
            List<String> trials = drawn.trials(SampleRecord.FINISHED).stream()
                    .map(TrialRecord::id)
                    .filter(id -> !drawn.predictions(id).isEmpty())
                    .limit(2)
                    .toList();
            SampleImages.draw(drawn, trials.get(0), results.resolve("images"));
            browser.serve(drawn);
            browser.go("/compare?trials=" + String.join(",", trials));

            Locator image = page().locator(".thumbnail img").first();
            assertThat(image).isVisible();
            assertThat(image.evaluate(
                            "image => image.decode().then(() => Math.max(image.naturalWidth, image.naturalHeight))"))
                    .isNotEqualTo(0);
            assertThat(page().getByText("cannot be shown")).hasCount(0);
            browser.picture("compare-images-light");
        }

        @Test
        void leadToThePageOfTheReference() {
            browser.go(small(3, 5));
            page().locator(".thumbnail").first().click();
            assertThat(page()).hasURL(Pattern.compile("/trials/small012-3\\?image=\\d+$"));
        }
    }

    @Test
    void isReachedAndUsedWithTheKeyboard() {
        browser.go(small(3, 5, 6));
        page().locator("h1").focus();
        page().keyboard().press("Tab");
        assertThat(page().locator(":focus")).hasText("Trial 3");
        page().keyboard().press("Tab");
        assertThat(page().locator(":focus")).hasAccessibleName("Remove trial 3");
        page().keyboard().press("Tab");
        page().keyboard().press("Tab");
        assertThat(page().locator(":focus")).hasAccessibleName("Compare with trial 5");
        page().keyboard().press("Enter");
        assertThat(contenders().filter(has("the reference"))).containsText("Trial 5");
    }

    @Test
    void takesItsPictures() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            String suffix = scheme == ColorScheme.LIGHT ? "light" : "dark";
            for (int width : List.of(360, 1440)) {
                browser.open(width, 900, scheme);
                browser.go(small(3, 5));
                browser.picture("compare-2-" + width + "-" + suffix);
                browser.fits();
                browser.isAccessible();
                browser.go(small(1, 2, 3, 4, 5, 6));
                browser.picture("compare-6-" + width + "-" + suffix);
                browser.fits();
                browser.isAccessible();
                browser.go(MIXED);
                browser.picture("compare-sweeps-" + width + "-" + suffix);
                browser.fits();
                browser.isAccessible();
            }
        }
    }
}
