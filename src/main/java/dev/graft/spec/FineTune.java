package dev.graft.spec;

/**
 * The second phase of trials with {@code fine_tune_depth > 0}.
 *
 * @param learningRateFactor what the trial's learning rate is multiplied with, in (0, 1]
 * @param epochs the most epochs of the second phase, at least 1
 */
public record FineTune(double learningRateFactor, int epochs) {}
