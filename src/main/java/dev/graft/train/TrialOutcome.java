package dev.graft.train;

import dev.graft.base.Tensor;
import java.util.Map;

/**
 * A trained trial.
 *
 * @param weights the kept epoch's weights by {@code layer/kind}: the head's and, if a second phase improved on the
 *     first, the folded tail's
 * @param keptEpoch the epoch they are of, from 1
 * @param epochs epochs trained in all
 * @param reason why training ended, in words
 * @param probabilities what the kept epoch predicts for the validation images, {@code [images, classes]} in C order
 * @param seconds time spent by part: {@code head, tail, validation}
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, read once.
public record TrialOutcome(
        Map<String, Tensor> weights,
        int keptEpoch,
        int epochs,
        String reason,
        float[] probabilities,
        Map<String, Double> seconds) {}
