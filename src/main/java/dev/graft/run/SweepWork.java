package dev.graft.run;

import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.plan.GroupWork;
import dev.graft.plan.HeadWork;
import dev.graft.plan.PassWork;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.spec.Sweep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Counts what the passes and trials of a sweep compute, for estimates. */
final class SweepWork {

    /** More heads at once than this gain nothing further. */
    private static final int MOST_TOGETHER = 64;

    private static final int DATA_DIGITS = 12;

    private SweepWork() {}

    /**
     * Counts, pass by pass in the order of the plan.
     *
     * @param waits says which trials are still to be trained
     */
    static List<PassWork> of(SweepSetup setup, FeatureStore store, Predicate<Trial> waits) {
        List<PassWork> work = new ArrayList<>(setup.plan().passes().stream()
                .map(pass -> of(setup, pass, store, waits))
                .toList());
        // The first pass decodes for all, as far as a worker's memory for pixels goes.
        long room = WorkerCores.of(
                        1, WorkerMemory.of(WorkerMemory.machineBytes(), 1).heapBytes(), Map.of())
                .pixelCacheBytes();
        boolean first = true;
        for (int i = 0; i < work.size(); i++) {
            PassWork pass = work.get(i);
            if (pass.needed() && first) {
                first = false;
            } else if (pass.needed()) {
                long each = 3L * pass.imageSize() * pass.imageSize();
                long kept = Math.min(pass.images(), room / each);
                room -= kept * each;
                work.set(i, pass.decoding(pass.images() - kept));
            }
        }
        return work;
    }

    private static PassWork of(SweepSetup setup, FrozenPass pass, FeatureStore store, Predicate<Trial> waits) {
        FrozenBase base = setup.base(pass.base(), pass.imageSize());
        List<FeatureOutput> missing = setup.outputs(pass).stream()
                .filter(output -> !store.contains(setup.source().key(base, output)))
                .toList();
        FeatureOutput end = base.headOutput("avg");
        long whole = base.multiplyAdds(List.of(end));
        String cut = end.cut();
        long deepest = whole;
        if (!missing.isEmpty()
                && missing.stream().noneMatch(output -> output.cut().equals(end.cut()))) {
            deepest = base.multiplyAdds(missing);
            cut = missing.get(missing.size() - 1).cut();
        }
        List<GroupWork> groups = new ArrayList<>();
        for (FeatureGroup group : pass.groups()) {
            groups.add(of(setup, group, base, whole, store, waits));
        }
        return new PassWork(
                base.architecture().name(),
                pass.imageSize(),
                cut,
                setup.source().dataset().digest().substring(0, DATA_DIGITS),
                setup.source().passImages(),
                deepest,
                missing.stream()
                        .mapToLong(output -> setup.source().bytes(base, output))
                        .sum(),
                groups);
    }

    private static GroupWork of(
            SweepSetup setup,
            FeatureGroup group,
            FrozenBase base,
            long whole,
            FeatureStore store,
            Predicate<Trial> waits) {
        Sweep sweep = setup.file().sweep();
        var dataset = setup.source().dataset();
        List<Trial> trials = group.trials().stream().filter(waits).toList();
        int depth = group.fineTuneDepth();
        FeatureOutput output = setup.output(group);
        long prefix = depth == 0 ? whole : base.multiplyAdds(List.of(output));
        int together = depth > 0 ? 1 : Math.max(1, Math.min(MOST_TOGETHER, trials.size()));
        int patience = sweep.earlyStopping().enabled() ? sweep.earlyStopping().patience() : 0;
        return new GroupWork(
                depth,
                trials.size(),
                dataset.train().size(),
                dataset.validation().size(),
                setup.source().settings().live(),
                head(group.trials(), base, dataset.classes().size(), together),
                whole - prefix,
                prefix,
                new GroupWork.Epochs(1, sweep.epochs(), patience),
                new GroupWork.Epochs(2, depth == 0 ? 0 : sweep.fineTune().epochs(), patience),
                setup.source().bytes(base, output),
                store.contains(setup.source().key(base, output)));
    }

    private static HeadWork head(List<Trial> trials, FrozenBase base, int classes, int together) {
        long[] features = new long[2];
        double multiplyAdds = 0;
        double batchSize = 0;
        for (Trial trial : trials) {
            String pooling = Plan.pooling(trial.parameters().pooling());
            int kind = pooling.equals("none") ? 1 : 0;
            if (features[kind] == 0) {
                features[kind] = values(base.shape(base.headOutput(pooling)));
            }
            HeadWork head = HeadWork.of(trial.parameters(), features[kind], classes, together);
            multiplyAdds += (double) head.multiplyAdds() / trials.size();
            batchSize += (double) head.batchSize() / trials.size();
        }
        return new HeadWork(Math.round(multiplyAdds), Math.max(1, (int) Math.round(batchSize)), together);
    }

    private static long values(int[] shape) {
        long values = 1;
        for (int axis : shape) {
            values *= axis;
        }
        return values;
    }
}
