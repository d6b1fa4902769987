package dev.graft.cli;

import dev.graft.base.WeightException;
import dev.graft.dashboard.DashboardException;
import dev.graft.data.DataException;
import dev.graft.export.ExportException;
import dev.graft.features.FeatureStoreException;
import dev.graft.fetch.FetchException;
import dev.graft.onnx.OnnxException;
import dev.graft.run.ResumeException;
import dev.graft.spec.PlainText;
import dev.graft.spec.SweepFileException;
import dev.graft.track.AnnotationException;
import dev.graft.track.StoreException;
import dev.graft.track.UnknownSweepException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into a message and an exit code; only bugs show a stack trace. */
final class Failures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult result) {
        PrintWriter err = commandLine.getErr();
        if (exception instanceof SweepFileException file) {
            file.problems().forEach(err::println);
            int count = file.problems().size();
            err.println(count == 1 ? "1 problem; nothing was run" : count + " problems; nothing was run");
            return ExitCode.SWEEP_FILE;
        }
        if (exception instanceof WeightException
                || exception instanceof DataException
                || exception instanceof ExportException
                || exception instanceof FetchException
                || exception instanceof FeatureStoreException
                || exception instanceof OnnxException
                || exception instanceof ResumeException
                || exception instanceof StoreException
                || exception instanceof DashboardException
                || exception instanceof UsageException) {
            err.println(PlainText.lines(String.valueOf(exception.getMessage())));
            boolean usage = exception instanceof UsageException
                    || exception instanceof UnknownSweepException
                    || exception instanceof AnnotationException;
            return usage ? ExitCode.USAGE : ExitCode.ENVIRONMENT;
        }
        err.println("This is a bug in Graft. Please report it with what follows.");
        exception.printStackTrace(err);
        return ExitCode.BUG;
    }
}
