package dev.graft.plan;

import java.util.Optional;

/**
 * What a rate was measured on.
 *
 * @param kind what was done
 * @param name of what: a base, a set of images; empty where that does not matter
 * @param size of what: an image's side, a head's arithmetic; at least 1
 * @param detail what else tells it apart: a cut, a number of blocks; may be empty
 */
public record RateKey(Kind kind, String name, long size, String detail) {

    private static final String SEPARATOR = "|";

    /** What takes time; the unit is what the seconds are divided by. */
    public enum Kind {
        /** Begin a worker: once. */
        START,
        /** Make a pass' model ready and its files durable: once a pass. */
        PASS,
        /** Decode and resize, summed over threads: by image. */
        DECODE,
        /** Run the frozen base: by image and multiply-add. */
        PREFIX,
        /** Train a head: by image, epoch and {@link HeadWork#training}. */
        HEAD,
        /** Validate a head: by image, epoch and {@link HeadWork#validation}. */
        HEAD_VALIDATION,
        /** Train a tail with its head: by image, epoch and multiply-add. */
        TAIL,
        /** Validate a tail with its head: by image, epoch and multiply-add. */
        TAIL_VALIDATION,
        /** Begin and end a trial: once a trial. */
        TRIAL,
        /** Not seconds: epochs of a phase that stops early, as a share of the most. */
        EPOCHS
    }

    /** Says how far what this was measured on is from something else; infinite for another kind. */
    double distance(RateKey other) {
        if (kind != other.kind) {
            return Double.POSITIVE_INFINITY;
        }
        return (name.equals(other.name) ? 0 : 10)
                + (detail.equals(other.detail) ? 0 : 1)
                + Math.abs(Math.log((double) size / other.size));
    }

    /** Reads what {@link #toString} wrote; empty for anything else. */
    public static Optional<RateKey> parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            long size = Long.parseLong(parts[2]);
            return size < 1
                    ? Optional.empty()
                    : Optional.of(new RateKey(Kind.valueOf(parts[0]), parts[1], size, parts[3]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return String.join(
                SEPARATOR, kind.name(), name.replace('|', '_'), String.valueOf(size), detail.replace('|', '_'));
    }
}
