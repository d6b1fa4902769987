package dev.graft.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The commands. Reading the options of all of them takes longer than most of them run: only those in question are. */
final class Commands {

    private static final List<Class<?>> ALL = List.of(
            DemoCommand.class,
            RunCommand.class,
            ResumeCommand.class,
            ExtendCommand.class,
            StopCommand.class,
            ValidateCommand.class,
            PlanCommand.class,
            LsCommand.class,
            ShowCommand.class,
            TrialCommand.class,
            AnnotateCommand.class,
            DeleteCommand.class,
            UiCommand.class,
            ExportCommand.class,
            PredictCommand.class,
            EvaluateCommand.class,
            VerifyCommand.class,
            BasesCommand.class,
            GcCommand.class,
            BackupCommand.class,
            DoctorCommand.class,
            PretrainSproutCommand.class,
            WorkerCommand.class);

    /** What asks for no more of a command than its line in the list. */
    private static final Set<String> ABOUT = Set.of("-h", "--help", "-V", "--version");

    private Commands() {}

    /** Adds the command that the arguments call, or a list where they ask for one, or else every command. */
    static void addTo(CommandLine program, String... arguments) {
        if (arguments.length == 0 || arguments.length == 1 && ABOUT.contains(arguments[0])) {
            ALL.forEach(type -> program.addSubcommand(outline(type.getAnnotation(Command.class))));
            return;
        }
        Optional<Class<?>> called = ALL.stream()
                .filter(type -> type.getAnnotation(Command.class).name().equals(arguments[0]))
                .findFirst();
        // A word that is no command may be a misspelt one, or name a file of arguments.
        called.map(List::<Class<?>>of).orElse(ALL).forEach(program::addSubcommand);
    }

    private static CommandSpec outline(Command command) {
        CommandSpec spec = CommandSpec.create().name(command.name());
        spec.usageMessage().description(command.description()).hidden(command.hidden());
        return spec;
    }
}
