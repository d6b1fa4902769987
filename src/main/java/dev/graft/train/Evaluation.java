package dev.graft.train;

/**
 * How well class probabilities fit the labels of a set of images. Over no images, every metric is NaN.
 *
 * <p>The predicted class is the one with the highest probability, the first of equals.
 */
public final class Evaluation {

    /** Probabilities are clamped to [1e-7, 1 - 1e-7] before their logarithm is taken, as Keras does. */
    private static final double CLAMP = 1e-7;

    private final int[][] confusion;
    private final int images;
    private final double loss;

    private Evaluation(int[][] confusion, int images, double loss) {
        this.confusion = confusion;
        this.images = images;
        this.loss = loss;
    }

    /**
     * Evaluates probabilities in one array.
     *
     * @param labels the index of each image's class
     * @param probabilities {@code [images, classes]}, row by row, each row summing to 1
     * @param classes the number of classes, at least 1
     */
    public static Evaluation of(int[] labels, float[] probabilities, int classes) {
        if (classes < 1 || probabilities.length != (long) labels.length * classes) {
            throw new IllegalArgumentException(
                    "expected " + labels.length + " x " + classes + " probabilities, but got " + probabilities.length);
        }
        int[][] confusion = new int[classes][classes];
        double loss = 0;
        for (int image = 0; image < labels.length; image++) {
            int label = labels[image];
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(
                        "labels[" + image + "] must be in [0, " + classes + "), but was " + label);
            }
            confusion[label][likeliest(probabilities, image * classes, classes)]++;
            loss -= Math.log(clamp(probabilities[image * classes + label]));
        }
        return new Evaluation(confusion, labels.length, loss / labels.length);
    }

    /**
     * Evaluates probabilities in one array per image.
     *
     * @param labels the index of each image's class
     * @param probabilities {@code [images][classes]}
     * @param classes the number of classes, at least 1
     */
    public static Evaluation of(int[] labels, float[][] probabilities, int classes) {
        float[] flat = new float[probabilities.length * classes];
        for (int image = 0; image < probabilities.length; image++) {
            if (probabilities[image].length != classes) {
                throw new IllegalArgumentException("probabilities[" + image + "] must have " + classes
                        + " classes, but has " + probabilities[image].length);
            }
            System.arraycopy(probabilities[image], 0, flat, image * classes, classes);
        }
        return of(labels, flat, classes);
    }

    /**
     * Returns the predicted class of one image: the likeliest, the first of equals.
     *
     * @param probabilities holds the image's classes from an index
     * @param from that index
     * @param classes how many
     */
    public static int likeliest(float[] probabilities, int from, int classes) {
        int best = 0;
        for (int candidate = 1; candidate < classes; candidate++) {
            if (probabilities[from + candidate] > probabilities[from + best]) {
                best = candidate;
            }
        }
        return best;
    }

    /** Keeps a NaN, so that it shows in the loss. */
    private static double clamp(double probability) {
        return Math.min(Math.max(probability, CLAMP), 1 - CLAMP);
    }

    /** Returns how many images were evaluated. */
    public int images() {
        return images;
    }

    /** Returns how many classes there are. */
    public int classes() {
        return confusion.length;
    }

    /** Returns the mean cross-entropy in nats; NaN when a label's probability is. */
    public double loss() {
        return loss;
    }

    /** Returns the fraction of images predicted as what they are, in [0, 1]. */
    public double accuracy() {
        int correct = 0;
        for (int index = 0; index < confusion.length; index++) {
            correct += confusion[index][index];
        }
        return (double) correct / images;
    }

    /**
     * Returns the unweighted mean of the classes' F1, in [0, 1]. Classes that are neither a label nor a prediction are
     * left out; a class that is only one of the two counts as 0. This is scikit-learn's {@code f1_score} with
     * {@code average="macro", zero_division=0}.
     */
    public double macroF1() {
        double sum = 0;
        int present = 0;
        for (int index = 0; index < confusion.length; index++) {
            int both = actual(index) + predicted(index);
            if (both > 0) {
                sum += 2.0 * correct(index) / both;
                present++;
            }
        }
        return sum / present;
    }

    /** Returns how many images are of a class. */
    public int actual(int index) {
        int sum = 0;
        for (int count : confusion[index]) {
            sum += count;
        }
        return sum;
    }

    /** Returns how many images are predicted as a class. */
    public int predicted(int index) {
        int sum = 0;
        for (int[] row : confusion) {
            sum += row[index];
        }
        return sum;
    }

    /** Returns how many images of a class are predicted as it. */
    public int correct(int index) {
        return confusion[index][index];
    }

    /** Returns a copy of the image counts, {@code [actual][predicted]}. */
    public int[][] confusion() {
        int[][] copy = new int[confusion.length][];
        for (int index = 0; index < copy.length; index++) {
            copy[index] = confusion[index].clone();
        }
        return copy;
    }
}
