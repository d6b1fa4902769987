package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every page in a real browser; its pictures are in {@code target/screenshots}. */
class DashboardIT {

    private static final String FINISHED = "/sweeps/" + SampleRecord.FINISHED;
    private static final String TRIAL = "/trials/" + SampleRecord.FINISHED + "-2";

    @RegisterExtension
    final DashboardBrowser browser = new DashboardBrowser();

    private final FakeReader reader = SampleRecord.filled();

    @BeforeEach
    void start() {
        browser.serve(reader);
    }

    private Page page() {
        return browser.page();
    }

    @Test
    void comesBackAfterTheServerWasAway() {
        browser.expectProblem("ERR_");
        browser.go(FINISHED);
        assertThat(page().locator(".live")).hasText("Live");
        int port = browser.dashboard().port();
        browser.dashboard().close();
        assertThat(page().locator(".live")).hasText("Reconnecting…");
        reader.put(SampleRecord.renamed(reader.sweep(SampleRecord.FINISHED), "clothing-again"));
        browser.serve(Content.of(reader), port);
        assertThat(page().locator("h1"))
                .hasText("clothing-again", new LocatorAssertions.HasTextOptions().setTimeout(15_000));
    }

    @Nested
    class TheTrialPage {

        @Test
        void showsCountsOrRates() {
            browser.go(TRIAL);
            Locator cell =
                    page().locator(".confusion tbody tr").first().locator("td").first();
            assertThat(cell).hasText(Pattern.compile("^\\d+$"));
            page().getByRole(AriaRole.BUTTON, named("Rates")).click();
            assertThat(page().getByRole(AriaRole.BUTTON, named("Rates"))).hasAttribute("aria-pressed", "true");
            assertThat(page().locator("graft-command code")).hasText("graft export f7h2m4qa-2 --to models/f7h2m4qa-2");
        }

        @Test
        void stepsToTheNextOneByKeyboard() {
            browser.go(TRIAL);
            page().getByText("Next →").focus();
            page().keyboard().press("Enter");
            assertThat(page().locator("h1")).hasText("Trial 3");
            assertThat(page().locator("h1")).isFocused();
        }

        @Test
        void saysWhyATrialFailed() {
            browser.go("/trials/" + SampleRecord.FINISHED + "-4");
            assertThat(page().getByText("loss is NaN at epoch 2, step 12")).isVisible();
            assertThat(page().locator("graft-command")).hasCount(0);
            browser.picture("trial-failed");
        }

        @Test
        void waitsWithATrialThatHasNotBegun() {
            browser.go("/trials/" + SampleRecord.RUNNING + "-20");
            assertThat(page().getByText("This trial has not begun.")).isVisible();
            browser.picture("trial-waiting");
        }
    }

    @Test
    void writesWhatUsersNamedAsText() {
        browser.go("/");
        assertThat(page().getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(SampleRecord.ODD_NAME)))
                .isVisible();
        browser.go("/sweeps/" + SampleRecord.ODD);
        assertThat(page().locator("h1")).hasText(SampleRecord.ODD_NAME);
        assertThat(page().locator("main img, main script")).hasCount(0);
        browser.picture("odd-sweep");
        browser.go("/trials/" + SampleRecord.ODD + "-1");
        assertThat(page().getByText("<b>bold</b>").first()).isVisible();
        assertThat(page().locator("main img, main script")).hasCount(0);
        browser.picture("odd-trial");
    }

    @Test
    void namesFromStrangersRunNothing() {
        SampleRecord.addStrange(reader);
        List<String> told = new ArrayList<>();
        page().onDialog(dialog -> {
            told.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
        page().onRequest(request -> {
            if (!request.url().startsWith(browser.address("/"))) {
                told.add("a request to " + request.url());
            }
        });
        page().addInitScript("document.addEventListener('securitypolicyviolation',"
                + " (e) => console.error(`policy violated: ${e.violatedDirective} ${e.blockedURI}`))");
        for (String path : List.of("/", "/sweeps/" + SampleRecord.STRANGE, "/trials/" + SampleRecord.STRANGE + "-1")) {
            browser.go(path);
            assertThat(page().getByText("onerror=alert(1)").first()).isAttached();
            assertThat(page().locator("main :is(img, script, iframe, object, embed, base, form)"))
                    .hasCount(0);
            assertThat(page().locator("[onerror], [onload], [onmouseover], [href^='javascript:']"))
                    .hasCount(0);
            for (Locator canvas : page().locator("canvas").all()) {
                canvas.hover(new Locator.HoverOptions().setForce(true));
            }
            browser.fits();
        }
        assertThat(told).isEmpty();
        browser.picture("strange-trial");
    }

    @Test
    void saysThatThereIsNothing() {
        browser.expectProblem("404");
        browser.go("/sweeps/nope");
        assertThat(page().locator("h1")).hasText("No such sweep");
        browser.go("/elsewhere");
        assertThat(page().locator("h1")).hasText("Nothing grows here");
    }

    @Test
    void invitesToAFirstSweep() {
        browser.serve(new FakeReader());
        browser.go("/");
        assertThat(page().getByText("graft demo")).isVisible();
        browser.picture("empty-light");
        browser.open(360, 740, ColorScheme.DARK);
        browser.go("/");
        assertThat(page().getByText("graft demo")).isVisible();
        browser.fits();
        browser.picture("empty-narrow-dark");
    }

    @Test
    void isCalmInEverySizeAndColour() {
        Map<String, String> pages = Map.of(
                "sweeps",
                "/",
                "sweep-running",
                "/sweeps/" + SampleRecord.RUNNING,
                "sweep-finished",
                FINISHED,
                "trial",
                TRIAL);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {1440, 360}) {
                browser.open(width, width == 360 ? 740 : 900, scheme);
                pages.forEach((name, path) -> {
                    browser.go(path);
                    browser.fits();
                    browser.picture(name + "-" + width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
                });
            }
        }
        for (int width : new int[] {768, 1024, 2200}) {
            browser.open(width, 900, ColorScheme.LIGHT);
            for (String path : List.of(
                    "/", FINISHED, TRIAL, "/sweeps/" + SampleRecord.ODD, "/trials/" + SampleRecord.ODD + "-1")) {
                browser.go(path);
                browser.fits();
            }
            browser.picture("odd-trial-" + width);
            browser.go(FINISHED);
            browser.picture("sweep-finished-" + width);
        }
    }

    private Locator rows() {
        return page().locator(".trials tbody tr");
    }

    private Locator cells(int column) {
        return page().locator(".trials tbody tr td:nth-child(" + (column + 1) + ")");
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
