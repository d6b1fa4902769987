package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page of a sweep in a real browser, over a real record of 500 trials, and of one that grows meanwhile. */
class SweepPageIT {

    private static final String LARGE = "/sweeps/" + RecordedSweeps.LARGE;
    private static final String SMALL = "/sweeps/" + RecordedSweeps.SMALL;
    private static final String RUNNING = "/sweeps/" + RecordedSweeps.RUNNING;

    @TempDir
    static Path results;

    private static RecordedSweeps sweeps;
    private static TrackReader reader;

    @RegisterExtension
    final DashboardBrowser browser = new DashboardBrowser();

    private Page page;

    @BeforeAll
    static void record() {
        sweeps = RecordedSweeps.open(results);
        sweeps.large();
        sweeps.small();
        sweeps.running();
        reader = Tracking.openAsItStands(results, InstantSource.system());
    }

    @AfterAll
    static void close() {
        reader.close();
        sweeps.close();
    }

    @BeforeEach
    void serve() {
        browser.serve(new Content(reader, Optional.of(results), Optional.empty()));
        page = browser.page();
    }

    @Nested
    class TheTable {

        @Test
        void turnsPagesAndSortsAllOfThemByAnyColumn() {
            browser.go(LARGE);
            assertThat(rows()).hasCount(50);
            assertThat(page.getByText("1–50 of 500")).isVisible();
            String best = rows().first().getAttribute("data-trial");
            button("Next").click();
            assertThat(page).hasURL(Pattern.compile("page=2"));
            assertThat(page.getByText("51–100 of 500")).isVisible();

            Locator heading = page.getByRole(AriaRole.COLUMNHEADER, named("learning rate"));
            heading.getByRole(AriaRole.BUTTON).click();
            assertThat(heading).hasAttribute("aria-sort", "ascending");
            assertThat(page.getByText("1–50 of 500")).isVisible();
            assertThat(rows().first()).containsText("1e-4");
            heading.getByRole(AriaRole.BUTTON).click();
            assertThat(rows().first()).containsText("0.01");

            page.reload();

            assertThat(rows().first()).containsText("0.01");
            assertThat(heading).hasAttribute("aria-sort", "descending");
            page.getByRole(AriaRole.COLUMNHEADER, named("Rank"))
                    .getByRole(AriaRole.BUTTON)
                    .click();
            assertThat(rows().first()).hasAttribute("data-trial", best);
        }

        @Test
        void isFilteredByAnExpression() {
            browser.go(LARGE);
            filter().fill("base = xception and learning_rate <= 0.001 and dropout in (0, 0.2)");
            assertThat(page.getByText("60 of 500")).isVisible();
            assertThat(page.getByText("1–50 of 60")).isVisible();
            assertThat(page).hasURL(Pattern.compile("filter=base"));
            page.reload();
            assertThat(filter()).hasValue("base = xception and learning_rate <= 0.001 and dropout in (0, 0.2)");
            assertThat(page.getByText("1–50 of 60")).isVisible();
            button("Clear").click();
            assertThat(page.getByText("1–50 of 500")).isVisible();
        }

        @Test
        void saysWhereAnExpressionGoesWrongAndKeepsWhatWasThere() {
            browser.go(LARGE);
            assertThat(rows()).hasCount(50);
            filter().fill("base = xception and dropuot > 0.3");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("did you mean dropout?");
            assertThat(page.locator("#filter-help mark")).hasText("dropuot > 0.3");
            assertThat(filter()).hasAttribute("aria-invalid", "true");
            assertThat(rows()).hasCount(50);
            filter().fill("base = xception and dropout > 0.3");
            assertThat(page.getByText("150 of 500")).isVisible();
            assertThat(filter()).hasAttribute("aria-invalid", "false");
        }

        @Test
        void showsTheColumnsThatAreChosen() {
            browser.go(SMALL);
            assertThat(page.getByRole(AriaRole.COLUMNHEADER, named("Seed"))).hasCount(0);
            page.locator("summary", new Page.LocatorOptions().setHasText("Columns"))
                    .click();
            Locator menu = page.getByRole(AriaRole.GROUP, named("Columns that are shown"));
            menu.getByLabel("Seed").check();
            menu.getByLabel("State").uncheck();
            assertThat(page.getByRole(AriaRole.COLUMNHEADER, named("Seed"))).isVisible();
            assertThat(page.getByRole(AriaRole.COLUMNHEADER, named("State"))).hasCount(0);
            page.keyboard().press("Escape");
            assertThat(menu).isHidden();
            page.reload();
            assertThat(page.getByRole(AriaRole.COLUMNHEADER, named("Seed"))).isVisible();
        }

