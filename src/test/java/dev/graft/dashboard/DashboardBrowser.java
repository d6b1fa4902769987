package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.track.TrackReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A dashboard and a real browser before it, for each test; registered with {@code @RegisterExtension}. The test fails
 * where the page wrote an error or a warning to the console. Without a Chromium on the PATH tests are skipped.
 */
final class DashboardBrowser implements BeforeEachCallback, AfterEachCallback {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Set<String> SERIOUS = Set.of("serious", "critical", "moderate");

    private final List<String> problems = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private Browser browser;
    private Dashboard dashboard;
    private BrowserContext context;
    private Page page;

    /** The browser of all tests of one run. */
    private record Chromium(Playwright playwright, Browser browser)
            implements AutoCloseable, ExtensionContext.Store.CloseableResource {

        static Chromium open() {
            Optional<Path> file = find();
            assumeTrue(file.isPresent(), "there is no chromium, chromium-browser or google-chrome on the PATH");
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            return new Chromium(
                    playwright,
                    playwright
                            .chromium()
                            .launch(new BrowserType.LaunchOptions()
                                    .setExecutablePath(file.get())
                                    .setArgs(List.of(
                                            "--no-sandbox",
                                            "--disable-gpu",
                                            "--disable-background-networking",
                                            "--disable-component-update",
                                            "--disable-sync",
                                            "--no-first-run"))));
        }

        private static Optional<Path> find() {
            String path = System.getenv().getOrDefault("PATH", "");
            return Stream.of("chromium", "chromium-browser", "google-chrome")
                    .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        Files.createDirectories(PICTURES);
        browser = test.getRoot()
                .getStore(ExtensionContext.Namespace.create(DashboardBrowser.class))
                .getOrComputeIfAbsent(Chromium.class, key -> Chromium.open(), Chromium.class)
                .browser();
        open(1440, 900, ColorScheme.LIGHT);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (context != null) {
            context.close();
        }
        if (dashboard != null) {
            dashboard.close();
        }
        problems.removeIf(problem -> expected.stream().anyMatch(problem::contains));
        if (test.getExecutionException().isEmpty()) {
            assertThat(problems).as("errors on the console").isEmpty();
        }
    }

    /** Serves a record that cannot be changed. */
    void serve(TrackReader reader) {
        serve(Content.of(reader));
    }

    /** Starts a dashboard, in place of the one there was. */
    void serve(Content content) {
        serve(content, 0);
    }

    /** Starts a dashboard at a port. */
    void serve(Content content, int port) {
        if (dashboard != null) {
            dashboard.close();
        }
        dashboard = Dashboard.start(content, "127.0.0.1", port, Optional.empty(), List.of());
    }

    Dashboard dashboard() {
        return dashboard;
    }

    /** Opens a window anew, with nothing remembered. */
    Page open(int width, int height, ColorScheme scheme) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setAcceptDownloads(true));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                note(message.text());
            }
        });
        page.onPageError(this::note);
        return page;
    }

    Page page() {
        return page;
    }

    BrowserContext context() {
        return context;
    }

    String address(String path) {
        return "http://127.0.0.1:" + dashboard.port() + path;
    }

    /** Goes to a page and waits until it has something to show. */
    Page go(String path) {
        page.navigate(address(path));
        page.locator("h1").waitFor();
        return page;
    }

    /** Requires that nothing must be scrolled sideways. */
    void fits() {
        Object over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(over).as("pixels to scroll sideways at " + page.url()).isEqualTo(0);
    }

    /** Requires that axe-core finds nothing at least moderately wrong, contrast AA included. */
    void isAccessible() {
        List<String> found = new AxeBuilder(page)
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                        .analyze()
                        .getViolations()
                        .stream()
                        .filter(rule -> SERIOUS.contains(rule.getImpact()))
                        .map(DashboardBrowser::text)
                        .toList();
        assertThat(found).as("what axe-core finds at " + page.url()).isEmpty();
    }

    private static String text(Rule rule) {
        return rule.getId() + " (" + rule.getImpact() + "): " + rule.getHelp() + " "
                + rule.getNodes().stream()
                        .limit(5)
                        .map(node -> node.getTarget() + " " + node.getFailureSummary())
                        .toList();
    }

    /** Takes a picture of the whole page, {@code target/screenshots/NAME.png}. */
    void picture(String name) {
        picture(name, true);
    }

    void picture(String name, boolean whole) {
        // Charts are drawn after the data has come.
        page.waitForTimeout(250);
        page.screenshot(new Page.ScreenshotOptions().setFullPage(whole).setPath(PICTURES.resolve(name + ".png")));
    }

    /** Forgives what contains these words on the console. */
    void expectProblem(String part) {
        expected.add(part);
    }

    private void note(String problem) {
        String text = problem.replaceAll("'sha256-[^']*'", "…");
        if (!problems.contains(text)) {
            problems.add(text);
        }
    }
}
