package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hot dog",
                "it's \"quoted\" \\ back",
                "\u00C4rmel \u9774 \u0645\u0631\u062D\u0628\u0627",
                "e\u0301",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"
            })
    void leavesLettersOfEveryScriptAlone(String text) {
        assertThat(PlainText.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "27, \\u001B",
        "10, \\u000A",
        "0, \\u0000",
        "127, \\u007F",
        "155, \\u009B",
        "8238, \\u202E",
        "8233, \\u2029",
        "8294, \\u2066",
        "8203, \\u200B",
        "55357, \\uD83D",
        "917569, \\U000E0041"
    })
    void showsWhatATerminalWouldObey(int character, String escape) {
        assertThat(PlainText.of("a" + Character.toString(character) + "b")).isEqualTo("a" + escape + "b");
    }

    @Test
    void keepsLinesWhereThereMayBeSeveral() {
        assertThat(PlainText.lines("a\n\tb\r\u001B[2J")).isEqualTo("a\n\\u0009b\\u000D\\u001B[2J");
    }
}
