package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SpeedCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new SpeedCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failures())
                .execute(arguments);
    }

    @ParameterizedTest
    @CsvSource({"2048, 1024, 42", "1024, 1024, 170", "2048, 43, 42"})
    void refusesImagesAndBatchesThatAreTooLargeTogether(String size, String batch, int most) {
        assertThat(run("sprout", "--image-size", size, "--batch-size", batch)).isEqualTo(ExitCode.USAGE);
        assertThat(err)
                .hasToString("--batch-size must be at most " + most + " for images of " + size + " pixels, but was "
                        + batch + System.lineSeparator());
    }

    @Test
    void measuresBothEngines() {
        int code = run("sprout", "--image-size", "32", "--batch-size", "2", "--seconds", "0");
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("(?m)^sprout +32 +[0-9,]+ +[0-9.]+ +[0-9.]+ +[0-9.]+");
    }
}
