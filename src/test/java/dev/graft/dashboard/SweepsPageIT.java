package dev.graft.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.track.Annotations;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The list of sweeps in a real browser, on a real record. */
class SweepsPageIT {

    private static final String XSS = "# Why\n\nThe *second* try.\n\n<img src=x onerror=\"alert(1)\">"
            + "<script>alert(2)</script> [click](javascript:alert(3)) ![picture](https://example.org/x.png)";

    @RegisterExtension
    final DashboardBrowser browser = new DashboardBrowser();

    @TempDir
    Path results;

    private TrackReader reader;

    @BeforeEach
    void record() throws IOException {
        try (SampleResults sample = SampleResults.in(results)) {
            sample.ended("w5n0p8zz", "wide-random", SweepState.CANCELLED, 400, 60, "mobilenet_v2", "xception")
                    .ended("e1v1l0xx", "first-try", SweepState.FAILED, 300, 4, "sprout")
                    .ended("f7h2m4qa", "clothing-heads", SweepState.FINISHED, 28, 12, "mobilenet_v2")
                    .ended("t4p6c8de", "clothing-tails", SweepState.FINISHED, 3, 24, "resnet50");
        }
        Annotations annotations = Tracking.annotations(results);
        annotations.annotate("w5n0p8zz", none -> none.withTags(List.of("thesis", "overnight")));
        annotations.annotate(
                "t4p6c8de",
                none -> new SweepAnnotation(
                        "Clothing, fine-tuned",
                        "Depth **2** beats the heads by two points; next: more augmentation, and 192 px.",
                        List.of("thesis", "best"),
                        false));
        annotations.annotate("e1v1l0xx", none -> none.withArchived(true));
        serve();
    }

    private void serve() {
        reader = Tracking.openAsItStands(results, InstantSource.system());
        browser.serve(new Content(reader, Optional.of(results)));
    }

    @AfterEach
    void close() {
        reader.close();
    }

    private Page page() {
        return browser.page();
    }

    private Locator row(String id) {
        return page().locator("tr[data-sweep='" + id + "']");
    }

    private Locator rows() {
        return page().locator("tr[data-sweep]");
    }

    private Locator button(String name) {
        return page().getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private void choose(String id, String action) {
        row(id).locator(".row-more").click();
        row(id).locator(".row-menu")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(action))
                .click();
    }

    private SweepAnnotation noted(String id) {
        return reader.sweepAnnotations().getOrDefault(id, SweepAnnotation.NONE);
    }

    @Nested
    class Naming {

        @Test
        void happensInPlaceByKeyboardAlone() {
            browser.go("/");
            row("f7h2m4qa").locator(".row-more").focus();
            page().keyboard().press("Enter");
            assertThat(row("f7h2m4qa").locator(".row-menu button").first()).isFocused();
            page().keyboard().press("Enter");
            Locator input = page().getByLabel("Name of this sweep");
            assertThat(input).isFocused();
            assertThat(input).hasValue("clothing-heads");
            browser.isAccessible();
            browser.picture("sweeps-rename");
            page().keyboard().type("Heads <b>only</b>");
            page().keyboard().press("Enter");
            assertThat(row("f7h2m4qa").locator("a.title")).hasText("Heads <b>only</b>");
            assertThat(row("f7h2m4qa").locator(".row-more")).isFocused();
            assertThat(noted("f7h2m4qa").name()).isEqualTo("Heads <b>only</b>");
            page().reload();
            assertThat(row("f7h2m4qa").locator("a.title")).hasText("Heads <b>only</b>");
        }

        @Test
        void isDroppedWithEscapeAndTakenBackWhenEmpty() {
            browser.go("/");
            choose("t4p6c8de", "Rename");
            page().getByLabel("Name of this sweep").fill("nonsense");
            page().keyboard().press("Escape");
            assertThat(row("t4p6c8de").locator("a.title")).hasText("Clothing, fine-tuned");
            choose("t4p6c8de", "Rename");
            page().getByLabel("Name of this sweep").fill("");
            assertThat(page().getByText("Empty for the name in its file, clothing-tails."))
                    .isVisible();
            page().keyboard().press("Enter");
            assertThat(row("t4p6c8de").locator("a.title")).hasText("clothing-tails");
            assertThat(noted("t4p6c8de").name()).isEmpty();
        }

