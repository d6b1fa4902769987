package dev.graft.train;

/**
 * What one epoch came to.
 *
 * @param epoch from 1, counted through both phases
 * @param phase 1 for the head alone, 2 for head and tail
 * @param loss the mean training loss over the epoch's images, dropout and weight decay included
 * @param learningRate what the epoch trained with
 * @param validation the validation images after the epoch
 */
public record EpochResult(int epoch, int phase, double loss, double learningRate, Evaluation validation) {

    /**
     * Returns a validation metric by the name sweep files use.
     *
     * @throws IllegalArgumentException for an unknown name; a bug, since sweep files are checked
     */
    public double metric(String name) {
        return switch (name) {
            case "val_loss" -> validation.loss();
            case "val_accuracy" -> validation.accuracy();
            case "val_macro_f1" -> validation.macroF1();
            default -> throw new IllegalArgumentException("there is no metric " + name);
        };
    }
}
