package dev.graft.run;

import dev.graft.plan.Estimates;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.plan.GroupWork;
import dev.graft.plan.PassWork;
import dev.graft.plan.Plan;
import dev.graft.plan.RateKey;
import dev.graft.plan.RateKey.Kind;
import dev.graft.plan.Rates;
import dev.graft.search.Trial;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Foresees how long a running sweep still takes: from what its work took before on this machine, and ever more from what
 * its own passes, epochs and trials take. It hears what workers tell, and measures for later sweeps as well. For the
 * controller's thread.
 */
final class Forecast {

    private static final RateKey TRIAL = new RateKey(Kind.TRIAL, "", 1, "");
    private static final RateKey PASS = new RateKey(Kind.PASS, "", 1, "");
    private static final RateKey START = new RateKey(Kind.START, "", 1, "");

    /** What is known from before counts as much as so many epochs of this group. */
    private static final double PRIOR_EPOCHS = 2;

    /** A pass' own pace counts when so much of it is done. */
    private static final double PACE = 0.05;

    private final List<PassWork> work;
    private final Rates before;
    private final int workers;
    private final LongSupplier nanos;
    private final RateLog log = new RateLog();
    private final Map<Integer, Run> trials = new HashMap<>();
    private final List<PassRun> passes = new ArrayList<>();
    private final Map<Integer, Ear> ears = new HashMap<>();
    private final Smoothed shown = new Smoothed();
    private final double begun;
    private boolean ready;
    private boolean said;
    private boolean news = true;
    private double newest;
    private OptionalDouble foreseen = OptionalDouble.empty();

    /**
     * Begins.
     *
     * @param plan what runs
     * @param work what it computes, pass by pass
     * @param before what is known from earlier sweeps
     * @param nanos a clock
     */
    Forecast(Plan plan, List<PassWork> work, Rates before, int workers, LongSupplier nanos) {
        this.work = List.copyOf(work);
        this.before = before;
        this.workers = workers;
        this.nanos = nanos;
        this.begun = now();
        for (int p = 0; p < plan.passes().size(); p++) {
            FrozenPass pass = plan.passes().get(p);
            PassRun run = new PassRun(!work.get(p).needed());
            passes.add(run);
            for (int g = 0; g < pass.groups().size(); g++) {
                FeatureGroup group = pass.groups().get(g);
                GroupRun own = new GroupRun(p, work.get(p).groups().get(g));
                run.groups.add(own);
                for (Trial trial : group.trials()) {
                    trials.put(trial.number(), new Run(own));
                }
            }
        }
    }

    private static final class PassRun {

        private final List<GroupRun> groups = new ArrayList<>();
        private boolean there;
        private double first = Double.NaN;
        private double done;
        private double firstDone;
        private double told;

        PassRun(boolean there) {
            this.there = there;
        }
    }

    /** A group with what its epochs took, by phase. */
    private static final class GroupRun {

        private final int pass;
        private final GroupWork work;
        private final double[] seconds = new double[3];
        private final int[] epochs = new int[3];
        private final List<List<Integer>> ended = List.of(List.of(), new ArrayList<>(), new ArrayList<>());

        GroupRun(int pass, GroupWork work) {
            this.pass = pass;
            this.work = work;
        }
    }

    private static final class Run {

        private final GroupRun group;
        private final int[] epochs = new int[3];

        Run(GroupRun group) {
            this.group = group;
        }
    }

    private double now() {
        return nanos.getAsLong() / 1e9;
    }

    /** Returns what is known by now. */
    Rates rates() {
        return before.corrected(log.rates());
    }

    /** Returns what was measured since this was last asked. */
    Map<RateKey, Double> measured() {
        return log.news();
    }

    /** Returns who hears one worker. */
    WorkerEvent.Listener ear(int worker) {
        return ears.computeIfAbsent(worker, unused -> new Ear());
    }

    /**
     * Returns the seconds that are left, or empty where too little is known to say.
     *
     * @param open says which trials have not ended, by their numbers
     */
    OptionalDouble left(Predicate<Integer> open) {
        double now = now();
        if (news) {
            foreseen = foresee(open, now);
            newest = now;
            news = false;
        }
        if (foreseen.isEmpty()) {
            return foreseen;
        }
        // Between two words of the workers the clock counts down, but not to nothing.
        double raw = foreseen.getAsDouble();
        return OptionalDouble.of(shown.next(Math.max(raw - (now - newest), raw / 20), now));
    }

    private OptionalDouble foresee(Predicate<Integer> open, double now) {
        Rates rates = rates();
        Sum training = new Sum();
        Sum features = new Sum();
        boolean[] wanted = new boolean[passes.size()];
        Map<List<Object>, Double> epochs = new HashMap<>();
        int left = 0;
        for (Map.Entry<Integer, Run> entry : trials.entrySet()) {
            if (open.test(entry.getKey())) {
                left++;
                Run run = entry.getValue();
                wanted[run.group.pass] = true;
                addTrial(run, rates, epochs, training);
            }
        }
        if (left == 0) {
            return OptionalDouble.empty();
        }
        int wantedPasses = 0;
        for (int p = 0; p < passes.size(); p++) {
            if (wanted[p] && !passes.get(p).there) {
                wantedPasses++;
                addPass(p, rates, features);
            }
        }
        double rough = training.rough + features.rough;
        // What has been said once is said again, rather than come and go.
        said |= rough <= (training.seconds + features.seconds) / 2;
        if (!said) {
            return OptionalDouble.empty();
        }
        double start = ready ? 0 : Math.max(0, Estimates.start(rates).seconds() - (now - begun));
        return OptionalDouble.of(start
                + features.seconds / Math.max(1, Math.min(workers, wantedPasses))
                + training.seconds / Math.min(workers, left));
    }

