package dev.graft.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.tribuo.MutableDataset;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.ensemble.EnsembleModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.IndependentRegressionTreeModel;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * What a random forest (Breiman 2001) loses when the values of a parameter are shuffled, on trials it has not seen: the
 * trials are dealt into five parts, and a forest that learnt from four of them predicts the fifth.
 *
 * <p>Shuffling what counts for nothing costs nothing. Shuffling a parameter adds twice the variance it is responsible
 * for, alone and together with others, to the mean squared error (Jansen's estimate of Sobol's total effect): half of
 * what it adds, by the variance of the metric, is its share. What two parameters do together is counted in the shares of
 * both, and once when both are shuffled at the same time.
 */
final class ForestImportance {

    /** With fewer trials, a fifth of them is no test. */
    static final int FEWEST = 15;

    /** A forest that foresees less of the differences has found nothing. */
    static final double LEAST_FORESEEN = 0.1;

    private static final int FOLDS = 5;
    private static final int TREES = 60;
    private static final int DEEPEST = 12;
    private static final int SHUFFLES = 5;

    /** More trials than these are drawn from: the shares do not change any more, the time does. */
    private static final int MOST_TRIALS = 600;

    /** Pairs of the parameters with the largest shares only. */
    private static final int PAIRED = 5;

    private static final long SEED = 20240229;

    /** It tells of every tree. Held here, because loggers that nobody holds forget their level. */
    private static final Logger LIBRARY = Logger.getLogger("org.tribuo");

    static {
        LIBRARY.setLevel(Level.WARNING);
    }

    private final double[][][] inputs;
    private final double[] values;
    private final double variance;
    private final double[] addedAlone;
    private final List<PairShare> pairs = new ArrayList<>();
    private double error;

    private ForestImportance(double[][][] inputs, double[] values) {
        this.inputs = inputs;
        this.values = values;
        double mean = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElse(0);
        this.variance = IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                .average()
                .orElse(0);
        this.addedAlone = new double[inputs.length];
    }

    /** What two parameters do together. */
    record PairShare(int first, int second, double share) {}

