package dev.graft.train;

import dev.graft.base.LayerWeights;
import dev.graft.base.Tensor;
import dev.graft.features.CancelledException;
import dev.graft.features.FeatureRows;
import dev.graft.features.TrainingFeatures;
import dev.graft.spec.TrialParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Heads that train together: trials on the same features whose heads have one shape. They go through the same batches at
 * the same time, each with its own initial weights, dropout, optimizer, learning rate and early stopping; a head that has
 * stopped leaves the others. Each comes to what Deeplearning4j makes of its trial alone, up to the last digits of
 * floating-point sums, and to the very same numbers whatever others there are and on however many threads.
 */
public final class HeadCohort {

    /** Images per validation batch. */
    private static final int VALIDATION_BATCH = 512;

    private final TrialSetup any;
    private final Structure structure;
    private final int sharers;
    private final List<HeadLayer> layers;
    private final float[] lossWeights;
    private final List<Member> members = new ArrayList<>();
    private final Map<Long, Map<String, Tensor>> initial = new HashMap<>();
    private int step;

    private HeadCohort(List<Enrolled> enrolled, int sharers) {
        this.any = enrolled.get(0).progress().setup();
        this.structure = Structure.of(any.trial().parameters());
        this.sharers = sharers;
        this.layers = layers(any.trial().parameters(), any.head().validation().rowLength(), any.classes());
        this.lossWeights = Head.lossWeights(any.trial().parameters(), any.trainLabels(), any.classes());
        enrolled.forEach(one -> members.add(new Member(one)));
    }

    /**
     * What trials must have in common to train together, beside their features.
     *
     * @param dropoutFirst whether dropout acts on the features themselves
     */
    public record Structure(
            List<Integer> denseUnits,
            String activation,
            TrialParameters.Pooling pooling,
            int batchSize,
            TrialParameters.ClassWeights classWeights,
            boolean dropoutFirst) {

        /** Returns a trial's. */
        public static Structure of(TrialParameters parameters) {
            return new Structure(
                    parameters.denseUnits(),
                    parameters.activation(),
                    parameters.pooling(),
                    parameters.batchSize(),
                    parameters.classWeights(),
                    parameters.denseUnits().isEmpty() && parameters.dropout() > 0);
        }
    }

    /**
     * One trial of a cohort.
     *
     * @param setup without a tail; sweep, images and features are those of all
     * @param listener hears of it, on one of several threads
     * @param ending hears how it ended
     */
    public record Entry(TrialSetup setup, TrialListener listener, Ending ending) {}

    /** Hears how a trial of a cohort ended, on one of several threads. */
    public interface Ending {

        /** Its training is over. */
        void finished(TrialOutcome outcome);

        /** It cannot go on: a {@link TrainingException} is its own fault, a {@link CancelledException} nobody's. */
        void failed(RuntimeException failure);
    }

    private record Enrolled(TrialProgress progress, Ending ending) {}

    /**
     * Returns about how many bytes of memory a trial takes in a cohort.
     *
     * @param inputs how many values its head reads
     */
    public static long bytes(TrialParameters parameters, int inputs, int classes) {
        // Weights here and there, two of state, the kept epoch's, and one more to be sure.
        return layers(parameters, inputs, classes).stream()
                .mapToLong(layer -> 6L * Float.BYTES * layer.size())
                .sum();
    }

    /**
     * Trains heads to their ends.
     *
     * @param entries of one {@link Structure}; at least one
     * @param threads how many cores to use, each for a share of the heads
     */
    public static void train(List<Entry> entries, int threads) {
        List<Enrolled> enrolled = entries.stream()
                .map(entry -> new Enrolled(new TrialProgress(entry.setup(), entry.listener()), entry.ending()))
                .toList();
        // What is computed anew for every batch is better computed once.
        boolean once = entries.get(0).setup().head().train().isRecomputed();
        int shares = once ? 1 : Math.min(threads, entries.size());
        SingleThreaded.run(shares, share -> {
            List<Enrolled> own = new ArrayList<>();
            for (int i = share; i < enrolled.size(); i += shares) {
                own.add(enrolled.get(i));
            }
            new HeadCohort(own, shares).run();
        });
    }