    private static final class Sum {

        private double seconds;
        private double rough;

        void add(double more, boolean isRough) {
            seconds += more;
            rough += isRough ? more : 0;
        }
    }

    private void addPass(int number, Rates rates, Sum sum) {
        PassRun run = passes.get(number);
        PassWork pass = work.get(number);
        double since = run.told - run.first;
        if (run.done - run.firstDone > PACE && since > 0) {
            sum.add(since / (run.done - run.firstDone) * (1 - run.done), false);
        } else {
            var estimate = Estimates.pass(pass, rates);
            sum.add(estimate.seconds() * (1 - run.done), estimate.isRough());
        }
    }

    private void addTrial(Run run, Rates rates, Map<List<Object>, Double> known, Sum sum) {
        GroupRun group = run.group;
        int phases = group.work.hasTail() ? 2 : 1;
        for (int phase = run.epochs[2] > 0 ? 2 : 1; phase <= phases; phase++) {
            int now = phase;
            int done = run.epochs[phase];
            double epochs =
                    known.computeIfAbsent(List.of(group, phase, done), unused -> epochsLeft(group, now, done, rates));
            Rates.Rate epoch = epoch(group, phase, rates);
            sum.add(epochs * epoch.value(), epoch.rough());
        }
        if (run.epochs[1] == 0) {
            sum.add(rates.of(TRIAL).value(), false);
        }
    }

    /** An epoch of a trial: its share where heads train together. */
    private Rates.Rate epoch(GroupRun group, int phase, Rates rates) {
        Rates.Rate known = Estimates.epoch(work.get(group.pass), group.work, phase, rates);
        if (group.epochs[phase] == 0) {
            return known;
        }
        double weight = known.rough() ? 0 : PRIOR_EPOCHS;
        return new Rates.Rate((group.seconds[phase] + weight * known.value()) / (group.epochs[phase] + weight), false);
    }

    /** The mean of the trials of this group, or else this sweep, that went on for longer; else what is usual. */
    private double epochsLeft(GroupRun group, int phase, int done, Rates rates) {
        GroupWork.Epochs limits = phase == 1 ? group.work.headEpochs() : group.work.tailEpochs();
        double usual = Estimates.epochs(limits, before);
        if (limits.patience() == 0) {
            return Math.max(0, limits.most() - done);
        }
        if (usual <= done) {
            usual = Math.min(limits.most(), done + limits.patience());
        }
        List<Integer> others = longer(group.ended.get(phase), done);
        if (others.isEmpty()) {
            others = passes.stream()
                    .flatMap(pass -> pass.groups.stream())
                    .flatMap(other -> longer(other.ended.get(phase), done).stream())
                    .toList();
        }
        double sum = others.stream().mapToInt(Integer::intValue).sum();
        return (sum + usual) / (others.size() + 1) - done;
    }

    private static List<Integer> longer(List<Integer> epochs, int done) {
        return epochs.stream().filter(count -> count > done).toList();
    }

    /** Follows one worker: what lies between two of its words belongs to the second. */
    private final class Ear implements WorkerEvent.Listener {

        private double last = now();
        private final Set<Integer> running = new HashSet<>();

        /** What went by since no trial ran: beside epochs at 0, then by phase. */
        private final double[] passed = new double[3];

        /** What of it the trials that have ended say they spent in each phase. */
        private final double[] spent = new double[3];

        private int ended;

        private double sinceLast() {
            double since = now() - last;
            last += since;
            news = true;
            return since;
        }

        /** What trials do not account for, setting up and saving, is theirs all the same, but no epoch's. */
        private void settle(GroupRun group) {
            if (!running.isEmpty() || ended == 0) {
                return;
            }
            log.add(TRIAL, passed[0] + passed[1] + passed[2] - spent[1] - spent[2], ended);
            for (int phase = 1; phase <= 2; phase++) {
                group.seconds[phase] += spent[phase] - passed[phase];
            }
            Arrays.fill(passed, 0);
            Arrays.fill(spent, 0);
            ended = 0;
        }

        @Override
        public void ready(WorkerEvent.Ready event) {
            sinceLast();
            forgetTrials();
            if (!ready) {
                log.add(START, now() - begun, 1);
            }
            ready = true;
        }

        @Override
        public void heartbeat(WorkerEvent.Heartbeat event) {}

