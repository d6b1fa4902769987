package dev.graft.plan;

import dev.graft.plan.GroupWork.Epochs;
import dev.graft.plan.RateKey.Kind;
import dev.graft.plan.Rates.Rate;
import java.util.List;

/** What work will take at given rates: pure functions. */
public final class Estimates {

    /** What is read and written per second where features are stored; stored maps are often in memory still. */
    private static final double BYTES_READ = 1e9;

    private static final double BYTES_WRITTEN = 2e8;

    private Estimates() {}

    /** Adds up seconds, and how much of them is only guessed. */
    private static final class Sum {

        private double seconds;
        private double rough;

        double add(double count, Rate rate) {
            double added = count * rate.value();
            seconds += added;
            rough += rate.rough() ? added : 0;
            return added;
        }

        double roughPart() {
            return seconds == 0 ? 0 : Math.min(1, rough / seconds);
        }
    }

    /** Returns what the features of a pass will take; nothing where they are in the store, or nobody waits for them. */
    public static Estimate pass(PassWork pass, Rates rates) {
        if (!pass.needed()) {
            return Estimate.NONE;
        }
        Sum sum = new Sum();
        double begin = sum.add(1, rates.of(new RateKey(Kind.PASS, "", 1, "")));
        double prefix = sum.add((double) pass.images() * pass.multiplyAdds(), rates.of(pass.prefixKey()));
        // Each thread decodes its images, then takes them through the base.
        double decoding = pass.decoded() * rates.of(pass.decodeKey()).value() / Math.max(1, rates.threads());
        return new Estimate(begin, decoding, prefix, 0, 0, 0, 0, pass.bytes(), sum.roughPart());
    }

    /** Returns what training the trials of a group will take, one after the other. */
    public static Estimate group(PassWork pass, GroupWork group, Rates rates) {
        if (group.trials() == 0) {
            return Estimate.NONE;
        }
        Sum sum = new Sum();
        double headEpochs = group.trials() * epochs(group.headEpochs(), rates);
        double tailEpochs = group.hasTail() ? group.trials() * epochs(group.tailEpochs(), rates) : 0;
        double head = headEpochs * sum.add(1, headEpoch(group, rates));
        double validation = headEpochs * sum.add(1, headValidation(group, rates));
        double tail = 0;
        if (group.hasTail()) {
            tail = tailEpochs * sum.add(1, tailEpoch(pass, group, rates));
            validation += tailEpochs * sum.add(1, tailValidation(pass, group, rates));
        }
        double again = 0;
        if (group.live()) {
            again = (headEpochs + tailEpochs) * recomputing(pass, group, rates);
        }
        double other =
                group.trials() * rates.of(new RateKey(Kind.TRIAL, "", 1, "")).value();
        return new Estimate(0, 0, again, head, tail, validation, other, 0, sum.roughPart());
    }

    /** Returns a whole sweep: beginning the workers, its passes, its groups, divided among the workers. */
    public static Estimate sweep(List<PassWork> passes, Rates rates, int workers) {
        Estimate features = Estimate.NONE;
        Estimate training = Estimate.NONE;
        int trials = 0;
        int needed = 0;
        for (PassWork pass : passes) {
            features = features.plus(pass(pass, rates));
            needed += pass.needed() ? 1 : 0;
            for (GroupWork group : pass.groups()) {
                training = training.plus(group(pass, group, rates));
                trials += group.trials();
            }
        }
        if (trials == 0) {
            return Estimate.NONE;
        }
        return start(rates)
                .plus(features.dividedBy(Math.max(1, Math.min(workers, needed))))
                .plus(training.dividedBy(Math.min(workers, trials)));
    }

    /** Returns what a worker takes to begin. */
    public static Estimate start(Rates rates) {
        Rate rate = rates.of(new RateKey(Kind.START, "", 1, ""));
        return new Estimate(rate.value(), 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Returns the epochs a trial runs on average in a phase. */
    public static double epochs(Epochs phase, Rates rates) {
        return phase.patience() == 0
                ? phase.most()
                : Math.min(
                        phase.most(),
                        Math.max(1, phase.most() * rates.of(phase.key()).value()));
    }

    /** Returns one epoch of one trial's first phase without its validation: its share where heads train together. */
    static Rate headEpoch(GroupWork group, Rates rates) {
        Rate rate = rates.of(group.headKey(Kind.HEAD));
        return new Rate(group.trainImages() * group.head().training() * rate.value(), rate.rough());
    }

    static Rate headValidation(GroupWork group, Rates rates) {
        Rate rate = rates.of(group.headKey(Kind.HEAD_VALIDATION));
        return new Rate(group.validationImages() * group.head().validation() * rate.value(), rate.rough());
    }

    /** Returns what validating one trial's first phase takes, once. */
    public static double headValidationSeconds(GroupWork group, Rates rates) {
        return headValidation(group, rates).value();
    }

    static Rate tailEpoch(PassWork pass, GroupWork group, Rates rates) {
        Rate rate = rates.of(pass.tailKey(Kind.TAIL, group));
        return new Rate((double) group.trainImages() * group.tailMultiplyAdds() * rate.value(), rate.rough());
    }

    static Rate tailValidation(PassWork pass, GroupWork group, Rates rates) {
        Rate rate = rates.of(pass.tailKey(Kind.TAIL_VALIDATION, group));
        return new Rate((double) group.validationImages() * group.tailMultiplyAdds() * rate.value(), rate.rough());
    }

    /** Returns one epoch of a phase with its validation. */
    public static Rate epoch(PassWork pass, GroupWork group, int phase, Rates rates) {
        Rate training = phase == 1 ? headEpoch(group, rates) : tailEpoch(pass, group, rates);
        Rate validation = phase == 1 ? headValidation(group, rates) : tailValidation(pass, group, rates);
        double again = group.live() ? recomputing(pass, group, rates) : 0;
        return new Rate(training.value() + validation.value() + again, training.rough());
    }

    /** Returns what computing the features of all training images takes, once. */
    private static double recomputing(PassWork pass, GroupWork group, Rates rates) {
        double prefix =
                (double) group.prefixMultiplyAdds() * rates.of(pass.prefixKey()).value();
        double decoding = rates.of(pass.decodeKey()).value() / Math.max(1, rates.threads());
        return group.trainImages() * (prefix + decoding);
    }

    /**
     * Weighs storing a group's features, which costs writing them once and reading them in every epoch, against computing
     * them anew in every epoch.
     *
     * @param room bytes that the store can take
     */
    public static Choice choice(PassWork pass, GroupWork group, long room, Rates rates) {
        double epochs = group.hasTail() ? epochs(group.tailEpochs(), rates) : epochs(group.headEpochs(), rates);
        // Heads that train together read a batch once for all.
        double reads =
                group.trials() * epochs / (group.hasTail() ? 1 : group.head().together());
        double storing = (group.cached() ? 0 : group.bytes() / BYTES_WRITTEN) + reads * group.bytes() / BYTES_READ;
        double recomputing = reads * recomputing(pass, group, rates);
        boolean fits = group.cached() || group.bytes() <= room;
        boolean cache = fits && storing <= recomputing;
        return new Choice(cache && !group.live(), fits, storing, recomputing);
    }

    /**
     * Whether features are better stored or computed anew.
     *
     * @param cache store them
     * @param fits whether they fit into the store
     * @param storing seconds of writing and reading
     * @param recomputing seconds of decoding and running the frozen base in every epoch
     */
    public record Choice(boolean cache, boolean fits, double storing, double recomputing) {}
}