    /** Trains one head and leaves what it came to in its trial's progress. */
    static void trainHead(TrialProgress progress) {
        RuntimeException[] failure = new RuntimeException[1];
        Ending ending = new Ending() {
            @Override
            public void finished(TrialOutcome outcome) {
                // The progress knows.
            }

            @Override
            public void failed(RuntimeException thrown) {
                failure[0] = thrown;
            }
        };
        SingleThreaded.run(1, share -> new HeadCohort(List.of(new Enrolled(progress, ending)), 1).run());
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private static List<HeadLayer> layers(TrialParameters parameters, int features, int classes) {
        List<HeadLayer> layers = new ArrayList<>();
        int inputs = features;
        int number = 1;
        for (int units : parameters.denseUnits()) {
            layers.add(new HeadLayer(Head.dense(number++), inputs, units, layers.isEmpty()));
            inputs = units;
        }
        layers.add(new HeadLayer(Head.OUTPUT, inputs, classes, layers.isEmpty()));
        return layers;
    }

    private void run() {
        int epochs = any.sweep().epochs();
        try (HeadBank bank = new HeadBank(
                layers, Head.trainedActivation(structure.activation()), structure.dropoutFirst(), members.size())) {
            for (Member member : members) {
                member.progress.beginPhase(1, epochs);
                member.weights = initialWeights(member);
            }
            place(bank);
            while (!members.isEmpty()) {
                long start = System.nanoTime();
                members.forEach(Member::beginEpoch);
                trainEpoch(bank);
                long trained = System.nanoTime();
                if (!members.isEmpty()) {
                    validate(bank);
                    long validated = System.nanoTime();
                    for (Member member : members) {
                        double share = 1.0 / (members.size() * sharers);
                        member.progress.spent("head", share * (trained - start));
                        member.progress.spent("validation", share * (validated - trained));
                    }
                    leave(bank, Member::endEpoch);
                }
            }
        }
    }

    private void trainEpoch(HeadBank bank) {
        TrainingFeatures train = any.head().train();
        int epoch = members.get(0).epoch;
        int[] order = Draws.order(any.sweep(), epoch, train.images());
        int length = any.head().validation().rowLength();
        float[] features = new float[Math.min(structure.batchSize(), order.length) * length];
        int number = 1;
        for (int from = 0; from < order.length && !members.isEmpty(); from += structure.batchSize(), number++) {
            int count = Math.min(structure.batchSize(), order.length - from);
            train.read(epoch, order, from, count, features);
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = any.trainLabels()[order[from + i]];
            }
            double[] losses = new double[members.size()];
            HeadBank.Pass pass = bank.backward(
                    features,
                    labels,
                    lossWeights,
                    members.stream().map(Member::dropout).toList(),
                    losses);
            boolean[] diverged = new boolean[1];
            for (int place = 0; place < members.size(); place++) {
                diverged[0] |= !members.get(place).step(bank, pass, place, losses[place], count);
            }
            step++;
            if (diverged[0]) {
                int at = number;
                leave(bank, member -> member.checkLoss(at));
            }
        }
        members.forEach(member -> member.loss /= order.length);
    }

    private void validate(HeadBank bank) {
        FeatureRows rows = any.head().validation();
        int classes = any.classes();
        members.forEach(member -> member.probabilities = new float[rows.rows() * classes]);
        for (int from = 0; from < rows.rows(); from += VALIDATION_BATCH) {
            int count = Math.min(VALIDATION_BATCH, rows.rows() - from);
            float[] features = new float[count * rows.rowLength()];
            for (int i = 0; i < count; i++) {
                rows.read(from + i, features, i * rows.rowLength());
            }
            float[] values = bank.predict(features, count);
            int at = 0;
            for (Member member : members) {
                for (int c = 0; c < classes; c++) {
                    for (int image = 0; image < count; image++, at++) {
                        member.probabilities[(from + image) * classes + c] = values[at];
                    }
                }
            }
        }
    }

    /** Says whether a member's training is over, or throws why it cannot go on. */
    private interface Check {
        boolean isOver(Member member);
    }

