package dev.graft.dashboard;

import dev.graft.track.EpochRecord;
import dev.graft.track.Prediction;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Makes trials whose curves and predictions look like real ones: a better learning rate learns better. */
final class SampleTrial {

    private SampleTrial() {}

    /** Adds a trial with its epochs; a finished one also has predictions. */
    static TrialRecord add(
            FakeReader reader,
            String sweepId,
            int number,
            TrialState state,
            Map<String, Object> parameters,
            List<String> classes,
            Instant startedAt) {
        String id = sweepId + "-" + number;
        Random random = new Random(number * 31L + sweepId.hashCode());
        boolean open = state == TrialState.WAITING;
        List<EpochRecord> epochs = open ? List.of() : epochs(parameters, state, random);
        TrialRecord.@org.jspecify.annotations.Nullable Epoch best = null;
        for (EpochRecord epoch : epochs) {
            double value = epoch.metrics().getOrDefault("val_accuracy", Double.NaN);
            if (Double.isFinite(value)
                    && (best == null || value > best.metrics().getOrDefault("val_accuracy", 0.0))) {
                best = new TrialRecord.Epoch(epoch.epoch(), epoch.metrics());
            }
        }
        EpochRecord last = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
        double head = 0.9 * epochs.size() + random.nextDouble();
        Map<String, Double> seconds = new LinkedHashMap<>();
        if (!state.isOpen()) {
            seconds.put("decode", 2.1 + random.nextDouble());
            seconds.put("prefix", 9.4 + 3 * random.nextDouble());
            seconds.put("head", head);
            seconds.put("tail", depth(parameters) > 0 ? 31.0 : 0.0);
            seconds.put("validation", 0.2 * epochs.size());
            double own = seconds.get("head") + seconds.get("tail") + seconds.get("validation");
            seconds.put("total", own + 0.8);
        }
        TrialRecord trial = new TrialRecord(
                id,
                sweepId,
                number,
                state,
                reason(state, epochs.size()),
                parameters,
                5_914_260_311_774_512L + number,
                open ? "" : "a1b2c3d" + (parameters.hashCode() & 1),
                (parameters.hashCode() & 1) == 1,
                open ? 0 : state == TrialState.CRASHED ? 2 : 1,
                epochs.size(),
                best == null ? 0 : best.epoch(),
                Optional.ofNullable(best),
                Optional.ofNullable(last).map(epoch -> new TrialRecord.Epoch(epoch.epoch(), epoch.metrics())),
                open ? Optional.empty() : Optional.of(startedAt),
                state.isOpen()
                        ? Optional.empty()
                        : Optional.of(startedAt.plusMillis((long) (1000 * seconds.getOrDefault("total", 0.0)))),
                seconds,
                "",
                "",
                OptionalLong.of(2_422_210));
        reader.put(trial);
        reader.put(id, epochs);
        if (best != null && state == TrialState.FINISHED) {
            reader.predict(id, predictions(classes, best.metrics().getOrDefault("val_accuracy", 0.5), random));
        }
        return trial;
    }

    private static String reason(TrialState state, int epochs) {
        return switch (state) {
            case FINISHED -> "early stopping after epoch " + epochs;
            case FAILED -> "loss is NaN at epoch " + epochs + ", step 12";
            case CRASHED -> "worker ended with signal 11 (SIGSEGV) in libnd4jcpu.so";
            case PRUNED -> "0.512 at epoch " + epochs + " is below the median 0.734";
            case CANCELLED -> "stopped with Ctrl-C";
            default -> "";
        };
    }

    private static int depth(Map<String, Object> parameters) {
        return parameters.get("fine_tune_depth") instanceof Number depth ? depth.intValue() : 0;
    }

    private static List<EpochRecord> epochs(Map<String, Object> parameters, TrialState state, Random random) {
        double rate = parameters.get("learning_rate") instanceof Number number ? number.doubleValue() : 0.001;
        double dropout = parameters.get("dropout") instanceof Number number ? number.doubleValue() : 0;
        double miss = Math.abs(Math.log10(rate) + 3);
        double top = 0.87 - 0.045 * miss * miss - 0.03 * Math.abs(dropout - 0.2) + 0.008 * random.nextGaussian();
        double speed = rate >= 0.01 ? 1.2 : rate >= 0.001 ? 0.6 : 0.28;
        int head = state == TrialState.RUNNING ? 4 : state == TrialState.FAILED ? 2 : 8 + random.nextInt(6);
        int tail = depth(parameters) > 0 && state == TrialState.FINISHED ? 6 : 0;
        List<EpochRecord> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= head + tail; epoch++) {
            boolean tuning = epoch > head;
            double reached = top * (1 - 0.75 * Math.exp(-speed * epoch))
                    + (tuning ? 0.012 * Math.log(epoch - head + 1.0) : 0)
                    + 0.006 * random.nextGaussian();
            double accuracy = Math.max(0.08, Math.min(0.995, reached));
            double loss = 2.1 * Math.exp(-0.8 * speed * epoch) + 0.5 * (1 - top) + (rate >= 0.01 ? 0.03 * epoch : 0);
            boolean broken = state == TrialState.FAILED && epoch == head;
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("loss", broken ? Double.NaN : loss * 0.9);
            metrics.put("val_loss", broken ? Double.NaN : loss + 0.35 + 0.01 * random.nextGaussian());
            metrics.put("val_accuracy", broken ? Double.NaN : accuracy);
            metrics.put("val_macro_f1", broken ? Double.NaN : accuracy - 0.018);
            metrics.put("learning_rate", tuning ? rate * 0.1 : rate);
            epochs.add(new EpochRecord(epoch, tuning ? 2 : 1, metrics, List.of()));
        }
        return epochs;
    }

    private static List<Prediction> predictions(List<String> classes, double accuracy, Random random) {
        List<Prediction> list = new ArrayList<>();
        for (int image = 0; image < 34 * classes.size(); image++) {
            int label = image % classes.size();
            boolean right = random.nextDouble() < accuracy;
            int step = random.nextInt(3) < 2 ? 1 : 1 + random.nextInt(classes.size() - 1);
            int predicted = right ? label : (label + step) % classes.size();
            double confidence = right ? 0.6 + 0.4 * random.nextDouble() : 0.35 + 0.64 * random.nextDouble();
            double own = right ? confidence : (1 - confidence) * random.nextDouble();
            list.add(new Prediction(
                    "validation/" + classes.get(label) + "/" + String.format("%05d", 1000 + image * 7) + ".jpg",
                    label,
                    predicted,
                    confidence,
                    own));
        }
        return list;
    }
}
