package dev.graft.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.dashboard.Content;
import dev.graft.dashboard.Dashboard;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a picture of a page of the dashboard over a real record: {@code java dev.graft.bench.DashboardPicture RESULTS PATH
 * FILE}, with a path like {@code /sweeps/latest}. The README's is made by {@code docs/images/make}.
 */
public final class DashboardPicture {

    private DashboardPicture() {}

    public static void main(String[] arguments) {
        Path results = Path.of(arguments[0]);
        try (TrackReader reader = Tracking.openAsItStands(results, InstantSource.system());
                Dashboard dashboard = Dashboard.start(
                        new Content(reader, Optional.of(results)), "127.0.0.1", 0, Optional.empty(), List.of());
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(ManyTrialsPage.chromium())
                                .setArgs(List.of("--no-sandbox", "--disable-gpu")));
                Page page = browser.newPage(
                        new Browser.NewPageOptions().setViewportSize(1500, 1180).setColorScheme(ColorScheme.LIGHT))) {
            page.navigate("http://127.0.0.1:" + dashboard.port() + arguments[1]);
            page.locator("graft-sweep-curves canvas, h1").first().waitFor();
            // Cards ask for what they show when they come into sight, and charts are drawn after that.
            page.waitForTimeout(3000);
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(arguments[2])));
        }
    }
}
