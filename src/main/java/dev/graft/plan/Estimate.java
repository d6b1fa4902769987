package dev.graft.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What something is expected to take, in seconds by part, each at least 0.
 *
 * @param start workers' and passes' beginnings
 * @param decode reading and resizing images
 * @param prefix the frozen base
 * @param head the first phase of training
 * @param tail the second
 * @param validation after every epoch
 * @param other what trials take beside
 * @param bytes to be written to the feature store
 * @param roughPart the part, in [0, 1], of all seconds that nothing measured on this machine stands behind
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Estimate(
        double start,
        double decode,
        double prefix,
        double head,
        double tail,
        double validation,
        double other,
        long bytes,
        double roughPart) {

    /** Nothing. */
    public static final Estimate NONE = new Estimate(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Returns the sum of all parts. */
    @JsonProperty
    public double seconds() {
        return start + decode + prefix + head + tail + validation + other;
    }

    /** Returns both, one after the other. */
    public Estimate plus(Estimate next) {
        double sum = seconds() + next.seconds();
        return new Estimate(
                start + next.start,
                decode + next.decode,
                prefix + next.prefix,
                head + next.head,
                tail + next.tail,
                validation + next.validation,
                other + next.other,
                bytes + next.bytes,
                sum == 0 ? 0 : (roughPart * seconds() + next.roughPart * next.seconds()) / sum);
    }

    /** Returns the same work divided among some that work at once. */
    public Estimate dividedBy(double among) {
        return new Estimate(
                start / among,
                decode / among,
                prefix / among,
                head / among,
                tail / among,
                validation / among,
                other / among,
                bytes,
                roughPart);
    }

    /** Says whether most of it is guessed from arithmetic alone. */
    @JsonProperty("rough")
    public boolean isRough() {
        return roughPart > 0.5;
    }
}
