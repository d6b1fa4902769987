package dev.graft.cli;

import dev.graft.run.Provenance;
import dev.graft.spec.PlainText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: {@code graft COMMAND}. */
@Command(
        name = "graft",
        description = "Hyperparameter sweeps for transfer learning on images.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Graft.Version.class)
public final class Graft implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Asks Deeplearning4j and jHDF to be quiet before their classes load, runs a command and exits with its code. */
    public static void main(String[] args) {
        System.setProperty("org.nd4j.log.initialization", "false");
        System.setProperty("java.awt.headless", "true");
        System.exit(execute(args));
    }

    /** Runs a command and returns its exit code. */
    static int execute(String... args) {
        StandardOutput standardOutput = new StandardOutput();
        CommandLine commandLine = new CommandLine(new Graft());
        Commands.addTo(commandLine, args);
        // What is set now is set for the commands, too.
        commandLine
                .setOut(new PrintWriter(standardOutput, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new Failures());
        commandLine.setParameterExceptionHandler((exception, arguments) -> {
            CommandLine failed = exception.getCommandLine();
            failed.getErr().println(PlainText.lines(message(exception)));
            failed.getErr().println("See: " + Places.command() + " " + helpFor(failed) + "--help");
            return ExitCode.USAGE;
        });
        int code = commandLine.execute(args);
        commandLine.getOut().flush();
        if (!standardOutput.failure().isEmpty()) {
            commandLine.getErr().println("standard output could not be written to: " + standardOutput.failure());
            return code == ExitCode.OK ? ExitCode.ENVIRONMENT : code;
        }
        return code;
    }

    private static String message(ParameterException exception) {
        if (exception instanceof CommandLine.UnmatchedArgumentException unmatched
                && unmatched.getCommandLine().getParent() == null) {
            String word = unmatched.getUnmatched().get(0);
            return (word.startsWith("-") ? "there is no option " : "there is no command ")
                    + word
                    + unmatched.getSuggestions().stream()
                            .findFirst()
                            .map(s -> "; did you mean " + s + "?")
                            .orElse("");
        }
        return String.valueOf(exception.getMessage());
    }

    private static String helpFor(CommandLine commandLine) {
        return commandLine.getParent() == null
                ? ""
                : helpFor(commandLine.getParent()) + commandLine.getCommandName() + " ";
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: for example graft demo");
    }

    /** Tells this build's version. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"graft " + Provenance.version()};
        }
    }
}
