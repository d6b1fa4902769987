package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource({"0.001, 0.001", "1e-4, 0.0001", "1e-5, 1e-5", "2.5e-6, 2.5e-6", "64.0, 64", "0.0, 0", "1e20, 1e20"})
    void parametersReadAsUsersWriteThem(double value, String words) {
        assertThat(Words.value(value)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0.0123, 12 ms", "3.21, 3.2 s", "65, 1 min 05 s", "7800, 2 h 10 min"})
    void timesReadAsPeopleSayThem(double seconds, String words) {
        assertThat(Words.seconds(seconds)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "0.2, under 1 s",
        "7.6, 8 s",
        "43, 45 s",
        "58, 1 min",
        "97, 1 min 40 s",
        "599, 10 min",
        "754, 13 min",
        "3590, 1 h",
        "7900, 2 h 10 min",
        "NaN, ?",
        "-1, ?"
    })
    void expectedTimesAreRounded(double seconds, String words) {
        assertThat(Words.about(seconds)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"999, 999 B", "1000, 1.0 kB", "17700000, 17.7 MB", "3000000000000, 3.0 TB"})
    void bytesCountInThousands(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"val_accuracy, 0.8504, 85.0 %", "val_loss, 0.47238, 0.4724", "val_loss, NaN, NaN"})
    void metricsShowTheDigitsThatMeanSomething(String name, double value, String words) {
        assertThat(Words.metric(name, value)).isEqualTo(words);
    }
}