    /**
     * Learns and shuffles.
     *
     * @param inputs columns of each parameter, {@code [parameter][trial][column]}
     * @param values one for each trial, not all equal
     */
    static ForestImportance of(double[][][] inputs, double[] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] order = shuffled(values.length, random);
        int[] chosen = IntStream.of(order).limit(MOST_TRIALS).toArray();
        double[][][] fewer = new double[inputs.length][chosen.length][];
        double[] theirs = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            theirs[i] = values[chosen[i]];
            for (int parameter = 0; parameter < inputs.length; parameter++) {
                fewer[parameter][i] = inputs[parameter][chosen[i]];
            }
        }
        ForestImportance importance = new ForestImportance(fewer, theirs);
        importance.compute(random);
        return importance;
    }

    /** Returns a parameter's share of the differences, in [0, 1]. */
    double share(int parameter) {
        return share(addedAlone[parameter]);
    }

    List<PairShare> pairs() {
        return List.copyOf(pairs);
    }

    /** Returns how much of the differences it foresees on trials it has not seen: 1 is all; below 0 a mean does better. */
    double foreseen() {
        return 1 - error / variance;
    }

    private double share(double added) {
        return Math.max(0, Math.min(1, added / (2 * variance)));
    }

    private void compute(SplittableRandom random) {
        List<Fold> folds = new ArrayList<>();
        for (int part = 0; part < FOLDS; part++) {
            folds.add(fold(part, random));
        }
        for (Fold fold : folds) {
            error += fold.squares(new int[0], fold.shuffles.get(0)) / values.length;
        }
        for (int parameter = 0; parameter < inputs.length; parameter++) {
            addedAlone[parameter] = added(folds, parameter);
        }
        int[] largest = IntStream.range(0, inputs.length)
                .boxed()
                .sorted(Comparator.comparingDouble(parameter -> -addedAlone[parameter]))
                .limit(PAIRED)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        for (int a = 0; a < largest.length; a++) {
            for (int b = a + 1; b < largest.length; b++) {
                double both = added(folds, largest[a], largest[b]);
                pairs.add(new PairShare(
                        largest[a], largest[b], share(addedAlone[largest[a]] + addedAlone[largest[b]] - both)));
            }
        }
    }

    private double added(List<Fold> folds, int... parameters) {
        double sum = 0;
        for (Fold fold : folds) {
            for (int[] shuffle : fold.shuffles) {
                sum += fold.squares(parameters, shuffle) / values.length;
            }
        }
        return sum / SHUFFLES - error;
    }

    private Fold fold(int part, SplittableRandom random) {
        RegressionFactory factory = new RegressionFactory();
        MutableDataset<Regressor> seen =
                new MutableDataset<>(new SimpleDataSourceProvenance("finished trials", factory), factory);
        int[] unseen =
                IntStream.range(0, values.length).filter(i -> i % FOLDS == part).toArray();
        String[] names = new String[columns()];
        Arrays.setAll(names, column -> "column " + column);
        for (int i = 0; i < values.length; i++) {
            if (i % FOLDS != part) {
                double[] row = new double[names.length];
                fill(row, i, i, new int[0]);
                seen.add(new ArrayExample<>(new Regressor("value", values[i]), names, row));
            }
        }
        CARTRegressionTrainer trees = new CARTRegressionTrainer(
                DEEPEST, 2, 0, names.length == 1 ? 0.99f : 0.6f, false, new MeanSquaredError(), random.nextLong());
        EnsembleModel<Regressor> forest =
                new RandomForestTrainer<>(trees, new AveragingCombiner(), TREES, random.nextLong()).train(seen);
        int[] columnOfFeature = new int[names.length];
        for (int column = 0; column < names.length; column++) {
            int feature = forest.getFeatureIDMap().getID(names[column]);
            if (feature >= 0) {
                columnOfFeature[feature] = column;
            }
        }
        List<FlatTree> flat = forest.getModels().stream()
                .flatMap(tree -> ((IndependentRegressionTreeModel) tree).getRoots().values().stream())
                .map(root -> FlatTree.of(root, columnOfFeature))
                .toList();
        List<int[]> shuffles = new ArrayList<>();
        for (int i = 0; i < SHUFFLES; i++) {
            shuffles.add(shuffled(unseen.length, random));
        }
        return new Fold(flat, unseen, shuffles);
    }

    private int columns() {
        int columns = 0;
        for (double[][] input : inputs) {
            columns += input[0].length;
        }
        return columns;
    }

    /** Writes down the columns of a trial, with another's values of some parameters. */
    private void fill(double[] row, int trial, int other, int[] exchanged) {
        int column = 0;
        for (int parameter = 0; parameter < inputs.length; parameter++) {
            boolean exchange = false;
            for (int each : exchanged) {
                exchange |= each == parameter;
            }
            double[] columns = inputs[parameter][exchange ? other : trial];
            System.arraycopy(columns, 0, row, column, columns.length);
            column += columns.length;
        }
    }

    private static int[] shuffled(int length, SplittableRandom random) {
        int[] order = IntStream.range(0, length).toArray();
        for (int i = length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /** A forest and the trials it has not seen. */
    private final class Fold {
        private final List<FlatTree> forest;
        private final int[] unseen;
        private final List<int[]> shuffles;

        private Fold(List<FlatTree> forest, int[] unseen, List<int[]> shuffles) {
            this.forest = forest;
            this.unseen = unseen;
            this.shuffles = shuffles;
        }

        /** Returns the sum of the squared errors where each trial has some values of the one it is shuffled to. */
        private double squares(int[] parameters, int[] shuffle) {
            double sum = 0;
            double[] row = new double[columns()];
            for (int i = 0; i < unseen.length; i++) {
                fill(row, unseen[i], unseen[shuffle[i]], parameters);
                double predicted = 0;
                for (FlatTree tree : forest) {
                    predicted += tree.predict(row);
                }
                double distance = predicted / forest.size() - values[unseen[i]];
                sum += distance * distance;
            }
            return sum;
        }
    }

    /**
     * A tree of the library in arrays: it predicts some fifty times as fast, and hundreds of thousands of predictions are
     * asked of it.
     *
     * @param columns what each node looks at; -1 for leaves
     * @param values what it compares that with, and what leaves predict
     * @param above where trials above that value go on; the others go on at the next node
     */
    private record FlatTree(int[] columns, double[] values, int[] above) {

        static FlatTree of(Node<Regressor> root, int[] columnOfFeature) {
            List<Node<Regressor>> nodes = new ArrayList<>();
            IdentityHashMap<Node<Regressor>, Integer> places = new IdentityHashMap<>();
            Deque<Node<Regressor>> open = new ArrayDeque<>(List.of(root));
            while (!open.isEmpty()) {
                Node<Regressor> node = open.pop();
                places.put(node, nodes.size());
                nodes.add(node);
                if (node instanceof SplitNode<Regressor> split) {
                    open.push(split.getGreaterThan());
                    open.push(split.getLessThanOrEqual());
                }
            }
            FlatTree tree = new FlatTree(new int[nodes.size()], new double[nodes.size()], new int[nodes.size()]);
            for (int i = 0; i < nodes.size(); i++) {
                if (nodes.get(i) instanceof SplitNode<Regressor> split) {
                    tree.columns[i] = columnOfFeature[split.getFeatureID()];
                    tree.values[i] = split.splitValue();
                    tree.above[i] = Objects.requireNonNull(places.get(split.getGreaterThan()));
                } else if (nodes.get(i) instanceof LeafNode<Regressor> leaf) {
                    tree.columns[i] = -1;
                    tree.values[i] = leaf.getOutput().getValues()[0];
                }
            }
            return tree;
        }

        double predict(double[] row) {
            int node = 0;
            while (columns[node] >= 0) {
                node = row[columns[node]] > values[node] ? above[node] : node + 1;
            }
            return values[node];
        }
    }
}
