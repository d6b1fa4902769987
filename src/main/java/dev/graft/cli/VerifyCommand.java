package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.features.FeatureStore;
import dev.graft.run.Home;
import dev.graft.run.RecordedSweep;
import dev.graft.run.SweepSetup;
import dev.graft.run.TrialVerification;
import dev.graft.spec.SweepFile;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft verify}. */
@Command(
        name = "verify",
        description =
                "Train a finished trial once more, by itself and with Deeplearning4j alone, and compare every epoch"
                        + " with the record.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class VerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SWEEP|TRIAL", description = "a trial as in latest-7, or a sweep (its best trial)")
    private String reference;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Weights weights;

    @Mixin
    private Places.Net net;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        try (TrackReader track = Tracking.openAsItStands(results.path, InstantSource.system())) {
            TrialRecord trial = References.trialOrBest(track, reference);
            if (trial.state() != TrialState.FINISHED) {
                throw new UsageException("only a finished trial can be verified, but " + trial.id() + " is "
                        + trial.state().word());
            }
            SweepRecord sweep = track.sweep(trial.sweepId());
            RecordedSweep recorded = new RecordedSweep(sweep, List.of(trial));
            Home home = Places.home();
            Catalogue catalogue = weights.catalogue(recorded.weightFolders(), home, net.fetcher(err));
            SweepFile.Parsed file = recorded.file(catalogue);
            SweepSetup setup = recorded.setup(file, catalogue, home, net.fetcher(err));
            FeatureStore store =
                    new FeatureStore(home.features(), InstantSource.system(), Places.cacheMaxBytes(file.sweep()));
            StatusLine status = StatusLine.of(err);
            TrialVerification verification = TrialVerification.of(
                    setup, trial, track.epochs(trial.id()), store, Places.threads(), new TrialVerification.Progress() {
                        @Override
                        public void images(long done, long total) {
                            status.renew(
                                    OptionalDouble.of((double) done / total),
                                    () -> "frozen base: " + done + " of " + total + " images");
                        }

                        @Override
                        public void epoch(TrialVerification.Epoch epoch) {
                            status.renew(
                                    OptionalDouble.of((double) epoch.epoch() / trial.epochs()),
                                    () -> "epoch " + epoch.epoch() + ", difference "
                                            + String.format(Locale.ROOT, "%.1e", epoch.worst()));
                        }
                    });
            status.clear();
            table(verification).forEach(out::println);
            out.println();
            out.println(verdict(trial.id(), verification));
            return verification.agrees() ? ExitCode.OK : ExitCode.TRIALS_FAILED;
        }
    }

    private static List<String> table(TrialVerification verification) {
        List<String> header = new ArrayList<>(List.of("epoch"));
        for (String metric : TrialVerification.METRICS) {
            header.add(metric);
            header.add("alone");
        }
        header.add("difference");
        TextTable table = new TextTable(
                header, Set.copyOf(IntStream.range(0, header.size()).boxed().toList()));
        for (TrialVerification.Epoch epoch : verification.epochs()) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(epoch.epoch())));
            for (String metric : TrialVerification.METRICS) {
                cells.add(Words.metric(metric, epoch.recorded().getOrDefault(metric, Double.NaN)));
                cells.add(Words.metric(metric, epoch.alone().getOrDefault(metric, Double.NaN)));
            }
            cells.add(String.format(Locale.ROOT, "%.1e", epoch.worst()));
            table.row(cells);
        }
        return table.lines();
    }

    private static String verdict(String id, TrialVerification verification) {
        String apart = String.format(
                Locale.ROOT,
                "metrics differ by at most %.1e (allowed: %.0e)",
                verification.worst(),
                TrialVerification.TOLERANCE);
        String ends = verification.recorded() == verification.alone()
                        && verification.recordedKept() == verification.aloneKept()
                ? "both end after epoch " + verification.alone() + " and keep epoch " + verification.aloneKept()
                : "the record ends after epoch " + verification.recorded() + " and keeps epoch "
                        + verification.recordedKept() + ", alone it ends after epoch " + verification.alone()
                        + (verification.aloneKept() == 0
                                ? " and keeps none"
                                : " and keeps epoch " + verification.aloneKept());
        return "trial " + id
                + (verification.agrees()
                        ? " agrees with its training alone: "
                        : " does NOT agree with its training alone: ")
                + apart + "; " + ends;
    }
}