        @Test
        void groupsTrialsAndOpensAGroup() {
            browser.go(LARGE);
            page.getByLabel("Group by").selectOption("learning_rate");
            assertThat(groupRows()).hasCount(5);
            assertThat(groupRows().first()).containsText("±");
            assertThat(groupRows().first()).containsText("100");
            browser.picture("sweep-groups", false);
            groupRows().first().getByRole(AriaRole.BUTTON).click();
            assertThat(page).hasURL(Pattern.compile("filter=learning_rate"));
            assertThat(page.getByText("1–50 of 100")).isVisible();
        }

        @Test
        void pinsAndHidesTrials() {
            browser.go(SMALL);
            Locator fifth = rows().nth(4);
            String id = fifth.getAttribute("data-trial");
            String number = id.substring(id.indexOf('-') + 1);
            fifth.hover();
            button("Pin trial " + number).click();
            assertThat(button("Unpin trial " + number)).hasAttribute("aria-pressed", "true");
            page.mouse().move(2, 2);
            assertThat(rows().first()).hasAttribute("data-trial", id);
            page.reload();
            assertThat(rows().first()).hasAttribute("data-trial", id);
            rows().first().hover();
            button("Hide trial " + number).click();
            page.mouse().move(2, 2);
            assertThat(rows()).hasCount(11);
            button("show").click();
            assertThat(rows()).hasCount(12);
            rows().first().hover();
            button("Show trial " + number).click();
            assertThat(page.getByText("1 hidden")).hasCount(0);
            button("Unpin trial " + number).click();
            assertThat(button("Pin trial " + number)).hasAttribute("aria-pressed", "false");
        }

        @Test
        void isDownloadedAsItIsFiltered() throws IOException {
            browser.go(LARGE + "?filter=base+%3D+xception");
            assertThat(page.getByText("1–50 of 250")).isVisible();
            page.locator("summary", new Page.LocatorOptions().setHasText("Download"))
                    .click();
            Download file = page.waitForDownload(
                    () -> page.getByRole(AriaRole.LINK, named("CSV")).click());
            assertThat(file.suggestedFilename()).isEqualTo("sweep-" + RecordedSweeps.LARGE + ".csv");
            List<String> lines = Files.readAllLines(file.path());
            assertThat(lines).hasSize(251);
            assertThat(lines.get(0)).startsWith("id,number,rank,state").contains("learning_rate", "val_accuracy");
            assertThat(lines.get(1)).contains("xception");
        }

        @Test
        void leadsToTheComparisonOfTickedTrials() {
            browser.go(SMALL);
            page.getByLabel("Compare trial 1", exactly()).check();
            assertThat(page.getByText("Tick another trial")).isVisible();
            page.getByLabel("Compare trial 3", exactly()).check();
            page.getByRole(AriaRole.LINK, named("Compare")).click();
            assertThat(page)
                    .hasURL(Pattern.compile(
                            "/compare\\?trials=" + RecordedSweeps.SMALL + "-1," + RecordedSweeps.SMALL + "-3"));
            page.goBack();
            assertThat(page.getByLabel("Compare trial 3", exactly())).isChecked();
        }

        @Test
        void opensATrialByKeyboard() {
            browser.go(SMALL + "?sort=number");
            rows().nth(5).getByRole(AriaRole.LINK).focus();
            page.keyboard().press("Enter");
            assertThat(page).hasURL(Pattern.compile("/trials/" + RecordedSweeps.SMALL + "-6"));
            assertThat(page.locator("h1")).isFocused();
        }
    }

    @Nested
    class TheCharts {

        @Test
        void followTheFilter() {
            browser.go(LARGE);
            page.locator("graft-importance").scrollIntoViewIfNeeded();
            assertThat(page.locator(".says")).containsText("500");
            filter().fill("dropout = 0.2");
            assertThat(page.locator(".says")).containsText("100");
            assertThat(page.locator("graft-importance tbody")).not().containsText("dropout");
        }