    /** Lets go those whose training is over, and tells them. */
    private void leave(HeadBank bank, Check check) {
        List<Member> staying = new ArrayList<>();
        for (Member member : members) {
            try {
                if (check.isOver(member)) {
                    member.ending.finished(member.progress.outcome());
                } else {
                    staying.add(member);
                }
            } catch (TrainingException | CancelledException e) {
                member.ending.failed(e);
            }
        }
        if (staying.size() < members.size()) {
            members.clear();
            members.addAll(staying);
            if (!members.isEmpty()) {
                bank.resize(members.size());
                place(bank);
            }
        }
    }

    private void place(HeadBank bank) {
        for (int place = 0; place < members.size(); place++) {
            for (int l = 0; l < layers.size(); l++) {
                bank.put(place, l, members.get(place).weights.get(l));
            }
        }
    }

    /** Returns what Deeplearning4j would begin with; the trials of a repeat begin alike. */
    private List<float[]> initialWeights(Member member) {
        TrialSetup setup = member.progress.setup();
        Map<String, Tensor> tensors = initial.computeIfAbsent(setup.trial().seed(), seed -> {
            TrialParameters parameters = setup.trial().parameters();
            int[] shape = setup.head().validation().shape();
            Nd4j.getRandom().setSeed(seed);
            ComputationGraph graph = Head.network(parameters, setup.classes(), shape.length == 1, new float[0])
                    .graph(
                            Optimizers.settings(parameters, seed, parameters.learningRate()),
                            TrialTrainer.inputType(shape));
            try {
                return LayerWeights.extract(graph);
            } finally {
                graph.close();
            }
        });
        return layers.stream().map(layer -> layer.laidOut(tensors)).toList();
    }

    /** A trial at training. */
    private final class Member {

        private final TrialProgress progress;
        private final Ending ending;
        private final TrialParameters parameters;
        private final HeadBank.Dropout dropout;
        private final List<HeadUpdater> updaters = new ArrayList<>();
        private List<float[]> weights = List.of();
        private float[] probabilities = new float[0];
        private int epoch;
        private double rate;
        private double loss;
        private double lastLoss;

        Member(Enrolled enrolled) {
            progress = enrolled.progress();
            ending = enrolled.ending();
            parameters = progress.setup().trial().parameters();
            dropout = new HeadBank.Dropout(
                    parameters.dropout(), Nd4j.getRandomFactory().getNewRandomInstance(0));
            layers.forEach(layer -> updaters.add(HeadUpdater.of(parameters, layer.size())));
        }

        HeadBank.Dropout dropout() {
            return dropout;
        }

        void beginEpoch() {
            epoch = progress.beginEpoch();
            rate = Optimizers.learningRate(
                    parameters,
                    parameters.learningRate(),
                    progress.epochInPhase(),
                    any.sweep().epochs());
            dropout.random().setSeed(Draws.dropout(progress.setup().trial().seed(), epoch));
            loss = 0;
        }

        /** Takes the step that the bank has the gradients for; false where its loss is no longer a number. */
        boolean step(HeadBank bank, HeadBank.Pass pass, int place, double batchLoss, int count) {
            lastLoss = batchLoss;
            for (int l = 0; l < layers.size(); l++) {
                lastLoss += updaters.get(l).penalty(weights.get(l), layers.get(l));
            }
            loss += lastLoss * count;
            if (!Double.isFinite(lastLoss)) {
                return false;
            }
            for (int l = 0; l < layers.size(); l++) {
                float[] gradients = scratch(layers.get(l).size());
                bank.gradients(pass, place, l, gradients);
                updaters.get(l).apply(weights.get(l), gradients, layers.get(l), rate, step);
                bank.put(place, l, weights.get(l));
            }
            return true;
        }

        boolean checkLoss(int number) {
            if (!Double.isFinite(lastLoss)) {
                throw new TrainingException("loss is " + lastLoss + " at epoch " + epoch + ", step " + number);
            }
            return false;
        }

        boolean endEpoch() {
            return progress.endEpoch(loss, rate, probabilities, () -> {
                Map<String, Tensor> tensors = new LinkedHashMap<>();
                for (int l = 0; l < layers.size(); l++) {
                    layers.get(l).unpack(weights.get(l), tensors);
                }
                return tensors;
            });
        }
    }

    private final Map<Integer, float[]> scratch = new HashMap<>();

    private float[] scratch(int size) {
        return scratch.computeIfAbsent(size, float[]::new);
    }
}
