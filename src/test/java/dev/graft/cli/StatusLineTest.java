package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusLineTest {

    private static final OptionalDouble HALF = OptionalDouble.of(0.5);

    private final StringWriter text = new StringWriter();
    private long nanos;

    private StatusLine line(boolean terminal, boolean colours, int columns) {
        return new StatusLine(new PrintWriter(text), terminal, colours, columns, () -> nanos);
    }

    /** Returns what the last line shows, without what colours it. */
    private String last() {
        String shown = text.toString();
        return shown.substring(shown.lastIndexOf("\033[K") + 3).replaceAll("\033\\[[0-9]*m", "");
    }

    @Test
    void aPipeGetsTheLinesThatStayAlone() {
        StatusLine status = line(false, true, 80);
        status.renewNow(HALF, "half");
        status.renew(HALF, () -> "half");
        status.line("one\033[31m");
        status.clear();
        assertThat(text).hasToString("one\\u001B[31m" + System.lineSeparator());
    }

    @Test
    void linesThatStayAreWholeAndReplaceTheOneThatDoesNot() {
        StatusLine status = line(true, true, 40);
        status.renewNow(HALF, "half");
        status.line("x".repeat(100));
        assertThat(text.toString()).endsWith("half\r\033[K" + "x".repeat(100) + System.lineSeparator());
    }

    @Test
    void renewsTenTimesASecondAtMost() {
        StatusLine status = line(true, true, 80);
        status.renew(HALF, () -> "first");
        nanos += 99_999_999;
        status.renew(HALF, () -> "soon");
        assertThat(last()).endsWith("first");
        nanos += 1;
        status.renew(HALF, () -> "later");
        assertThat(last()).endsWith("later");
        status.renewNow(HALF, "now");
        assertThat(last()).endsWith("now");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 80, 49, 48, 10, 1, 0})
    void isCutToTheTerminal(int columns) {
        line(true, true, columns).renewNow(HALF, "x".repeat(300));
        assertThat(last()).hasSize(Math.max(0, columns - 1));
        if (columns > 1) {
            assertThat(last()).endsWith("…");
        }
    }

    @Test
    void whatFitsIsNotCut() {
        line(true, true, 80).renewNow(HALF, "x".repeat(54));
        assertThat(last()).hasSize(79).doesNotContain("…");
    }

    @Test
    void controlCharactersOfNamesAreNotShown() {
        line(true, true, 80).renewNow(OptionalDouble.empty(), "a\033[31mb\nc");
        assertThat(text).hasToString("\r\033[Ka\\u001B[31mb\\u000Ac");
    }

    @Nested
    class Bars {

        @ParameterizedTest
        @CsvSource({"0, 0", "0.5, 12", "0.99, 23", "1, 24", "1.5, 24", "-1, 0"})
        void showHowMuchIsDone(double part, int cells) {
            line(true, false, 80).renewNow(OptionalDouble.of(part), "text");
            assertThat(last()).isEqualTo("━".repeat(cells) + "─".repeat(24 - cells) + " text");
        }

        @Test
        void haveNoColoursWhereNoneAreWanted() {
            line(true, false, 80).renewNow(HALF, "text");
            assertThat(text.toString()).doesNotContain("\033[2m", "\033[32m", "\033[0m");
        }

        @Test
        void haveColoursWhereTheyAre() {
            line(true, true, 80).renewNow(HALF, "text");
            assertThat(text.toString()).contains("\033[32m━", "\033[2m━");
        }

        @Test
        void areLeftOutWhereNobodyKnows() {
            line(true, true, 80).renewNow(OptionalDouble.empty(), "text");
            assertThat(text).hasToString("\r\033[Ktext");
        }
    }

    @Test
    void theEnvironmentSaysWhetherColoursAreWanted() {
        assertThat(Places.coloursWanted(Map.of())).isTrue();
        assertThat(Places.coloursWanted(Map.of("NO_COLOR", "", "TERM", "xterm")))
                .isTrue();
        assertThat(Places.coloursWanted(Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(Places.coloursWanted(Map.of("TERM", "dumb"))).isFalse();
    }
}
