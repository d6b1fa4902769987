package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GcCommandTest {

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        "--older-than=3, --older-than goes with --features",
        "--features --older-than=-1, '--older-than must be at least 0 days, but was -1'"
    })
    void refusesAgesThatMeanNothing(String arguments, String message) {
        int code = new CommandLine(new GcCommand())
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failures())
                .execute(arguments.split(" "));
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err).hasToString(message + System.lineSeparator());
    }
}