        @Override
        public void passProgress(WorkerEvent.PassProgress event) {
            sinceLast();
            if (event.total() > 0) {
                PassRun pass = passes.get(event.pass());
                double done = (double) event.done() / event.total();
                if (Double.isNaN(pass.first) || done < pass.done) {
                    pass.first = now();
                    pass.firstDone = done;
                }
                pass.done = done;
                pass.told = now();
            }
        }

        @Override
        public void passEnded(WorkerEvent.PassEnded event) {
            sinceLast();
            passes.get(event.pass()).there = true;
            if (event.features().stream().noneMatch(WorkerEvent.Features::computed)) {
                return;
            }
            PassWork pass = work.get(event.pass());
            double decoding = event.decodeSeconds() / Math.max(1, before.threads());
            if (pass.decoded() == pass.images()) {
                log.add(pass.decodeKey(), event.decodeSeconds(), pass.images());
            }
            log.add(pass.prefixKey(), event.prefixSeconds(), (double) pass.images() * pass.multiplyAdds());
            log.add(PASS, Math.max(0, event.seconds() - event.prefixSeconds() - decoding), 1);
        }

        @Override
        public void passFailed(WorkerEvent.PassFailed event) {
            sinceLast();
            PassRun pass = passes.get(event.pass());
            pass.done = 0;
            pass.first = Double.NaN;
        }

        @Override
        public void trialStarted(WorkerEvent.TrialStarted event) {
            double since = sinceLast();
            Run run = trials.get(event.trial());
            if (run != null) {
                running.add(event.trial());
                passed[0] += since;
                run.epochs[1] = 0;
                run.epochs[2] = 0;
            }
        }

        @Override
        public void epochEnded(WorkerEvent.EpochEnded event) {
            double since = sinceLast();
            Run run = trials.get(event.trial());
            int phase = event.epoch().phase();
            if (run != null && (phase == 1 || phase == 2)) {
                run.epochs[phase]++;
                run.group.epochs[phase]++;
                run.group.seconds[phase] += since;
                passed[phase] += since;
            }
        }

        @Override
        public void trialEnded(WorkerEvent.TrialEnded event) {
            double since = sinceLast();
            Run run = trials.get(event.trial());
            running.remove(event.trial());
            if (run == null || event.state() != TrialState.FINISHED) {
                return;
            }
            passed[0] += since;
            ended++;
            GroupRun group = run.group;
            for (int phase = 1; phase <= (group.work.hasTail() ? 2 : 1); phase++) {
                group.ended.get(phase).add(run.epochs[phase]);
                GroupWork.Epochs limits = phase == 1 ? group.work.headEpochs() : group.work.tailEpochs();
                if (limits.patience() > 0) {
                    log.add(limits.key(), (double) run.epochs[phase] / limits.most(), 1);
                }
            }
            spend(group, run, event.seconds());
            settle(group);
        }

        private void spend(GroupRun group, Run run, Map<String, Double> seconds) {
            double validation = seconds.getOrDefault("validation", 0.0);
            double ofHead = group.work.hasTail()
                    ? Math.min(validation, run.epochs[1] * Estimates.headValidationSeconds(group.work, rates()))
                    : validation;
            spent[1] += seconds.getOrDefault("head", 0.0) + ofHead;
            spent[2] += seconds.getOrDefault("tail", 0.0) + validation - ofHead;
            if (!group.work.live()) {
                logTraining(group, run, seconds, ofHead, validation - ofHead);
            }
        }

        private void logTraining(
                GroupRun group, Run run, Map<String, Double> seconds, double headValidation, double tailValidation) {
            GroupWork w = group.work;
            double heads = run.epochs[1];
            double tails = (double) run.epochs[2] * w.tailMultiplyAdds();
            PassWork pass = work.get(group.pass);
            log.add(
                    w.headKey(Kind.HEAD),
                    seconds.getOrDefault("head", 0.0),
                    heads * w.trainImages() * w.head().training());
            log.add(pass.tailKey(Kind.TAIL, w), seconds.getOrDefault("tail", 0.0), tails * w.trainImages());
            log.add(pass.tailKey(Kind.TAIL_VALIDATION, w), tailValidation, tails * w.validationImages());
            if (!w.hasTail()) {
                log.add(
                        w.headKey(Kind.HEAD_VALIDATION),
                        headValidation,
                        heads * w.validationImages() * w.head().validation());
            }
        }

        @Override
        public void warning(WorkerEvent.Warning event) {}

        @Override
        public void workEnded(WorkerEvent.WorkEnded event) {
            sinceLast();
            forgetTrials();
        }

        /** What ran and did not end is given up, with the time it took. */
        private void forgetTrials() {
            running.clear();
            Arrays.fill(passed, 0);
            Arrays.fill(spent, 0);
            ended = 0;
        }
    }

    /** A number that is shown to people: it counts down with the clock, and what is new changes it over some seconds. */
    private static final class Smoothed {

        private static final double SECONDS = 4;

        private double value = Double.NaN;
        private double last;

        double next(double target, double now) {
            double passed = now - last;
            last = now;
            if (Double.isNaN(value)) {
                value = target;
            } else {
                double counted = Math.max(0, value - passed);
                value = counted + (target - counted) * (1 - Math.exp(-passed / SECONDS));
            }
            return value;
        }
    }
}