        @Test
        void nameEveryValueOfParameters() {
            browser.go(LARGE);
            page.locator("graft-parallel").scrollIntoViewIfNeeded();
            page.locator("graft-parallel canvas").first().waitFor();
            Object labels = page.locator("graft-parallel graft-chart").evaluate("""
                    box => [0, 2].map(dim => box.chart.getModel().getComponent('parallelAxis', dim).axis.getViewLabels()
                      .map(label => label.formattedLabel).filter(Boolean).join(' '))""");
            assertThat(labels).isEqualTo(List.of("mobilenet_v2 xception", "1e-4 3e-4 0.001 0.003 0.01"));
        }

        @Test
        void brushedParametersFilterTableAndOtherCharts() {
            browser.go(LARGE);
            Locator chart = page.locator("graft-parallel canvas").first();
            chart.scrollIntoViewIfNeeded();
            chart.waitFor();
            page.waitForTimeout(300);
            // The third of five axes is the learning rate; its lower half is dragged over.
            var box = chart.boundingBox();
            double x = box.x + 60 + (box.width - 150) * 2 / 4;
            page.mouse().move(x, box.y + box.height * 0.55);
            page.mouse().down();
            page.mouse().move(x, box.y + box.height * 0.75, new Mouse.MoveOptions().setSteps(8));
            page.mouse().move(x, box.y + box.height * 0.97, new Mouse.MoveOptions().setSteps(8));
            page.mouse().up();
            assertThat(page).hasURL(Pattern.compile("brush=learning_rate"));
            Locator chip = page.getByRole(
                    AriaRole.BUTTON,
                    new Page.GetByRoleOptions().setName(Pattern.compile("No longer only learning rate.*")));
            assertThat(chip).isVisible();
            // How many of the five rates lie under the pointer's way depends on the size of the letters.
            Locator matching = page.locator("graft-trial-filter .matches");
            assertThat(matching).hasText(Pattern.compile("[1-4]00 of 500"));
            String count = matching.innerText().substring(0, 3);
            assertThat(page.locator(".says")).containsText(count);
            assertThat(page.getByText("1–50 of " + count)).isVisible();
            browser.picture("sweep-brushed");
            page.reload();
            assertThat(matching).hasText(count + " of 500");
            chip.click();
            assertThat(page.getByText("1–50 of 500")).isVisible();
        }

        @Test
        void drawAnotherMetricByTimeSmoothedAndColoured() {
            browser.go(SMALL);
            page.getByLabel("Metric").selectOption("val_loss");
            page.getByLabel("Axis").selectOption("time");
            page.getByLabel("Smoothing").selectOption("0.6");
            page.getByLabel("Colour by").selectOption("learning_rate");
            assertThat(page.locator("graft-curves .legend li")).hasCount(3);
            assertThat(page).hasURL(Pattern.compile("metric=val_loss&axis=time&smooth=0.6&colour=learning_rate"));
            assertThat(page.locator("graft-curves .chart"))
                    .hasAttribute("aria-label", Pattern.compile("by time of 11"));
            browser.picture("sweep-curves-time", false);
        }

        @Test
        void tieCurvesAndRowsTogether() {
            browser.go(SMALL);
            Locator chart = page.locator("graft-sweep-curves canvas").first();
            chart.waitFor();
            rows().nth(2).hover();
            assertThat(rows().nth(2)).hasAttribute("data-hover", "");
            var box = chart.boundingBox();
            for (int step = 2; step < 18 && page.locator(".tip").count() == 0; step++) {
                page.mouse().move(box.x + box.width * 0.5, box.y + box.height * step / 20);
            }
            assertThat(page.locator(".tip")).isVisible();
            assertThat(page.locator("tr[data-hover]")).hasCount(1);
            browser.picture("sweep-hover", false);
            page.mouse().down();
            page.mouse().up();
            assertThat(page).hasURL(Pattern.compile("/trials/"));
        }

