package dev.graft.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.graft.dashboard.Content;
import dev.graft.dashboard.Dashboard;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * How long the page of a sweep of 10,000 trials takes in a real browser: until something is painted, until trials and
 * curves are there, from page to page of the table, to filter, and how long drawing holds up the page.
 *
 * <p>{@code java dev.graft.bench.ManyTrialsPage RESULTS} makes the record where there is none, and prints medians.
 */
public final class ManyTrialsPage {

    private static final int RUNS = 7;

    private ManyTrialsPage() {}

    public static void main(String[] arguments) throws Exception {
        Path results = Path.of(arguments[0]);
        if (!Files.exists(results.resolve("track.sqlite"))) {
            ManyTrials.write(results, 10_000, 50);
        }
        Path chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        try (TrackReader reader = Tracking.openAsItStands(results, InstantSource.system());
                Dashboard dashboard = Dashboard.start(Content.of(reader), "127.0.0.1", 0, Optional.empty(), List.of());
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium)
                                .setArgs(List.of("--no-sandbox", "--disable-gpu")))) {
            String address = "http://127.0.0.1:" + dashboard.port() + "/sweeps/" + ManyTrials.SWEEP;
            // The first reading of all trials is the server's, once; it is told by itself.
            System.out.println("| what | milliseconds |\n|---|---:|");
            row("first of all: until the table is there, nothing read before", load(browser, address, TABLE));
            row("first contentful paint", median(() -> load(browser, address, PAINT)));
            row("until the table's first page is there", median(() -> load(browser, address, TABLE)));
            row("until the learning curves are drawn", median(() -> load(browser, address, CURVES)));
            try (Page page = browser.newPage()) {
                page.navigate(address);
                page.waitForFunction(TABLE);
                row("to the next page of the table", median(() -> nextPage(page)));
                row("sorted by another column", median(() -> sorted(page)));
                row("longest task while the whole page is scrolled through", scrolled(page));
            }
        }
    }

    private static final String PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    private static final String TABLE =
            "() => document.querySelectorAll('.trials tbody tr').length > 0 ? performance.now() : null";
    private static final String CURVES =
            "() => document.querySelector('graft-sweep-curves canvas') ? performance.now() : null";

    private static double load(Browser browser, String address, String what) {
        try (Page page = browser.newPage()) {
            page.navigate(address);
            return ((Number) page.waitForFunction(what).jsonValue()).doubleValue();
        }
    }

    private static double nextPage(Page page) {
        return ((Number) page.evaluate("async () => {"
                        + "const first = () => document.querySelector('.trials tbody tr')?.dataset.trial;"
                        + "const before = first(); const begun = performance.now();"
                        + "[...document.querySelectorAll('.pages button')].find((b) => b.textContent === 'Next').click();"
                        + "while (first() === before) await new Promise((r) => requestAnimationFrame(r));"
                        + "return performance.now() - begun; }"))
                .doubleValue();
    }

    private static double sorted(Page page) {
        return ((Number) page.evaluate("async () => {"
                        + "const first = () => document.querySelector('.trials tbody tr')?.dataset.trial;"
                        + "const before = first(); const begun = performance.now();"
                        + "[...document.querySelectorAll('.trials thead button')].find((b) => b.textContent.includes('Val loss'))"
                        + ".click();"
                        + "while (first() === before) await new Promise((r) => requestAnimationFrame(r));"
                        + "return performance.now() - begun; }"))
                .doubleValue();
    }

    private static double scrolled(Page page) {
        page.evaluate(
                "() => { window.longest = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
                        + " window.longest = Math.max(window.longest, e.duration); }).observe({entryTypes: ['longtask']}); }");
        for (int y = 0; y < 4000; y += 250) {
            page.evaluate("y => scrollTo(0, y)", y);
            page.waitForTimeout(250);
        }
        return ((Number) page.evaluate("() => window.longest")).doubleValue();
    }

    private static double median(DoubleSupplier measured) {
        List<Double> values = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            values.add(measured.getAsDouble());
        }
        return values.stream().sorted().toList().get(RUNS / 2);
    }

    private static void row(String what, double milliseconds) {
        System.out.printf("| %s | %.0f |%n", what, milliseconds);
    }
}
