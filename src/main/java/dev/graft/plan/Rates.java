package dev.graft.plan;

import dev.graft.plan.RateKey.Kind;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What things take on this machine. A rate is seconds by a unit of work, so that what was measured on one thing also says
 * something of another; the nearest measured thing is asked.
 *
 * @param measured by what they were measured on; positive and finite
 * @param threads of a worker, at least 1, for what nobody has measured
 */
public record Rates(Map<RateKey, Double> measured, int threads) {

    /** Multiply-adds per second and thread where nobody knows: what many bases come to on an ordinary core. */
    private static final double ONNX_RUNTIME = 15e9;

    private static final double DEEPLEARNING4J = 4e9;

    /** How a base's seconds by multiply-add fall with the images' side, as a power. */
    private static final double SIZE_GAIN = 0.4;

    /** Copies the map and leaves out what is no rate. */
    public Rates {
        Map<RateKey, Double> sound = new HashMap<>();
        measured.forEach((key, value) -> {
            if (Double.isFinite(value) && value > 0) {
                sound.put(key, value);
            }
        });
        measured = Collections.unmodifiableMap(sound);
    }

    /** Knows nothing yet. */
    public static Rates none(int threads) {
        return new Rates(Map.of(), threads);
    }

    /**
     * A rate.
     *
     * @param value seconds by unit
     * @param rough whether nothing like it was measured here
     */
    public record Rate(double value, boolean rough) {}

    /** Returns the rate of what was measured nearest to something. */
    public Rate of(RateKey key) {
        Double exact = measured.get(key);
        if (exact != null) {
            return new Rate(exact, false);
        }
        return nearest(key)
                .map(near -> new Rate(
                        scaled(near, key),
                        !near.name().equals(key.name()) && (key.kind() == Kind.PREFIX || key.kind() == Kind.TAIL)))
                .orElseGet(() -> new Rate(unmeasured(key.kind()), true));
    }

    /** The frozen base has work that does not grow with the images: decoding on the same cores, small last maps. */
    private double scaled(RateKey near, RateKey key) {
        double value = measured.getOrDefault(near, 0.0);
        return key.kind() == Kind.PREFIX ? value * Math.pow((double) near.size() / key.size(), SIZE_GAIN) : value;
    }

    private Optional<RateKey> nearest(RateKey key) {
        return measured.keySet().stream()
                .filter(other -> other.kind() == key.kind())
                .min(Comparator.comparingDouble(key::distance));
    }

    private double unmeasured(Kind kind) {
        return switch (kind) {
            case START -> 3;
            case PASS -> 2;
            case DECODE -> 8e-3;
            case PREFIX -> 1 / (ONNX_RUNTIME * threads);
            case HEAD, HEAD_VALIDATION -> 1 / (DEEPLEARNING4J * threads);
            // Forward, and twice as much back.
            case TAIL -> 3 / (DEEPLEARNING4J * threads);
            case TAIL_VALIDATION -> 1 / (DEEPLEARNING4J * threads);
            case TRIAL -> 0.1;
            case EPOCHS -> 0.6;
        };
    }

    /**
     * Returns these rates as a running sweep knows them: its own, and for what it has not come to yet those of before,
     * corrected by how much faster or slower its own are than those were.
     */
    public Rates corrected(Map<RateKey, Double> own) {
        Map<Kind, double[]> drift = new EnumMap<>(Kind.class);
        own.forEach((key, value) -> {
            Double before = measured.get(key);
            if (before != null && value > 0) {
                double[] sum = drift.computeIfAbsent(key.kind(), unused -> new double[2]);
                sum[0] += Math.log(value / before);
                sum[1]++;
            }
        });
        Map<RateKey, Double> known = new HashMap<>();
        measured.forEach((key, value) -> {
            double[] sum = drift.getOrDefault(key.kind(), new double[] {0, 1});
            known.put(key, value * Math.exp(sum[0] / sum[1]));
        });
        known.putAll(own);
        return new Rates(known, threads);
    }

    /** Returns these rates with newer ones, each halfway between what was known and what is new. */
    public Rates smoothed(Map<RateKey, Double> newer) {
        Map<RateKey, Double> known = new HashMap<>(measured);
        newer.forEach((key, value) -> known.merge(key, value, (before, now) -> (before + now) / 2));
        return new Rates(known, threads);
    }
}
