package dev.graft.dashboard;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
        // The recorded trials are made up, and so are the names of their images: there is none to show.
        browser.expectProblem("Failed to load resource");
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
