package dev.graft.plan;

import dev.graft.spec.TrialParameters;

/**
 * What a head computes for one image.
 *
 * @param multiplyAdds of its dense layers and classifier, forward
 * @param batchSize training images per step, at least 1
 * @param together how many heads train together, at least 1; a head's time is its share
 */
public record HeadWork(long multiplyAdds, int batchSize, int together) {

    /** What a step costs beside its arithmetic, in multiply-adds. */
    private static final double STEP = 4e6;

    private static final double VALIDATION_BATCH = 512;

    /** What one more head adds to a step, as a part of what the first one costs. */
    private static final double ONE_MORE = 0.4;

    /** Counts the work of a trial's head. */
    public static HeadWork of(TrialParameters parameters, long features, int classes, int together) {
        long sum = 0;
        long width = features;
        for (int units : parameters.denseUnits()) {
            sum += width * units;
            width = units;
        }
        return new HeadWork(sum + width * classes, parameters.batchSize(), together);
    }

    /** Returns the work of training on one image once: forward, and twice as much back, and its part of a step. */
    public double training() {
        return (3.0 * multiplyAdds + STEP / batchSize) * share();
    }

    /** Returns the work of validating one image. */
    public double validation() {
        return (multiplyAdds + STEP / VALIDATION_BATCH) * share();
    }

    private double share() {
        return (1 + ONE_MORE * (together - 1)) / together;
    }

    RateKey key(RateKey.Kind kind) {
        return new RateKey(kind, "", Math.max(1, multiplyAdds), String.valueOf(together));
    }
}