        @Test
        void losesNothingTypedWhenItCannotBeKept() {
            browser.expectProblem("503");
            browser.go("/");
            choose("f7h2m4qa", "Rename");
            page().getByLabel("Name of this sweep").fill("kept in the field");
            page().route(
                            "**/api/v1/sweeps/f7h2m4qa",
                            route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                                    .setStatus(503)
                                    .setBody("{\"error\": \"track.sqlite or its directory can only be read\"}")));
            button("Save").click();
            assertThat(page().getByRole(AriaRole.ALERT)).hasText("Track.sqlite or its directory can only be read.");
            assertThat(page().getByLabel("Name of this sweep")).hasValue("kept in the field");
            browser.isAccessible();
            browser.picture("sweeps-rename-failed");
            page().unroute("**/api/v1/sweeps/f7h2m4qa");
            button("Save").click();
            assertThat(row("f7h2m4qa").locator("a.title")).hasText("kept in the field");
        }
    }

    @Nested
    class Finding {

        @Test
        void searchesNamesTagsNotesAndBases() {
            browser.go("/");
            assertThat(rows()).hasCount(3);
            page().keyboard().press("/");
            Locator search = page().getByLabel("Search sweeps");
            assertThat(search).isFocused();
            Map<String, String> found = Map.of(
                    "fine-tuned", "t4p6c8de",
                    "clothing-tails", "t4p6c8de",
                    "overnight", "w5n0p8zz",
                    "augmentation", "t4p6c8de",
                    "xception", "w5n0p8zz",
                    "f7h2", "f7h2m4qa");
            found.forEach((text, id) -> {
                search.fill(text);
                assertThat(rows()).hasCount(1);
                assertThat(row(id)).isVisible();
            });
            assertThat(page().getByText("1 of 3")).isVisible();
            assertThat(page()).hasURL(Pattern.compile("\\?q="));
            page().reload();
            assertThat(rows()).hasCount(1);
            search.fill("nothing like this");
            assertThat(page().getByText("No sweep matches.")).isVisible();
            browser.picture("sweeps-no-match");
            button("Show all").click();
            assertThat(rows()).hasCount(3);
        }

        @Test
        void filtersByTagsAndFindsArchivedOnes() {
            browser.go("/");
            row("t4p6c8de").getByText("thesis").click();
            assertThat(rows()).hasCount(2);
            assertThat(page()).hasURL(Pattern.compile("tag=thesis"));
            page().getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Tags"))
                    .getByText("best")
                    .click();
            assertThat(rows()).hasCount(1);
            assertThat(page()).hasURL(Pattern.compile("tag=thesis%2Cbest"));
            page().getByLabel("Search sweeps").fill("first-try");
            assertThat(page().getByText("No sweep matches.")).isVisible();
            page().navigate(browser.address("/?q=first-try"));
            assertThat(page().getByText("No sweep matches, but 1 archived one does."))
                    .isVisible();
            page().locator(".none").getByText("Show archived").click();
            assertThat(row("e1v1l0xx")).isVisible();
            assertThat(page()).hasURL(Pattern.compile("archived=1"));
        }
    }

    @Nested
    class Tagging {

        @Test
        void addsAndTakesAway() {
            browser.go("/");
            choose("f7h2m4qa", "Add tags");
            Locator input = page().getByLabel("New tag");
            assertThat(input).isFocused();
            input.fill("for the thesis, heads");
            page().keyboard().press("Enter");
            assertThat(row("f7h2m4qa").locator(".inline .tag")).hasCount(2);
            assertThat(input).hasValue("");
            assertThat(input).isFocused();
            input.fill("baseline");
            page().keyboard().press("Enter");
            assertThat(row("f7h2m4qa").locator(".inline .tag")).hasCount(3);
            browser.isAccessible();
            browser.picture("sweeps-tags");
            page().getByLabel("Take away the tag heads").click();
            assertThat(row("f7h2m4qa").locator(".inline .tag")).hasCount(2);
            page().keyboard().press("Escape");
            assertThat(row("f7h2m4qa").locator(".tags .tag")).hasText(new String[] {"for the thesis", "baseline"});
            assertThat(noted("f7h2m4qa").tags()).containsExactly("for the thesis", "baseline");
        }

        @Test
        void saysWhatATagMustBe() {
            browser.expectProblem("400");
            browser.go("/");
            choose("t4p6c8de", "Edit tags");
            page().getByLabel("New tag").evaluate("(input) => input.removeAttribute('maxlength')");
            page().getByLabel("New tag").fill("t".repeat(51));
            page().keyboard().press("Enter");
            assertThat(page().getByRole(AriaRole.ALERT))
                    .hasText("A tag must have at most 50 characters, but one had 51.");
            assertThat(page().getByLabel("New tag")).hasValue("t".repeat(51));
        }
    }

    @Nested
    class Archiving {

        @Test
        void putsAwayAndCanBeUndone() {
            browser.go("/");
            choose("w5n0p8zz", "Archive");
            assertThat(rows()).hasCount(2);
            assertThat(page().locator(".toast")).containsText("wide-random is archived.");
            browser.isAccessible();
            browser.picture("sweeps-archived-toast", false);
            button("Undo").click();
            assertThat(rows()).hasCount(3);
            assertThat(noted("w5n0p8zz").archived()).isFalse();
            choose("w5n0p8zz", "Archive");
            button("Show archived 2").click();
            assertThat(rows()).hasCount(4);
            browser.isAccessible();
            browser.picture("sweeps-with-archived");
            choose("w5n0p8zz", "Unarchive");
            assertThat(page().locator(".toast")).containsText("wide-random is listed again.");
        }

        @Test
        void saysSoWhereAllAreArchived() {
            for (String id : List.of("f7h2m4qa", "t4p6c8de", "w5n0p8zz")) {
                Tracking.annotations(results).annotate(id, present -> present.withArchived(true));
            }
            browser.go("/");
            assertThat(page().getByText("All 4 sweeps are archived.")).isVisible();
            browser.isAccessible();
            browser.picture("sweeps-all-archived");
            page().locator(".none").getByText("Show archived").click();
            assertThat(rows()).hasCount(4);
        }
    }

    @Nested
    class Deleting {

        @Test
        void saysWhatItFreesAndNeedsAYes() {
            browser.go("/");
            choose("f7h2m4qa", "Delete…");
            Locator dialog = page().getByRole(AriaRole.DIALOG);
            assertThat(dialog).containsText("Delete clothing-heads for good?");
            assertThat(dialog).containsText("12 recorded trials, 11 finished");
            assertThat(dialog).containsText("3 kept models");
            assertThat(dialog).containsText("This frees 3.6 MB and cannot be undone.");
            assertThat(button("Cancel")).isFocused();
            browser.isAccessible();
            browser.picture("sweeps-delete", false);
            button("Cancel").click();
            assertThat(rows()).hasCount(3);
            assertThat(row("f7h2m4qa").locator(".row-more")).isFocused();
            choose("f7h2m4qa", "Delete…");
            page().keyboard().press("Escape");
            assertThat(dialog).isHidden();
            assertThat(reader.sweeps()).hasSize(4);

            choose("f7h2m4qa", "Delete…");
            button("Delete for good").click();

            assertThat(rows()).hasCount(2);
            assertThat(page().locator(".toast")).containsText("clothing-heads is deleted, 3.6 MB freed.");
            assertThat(reader.sweeps()).hasSize(3);
            assertThat(results.resolve("models/f7h2m4qa-1.safetensors")).doesNotExist();
            assertThat(results.resolve("models/t4p6c8de-1.safetensors")).exists();
            assertThat(Tracking.check(results)).isEmpty();
            page().reload();
            assertThat(rows()).hasCount(2);
        }

        @Test
        void waitsForTheSweepThatRuns() {
            try (SampleResults sample = SampleResults.in(results)) {
                sample.running("k3v9x2ab", "clothing", 24, 9, "mobilenet_v2", "xception");
                browser.go("/");
                choose("f7h2m4qa", "Delete…");
                assertThat(page().getByRole(AriaRole.ALERT))
                        .hasText(
                                "It cannot be deleted now: another sweep is running in this results directory; wait for"
                                        + " it, or stop it.");
                assertThat(button("Delete for good")).isDisabled();
                browser.isAccessible();
                browser.picture("sweeps-delete-refused", false);
            }
        }
    }

    @Nested
    class Noting {

        @Test
        void isMarkdownThatRunsNothing() {
            List<String> told = new ArrayList<>();
            page().onDialog(dialog -> {
                told.add(dialog.message());
                dialog.dismiss();
            });
            browser.go("/");
            choose("f7h2m4qa", "Add notes");
            button("Add notes").click();
            Locator text = page().getByLabel("Notes in Markdown");
            assertThat(text).isFocused();
            text.fill(XSS);
            button("Preview").click();
            assertThat(page().locator(".prose h3")).hasText("Why");
            browser.isAccessible();
            browser.picture("sweeps-notes-preview", false);
            button("Write").click();
            assertThat(text).hasValue(XSS);
            page().keyboard().press("Control+Enter");
            Locator prose = page().locator("dialog .prose");
            assertThat(prose.locator("em")).hasText("second");
            assertThat(prose).containsText("<img src=x onerror=\"alert(1)\">");
            assertThat(prose.locator("img, script, iframe, [onerror], [href^='javascript:']"))
                    .hasCount(0);
            assertThat(noted("f7h2m4qa").notes()).isEqualTo(XSS);
            browser.isAccessible();
            browser.picture("sweeps-notes", false);
            button("Close").click();
            assertThat(row("f7h2m4qa").locator(".excerpt")).containsText("Why The second try.");
            assertThat(told).isEmpty();
        }

        @Test
        void losesNothingTyped() {
            browser.expectProblem("507");
            browser.go("/");
            row("t4p6c8de").locator(".excerpt").click();
            assertThat(page().locator("dialog .prose strong")).hasText("2");
            button("Edit notes").click();
            Locator text = page().getByLabel("Notes in Markdown");
            text.fill("typed and not saved");
            page().keyboard().press("Escape");
            assertThat(text).hasValue("typed and not saved");
            page().route(
                            "**/api/v1/sweeps/t4p6c8de",
                            route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                                    .setStatus(507)
                                    .setBody("{\"error\": \"no space is left on the disk\"}")));
            button("Save").click();
            assertThat(page().getByRole(AriaRole.ALERT))
                    .hasText("No space is left on the disk. What you typed is still here.");
            browser.picture("sweeps-notes-failed", false);
            page().unroute("**/api/v1/sweeps/t4p6c8de");
            page().reload();
            row("t4p6c8de").locator(".excerpt").click();
            assertThat(text).hasValue("typed and not saved");
            button("Save").click();
            assertThat(page().locator("dialog .prose")).hasText("typed and not saved");
            assertThat(noted("t4p6c8de").notes()).isEqualTo("typed and not saved");
        }

        @Test
        void tellsOfSomebodyElsesChange() {
            browser.go("/");
            row("t4p6c8de").locator(".excerpt").click();
            button("Edit notes").click();
            page().getByLabel("Notes in Markdown").fill("mine");
            Tracking.annotations(results).annotate("t4p6c8de", present -> present.withNotes("theirs"));
            assertThat(page().getByText("Somebody changed these notes meanwhile. Saving replaces theirs."))
                    .isVisible();
            assertThat(page().getByLabel("Notes in Markdown")).hasValue("mine");
        }
    }

    @Test
    void learnsOfChangesElsewhereWithoutLosingWhatIsTyped() {
        browser.go("/");
        choose("f7h2m4qa", "Rename");
        page().getByLabel("Name of this sweep").fill("half a na");
        Tracking.annotations(results).annotate("w5n0p8zz", present -> present.withName("Renamed in a terminal"));
        assertThat(page().getByText("Renamed in a terminal")).isVisible();
        assertThat(page().getByLabel("Name of this sweep")).hasValue("half a na");
        assertThat(page().getByLabel("Name of this sweep")).isFocused();
    }

    @Test
    void copesWithManySweeps() throws IOException {
        try (SampleResults sample = SampleResults.in(results)) {
            for (int i = 0; i < 120; i++) {
                sample.ended(String.format("many%04d", i), "sweep-" + i, SweepState.FINISHED, 2 + i, 3, "sprout");
            }
        }
        browser.go("/");
        assertThat(rows()).hasCount(123);
        browser.picture("sweeps-many", false);
        page().getByLabel("Search sweeps").fill("sweep-119");
        assertThat(rows()).hasCount(1);
    }

    @Test
    void isCalmInEverySizeAndColour() {
        try (SampleResults sample = SampleResults.in(results)) {
            sample.running("k3v9x2ab", "clothing", 24, 9, "mobilenet_v2", "xception");
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (int width : new int[] {360, 768, 1440, 3840}) {
                    browser.open(width, width == 360 ? 740 : 900, scheme);
                    browser.go("/");
                    assertThat(rows()).hasCount(4);
                    browser.fits();
                    browser.isAccessible();
                    browser.picture("sweeps-list-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
                }
                browser.open(360, 740, scheme);
                browser.go("/?archived=1");
                choose("t4p6c8de", "Edit tags");
                page().getByLabel("New tag").fill("x");
                row("f7h2m4qa").locator(".row-more").click();
                browser.fits();
                browser.picture("sweeps-narrow-editing-" + scheme.name().toLowerCase(Locale.ROOT));
                page().keyboard().press("Escape");
                choose("f7h2m4qa", "Delete…");
                assertThat(page().getByRole(AriaRole.DIALOG)).containsText("3 kept models");
                browser.isAccessible();
                browser.picture("sweeps-narrow-delete-" + scheme.name().toLowerCase(Locale.ROOT), false);
            }
        }
    }
}
