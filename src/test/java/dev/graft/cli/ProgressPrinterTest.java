package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {

    private final StringWriter text = new StringWriter();
    private long nanos;
    private final ProgressPrinter progress =
            new ProgressPrinter(new StatusLine(new PrintWriter(text), true, false, 100, () -> nanos));

    private void left(double seconds) {
        nanos += 1_000_000_000;
        progress.timeLeft(OptionalDouble.of(seconds));
    }

    private String last() {
        return text.toString().substring(text.toString().lastIndexOf("\033[K") + 3);
    }

    @Test
    void theTimeLeftStandsAtTheEndOfTheLine() {
        left(250);
        assertThat(last()).endsWith("0/0    4 min 10 s left");
    }

    @Test
    void theLineIsNotPaintedAgainWhereItWouldReadTheSame() {
        left(250);
        String painted = text.toString();
        left(249);
        left(248);
        assertThat(text).hasToString(painted);
        left(240);
        assertThat(last()).endsWith("4 min left");
    }

    @Test
    void nothingIsSaidWhereNothingIsKnown() {
        left(250);
        nanos += 1_000_000_000;
        progress.timeLeft(OptionalDouble.empty());
        assertThat(last()).doesNotContain("left");
    }
}
