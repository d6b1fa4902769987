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
import org.jspecify.annotations.Nullable;
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

    /** Features of a validation batch at the most: whole maps are large. */
    private static final int VALIDATION_FLOATS = 1 << 22;

    /** Heads that go through the batches at once; more gain nothing, and others wait for their first epoch. */
    private static final int MOST_AT_ONCE = 16;

    private final TrialSetup any;
    private final Structure structure;
    private final int threads;
    private final boolean recomputed;
    private final List<HeadLayer> layers;
    private final float[] lossWeights;
    private final Map<Long, Map<String, Tensor>> initial = new HashMap<>();

    /** Those that no thread is at. */
    private final List<Member> waiting = new ArrayList<>();

    /** How many threads are at. */
    private int training;

    /** How many threads are at some. */
    private int busy;

    private volatile @Nullable Throwable failure;

    /** How many have not ended. */
    private int members;

    private HeadCohort(List<Enrolled> enrolled, int threads) {
        this.any = enrolled.get(0).progress().setup();
        this.structure = Structure.of(any.trial().parameters());
        // What is computed anew for every batch is better computed once.
        this.recomputed = any.head().train().isRecomputed();
        this.threads = recomputed ? 1 : Math.min(threads, enrolled.size());
        this.members = enrolled.size();
        this.layers = layers(any.trial().parameters(), any.head().validation().rowLength(), any.classes());
        this.lossWeights = Head.lossWeights(any.trial().parameters(), any.trainLabels(), any.classes());
        for (Enrolled one : enrolled) {
            Member member = new Member(one);
            member.progress.beginPhase(1, any.sweep().epochs());
            member.weights = initialWeights(member);
            waiting.add(member);
        }
        initial.clear();
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
     * @param images how many validation images there are
     */
    public static long bytes(TrialParameters parameters, int inputs, int classes, int images) {
        // Weights here and there, two of state, the kept epoch's and perhaps the next one's; predictions now and kept.
        return layers(parameters, inputs, classes).stream()
                        .mapToLong(layer -> 6L * Float.BYTES * (layer.inputs() + 1L) * layer.outputs())
                        .sum()
                + 2L * Float.BYTES * images * classes;
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
        HeadCohort cohort = new HeadCohort(enrolled, threads);
        cohort.train();
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
        new HeadCohort(List.of(new Enrolled(progress, ending)), 1).train();
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

    private void train() {
        SingleThreaded.run(threads, thread -> {
            try (Banks banks = new Banks()) {
                for (List<Member> group = next(); !group.isEmpty(); group = next()) {
                    epoch(group, banks);
                }
            } catch (RuntimeException | Error e) {
                giveUp(e);
            }
        });
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /**
     * Takes some of the members that are furthest behind, a thread's part of them; empty when all have ended. So threads
     * have the same to do, also when most heads have stopped.
     */
    private synchronized List<Member> next() {
        while (failure == null && waiting.isEmpty() && training > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException();
            }
        }
        if (failure != null) {
            return List.of();
        }
        int behind = waiting.stream().mapToInt(member -> member.epoch).min().orElse(0);
        List<Member> ready =
                waiting.stream().filter(member -> member.epoch == behind).toList();
        int most = recomputed ? members : Math.min((members + threads - 1) / threads, MOST_AT_ONCE);
        List<Member> group = new ArrayList<>(ready.subList(0, Math.min(ready.size(), most)));
        waiting.removeAll(group);
        training += group.size();
        busy += group.isEmpty() ? 0 : 1;
        return group;
    }

    private synchronized void giveBack(List<Member> group, int taken) {
        training -= taken;
        busy--;
        members -= taken - group.size();
        waiting.addAll(group);
        notifyAll();
    }

    /** Lets all threads end, because one has met something that is no trial's own affair. */
    private synchronized void giveUp(Throwable met) {
        failure = failure == null ? met : failure;
        notifyAll();
    }

    private synchronized int busy() {
        return Math.max(1, busy);
    }

    /** Takes some heads through an epoch. */
    private void epoch(List<Member> group, Banks banks) {
        int taken = group.size();
        leave(group, Member::checkStop);
        if (group.isEmpty()) {
            giveBack(group, taken);
            return;
        }
        long start = System.nanoTime();
        int beginning = group.size();
        group.forEach(Member::beginEpoch);
        trainEpoch(group, banks);
        long trained = System.nanoTime();
        if (!group.isEmpty()) {
            validate(group, banks);
            // Of what the clock shows, each thread's heads count their part.
            double share = 1.0 / (beginning * busy());
            long validated = System.nanoTime();
            for (Member member : group) {
                member.progress.spent("head", share * (trained - start));
                member.progress.spent("validation", share * (validated - trained));
            }
            leave(group, Member::endEpoch);
        }
        giveBack(group, taken);
    }

    private int inputs() {
        return any.head().validation().rowLength();
    }

    /** A thread's bank; another one when there is another number of heads. */
    private final class Banks implements AutoCloseable {

        private @Nullable HeadBank bank;
        private int heads;

        /** Returns a bank with the weights of a group. */
        HeadBank with(List<Member> group) {
            HeadBank found = bank;
            if (found == null || heads != group.size()) {
                close();
                heads = group.size();
                found = new HeadBank(
                        layers, Head.trainedActivation(structure.activation()), structure.dropoutFirst(), heads);
                bank = found;
            }
            for (int place = 0; place < group.size(); place++) {
                for (int l = 0; l < layers.size(); l++) {
                    found.put(place, l, group.get(place).weights.get(l));
                }
            }
            return found;
        }

        @Override
        public void close() {
            if (bank != null) {
                bank.close();
                bank = null;
            }
        }
    }

    private void trainEpoch(List<Member> group, Banks banks) {
        TrainingFeatures train = any.head().train();
        int epoch = group.get(0).epoch;
        int[] order = Draws.order(any.sweep(), epoch, train.images());
        float[] features = new float[Math.min(structure.batchSize(), order.length) * inputs()];
        HeadBank bank = banks.with(group);
        int number = 1;
        for (int from = 0; from < order.length && !group.isEmpty(); from += structure.batchSize(), number++) {
            int count = Math.min(structure.batchSize(), order.length - from);
            if (failure != null) {
                throw new CancelledException();
            }
            train.read(epoch, order, from, count, features);
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = any.trainLabels()[order[from + i]];
            }
            double[] losses = new double[group.size()];
            HeadBank.Pass pass = bank.backward(
                    features,
                    labels,
                    lossWeights,
                    group.stream().map(Member::dropout).toList(),
                    losses);
            boolean diverged = false;
            for (int place = 0; place < group.size(); place++) {
                diverged |= !group.get(place).step(bank, pass, place, losses[place], count);
            }
            if (diverged) {
                int at = number;
                leave(group, member -> member.checkLoss(at));
                bank = group.isEmpty() ? bank : banks.with(group);
            }
        }
        group.forEach(member -> member.loss /= order.length);
    }

    private void validate(List<Member> group, Banks banks) {
        HeadBank bank = banks.with(group);
        FeatureRows rows = any.head().validation();
        int classes = any.classes();
        group.forEach(member -> member.probabilities = new float[rows.rows() * classes]);
        int batch = Math.max(1, Math.min(VALIDATION_BATCH, VALIDATION_FLOATS / rows.rowLength()));
        float[] features = new float[Math.min(batch, rows.rows()) * rows.rowLength()];
        for (int from = 0; from < rows.rows(); from += batch) {
            int count = Math.min(batch, rows.rows() - from);
            for (int i = 0; i < count; i++) {
                rows.read(from + i, features, i * rows.rowLength());
            }
            float[] values = bank.predict(features, count);
            int at = 0;
            for (Member member : group) {
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

    /** Lets those of a group go whose training is over, and tells them. */
    private static void leave(List<Member> group, Check check) {
        List<Member> gone = new ArrayList<>();
        for (Member member : group) {
            try {
                if (check.isOver(member)) {
                    gone.add(member);
                    member.ending.finished(member.progress.outcome());
                }
            } catch (TrainingException | CancelledException e) {
                gone.add(member);
                member.ending.failed(e);
            }
        }
        group.removeAll(gone);
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
        private int steps;

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
                float[] gradients = bank.gradients(pass, place, l);
                updaters.get(l).apply(weights.get(l), gradients, layers.get(l), rate, steps);
                bank.put(place, l, weights.get(l));
            }
            steps++;
            return true;
        }

        /** Members that have not begun another epoch need not. */
        boolean checkStop() {
            if (epoch > 0 && progress.isCancelled()) {
                throw new CancelledException();
            }
            return false;
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
}
