package dev.graft.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.train.EpochResult;
import dev.graft.train.TrialListener;
import dev.graft.train.TrialOutcome;
import dev.graft.train.TrialSetup;
import dev.graft.train.TrialTrainer;
import java.nio.file.Path;
import java.util.Map;

/**
 * Trains the first trial of a sweep alone with Deeplearning4j: {@code SWEEP_FILE GRAFT_HOME WEIGHTS}. It does so twice,
 * and prints the seconds of the second time, with Java and its compiler warm.
 */
final class HeadSpeed {

    private HeadSpeed() {}

    public static void main(String[] arguments) throws Exception {
        StoredSweep sweep = StoredSweep.open(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        TrialSetup trial = sweep.trial(sweep.setup().trials().get(0));
        train(trial);
        long start = System.nanoTime();
        TrialOutcome outcome = train(trial);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(
                new ObjectMapper().writeValueAsString(Map.of("seconds", seconds, "epochs", outcome.epochs())));
    }

    private static TrialOutcome train(TrialSetup trial) {
        return TrialTrainer.standAlone(trial, new TrialListener() {
            @Override
            public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {}

            @Override
            public boolean cancelled() {
                return false;
            }
        });
    }
}
