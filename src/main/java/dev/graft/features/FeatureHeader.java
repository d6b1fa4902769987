package dev.graft.features;

import dev.graft.spec.FeaturePrecision;
import java.util.List;
import java.util.Objects;

/**
 * What a feature file says of itself, as JSON before its values.
 *
 * @param key what decided the values
 * @param shape the axes of one row
 * @param views rows per training image: the first {@code train.size()} rows are view 0, then comes view 1; 0 where
 *     training images are not stored
 * @param train the names of the training images, in row order
 * @param trainLabels their classes
 * @param validation the names of the validation images, whose rows follow
 * @param validationLabels their classes
 */
record FeatureHeader(
        FeatureKey key,
        List<Integer> shape,
        int views,
        List<String> train,
        List<Integer> trainLabels,
        List<String> validation,
        List<Integer> validationLabels) {

    /** Copies the lists and checks what a damaged file may hold. */
    FeatureHeader {
        Objects.requireNonNull(key, "key");
        FeaturePrecision.of(key.precision());
        shape = List.copyOf(shape);
        train = List.copyOf(train);
        trainLabels = List.copyOf(trainLabels);
        validation = List.copyOf(validation);
        validationLabels = List.copyOf(validationLabels);
        if (views < 0 || shape.isEmpty() || shape.stream().anyMatch(axis -> axis < 1)) {
            throw new IllegalArgumentException(views + " views of shape " + shape + " cannot be");
        }
    }

    long rows() {
        return (long) views * train.size() + validation.size();
    }

    FeaturePrecision precision() {
        return FeaturePrecision.of(key.precision());
    }

    long rowBytes() {
        return shape.stream().mapToLong(Integer::longValue).reduce(precision().bytes(), Math::multiplyExact);
    }
}