        @Test
        void areSavedAsPictures() throws IOException {
            browser.go(SMALL);
            page.locator("graft-sweep-curves canvas").first().waitFor();
            page.locator("graft-sweep-curves").hover();
            Download svg = page.waitForDownload(() -> page.locator("graft-sweep-curves")
                    .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("SVG.*")))
                    .click());
            assertThat(svg.suggestedFilename()).isEqualTo("learning-curves-val_accuracy.svg");
            assertThat(Files.readString(svg.path())).startsWith("<svg").contains("path");
            Download png = page.waitForDownload(() -> page.locator("graft-sweep-curves")
                    .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("PNG.*")))
                    .click());
            assertThat(Files.readAllBytes(png.path())).startsWith(0x89, 'P', 'N', 'G');
        }

        @Test
        void sayWhatWasTriedAgain() {
            browser.go(SMALL);
            page.locator("graft-timeline").scrollIntoViewIfNeeded();
            assertThat(page.locator("graft-timeline")).containsText("3 ended badly");
            page.getByText("3 attempts that ended badly").click();
            assertThat(page.locator("graft-timeline li").first()).containsText("loss is NaN");
        }

        @Test
        void nameTheTrialsThatNoneBeats() {
            browser.go(LARGE + "?x=val_loss");
            page.locator("graft-scatter").scrollIntoViewIfNeeded();
            page.locator("graft-scatter summary").click();
            page.locator("graft-scatter li a").first().click();
            assertThat(page).hasURL(Pattern.compile("/trials/" + RecordedSweeps.LARGE));
        }

        @Test
        void weighResultsAgainstTheSizeOfTheModel() {
            browser.go(LARGE + "?columns=number,val_accuracy,model_weights");
            assertThat(rows().first()).containsText("21.1\u00a0M");
            Locator card = page.locator("graft-scatter");
            card.scrollIntoViewIfNeeded();
            card.getByLabel("Across").selectOption("model_weights");
            assertThat(page).hasURL(Pattern.compile("x=model_weights"));
            card.locator("summary").click();
            // The smaller model stands first, and the larger one only where it is better.
            assertThat(card.locator(".front li").first()).containsText("2.42\u00a0M");
            assertThat(card.locator(".front li")).hasCount(2);
        }
    }

    @Test
    void learnsOfChangesWithoutMovingUnderTheHand() {
        browser.go(RUNNING);
        assertThat(page.getByText("9 / 24")).isVisible();
        assertThat(page.locator(".live")).hasText("Live");
        filter().fill("mobilenet");
        page.getByText("24 of 24").waitFor();
        page.evaluate("scrollTo(0, 120)");
        Object before = page.evaluate("scrollY");

        sweeps.finish(10);

        assertThat(page.getByText("10 / 24")).isVisible();
        assertThat(filter()).isFocused();
        assertThat(filter()).hasValue("mobilenet");
        assertThat(page.evaluate("scrollY")).isEqualTo(before);

        rows().nth(1).hover();
        List<String> order = order();
        sweeps.finish(11);
        assertThat(page.getByText("11 / 24")).isVisible();
        page.waitForTimeout(1500);
        assertThat(order()).as("rows under the pointer").isEqualTo(order);
        page.mouse().move(2, 2);
        assertThat(page.getByText("The order has changed")).hasCount(0);
    }

    @Test
    void isAccessibleAndCalmInEverySizeAndColour() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            String colour = scheme.name().toLowerCase(Locale.ROOT);
            for (int width : new int[] {1440, 360}) {
                page = browser.open(width, width == 360 ? 740 : 900, scheme);
                for (String path : List.of(LARGE, SMALL, RUNNING)) {
                    browser.go(path);
                    rows().first().waitFor();
                    seeEverything();
                    browser.fits();
                    browser.isAccessible();
                    browser.picture(path.substring(1).replace('/', '-') + "-" + width + "-" + colour);
                }
            }
        }
        for (int width : new int[] {768, 1024, 3840}) {
            page = browser.open(width, 1200, ColorScheme.LIGHT);
            browser.go(SMALL + "?compare=1,2&brush=learning_rate:0.0001,0.001");
            seeEverything();
            browser.fits();
            browser.picture("sweep-" + width);
        }
    }

    /** {@code docs/images/dashboard.png} is a copy of this picture. */
    @Test
    void sitsForTheReadme() {
        page = browser.open(1400, 1024, ColorScheme.LIGHT);
        browser.go(LARGE + "?colour=dropout");
        page.locator("graft-sweep-curves canvas").first().waitFor();
        browser.picture("readme", false);
    }

    /** Scrolls through the page, since cards ask for what they show when they come into sight. */
    private void seeEverything() {
        for (String card : List.of("parallel", "importance", "heat-map", "scatter", "timeline")) {
            page.locator("graft-" + card).scrollIntoViewIfNeeded();
            assertThat(page.locator("graft-" + card).getByText("Loading…")).hasCount(0);
        }
        page.evaluate("scrollTo(0, 0)");
    }

    private List<String> order() {
        return rows().all().stream().map(row -> row.getAttribute("data-trial")).toList();
    }

    private Locator filter() {
        return page.locator("#filter");
    }

    private Locator rows() {
        return page.locator(".trials tbody tr");
    }

    private Locator groupRows() {
        return page.locator("graft-trials tbody tr");
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
