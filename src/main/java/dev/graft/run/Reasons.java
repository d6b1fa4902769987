package dev.graft.run;

import dev.graft.base.WeightException;
import dev.graft.data.DataException;
import dev.graft.features.CancelledException;
import dev.graft.features.FeatureStoreException;
import dev.graft.features.OutOfMemoryException;
import dev.graft.track.StoreException;
import dev.graft.train.TrainingException;

/** Puts a failure into words for the record. */
final class Reasons {

    private Reasons() {}

    static String of(Throwable failure) {
        if (failure instanceof TrainingException
                || failure instanceof CancelledException
                || failure instanceof DataException
                || failure instanceof FeatureStoreException
                || failure instanceof OutOfMemoryException
                || failure instanceof WeightException
                || failure instanceof StoreException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory: " + failure.getMessage();
        }
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        return message == null || message.isBlank() ? name : name + ": " + message;
    }
}
