package dev.graft.run;

import dev.graft.base.BaseWeights;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.plan.FrozenPass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Which passes a worker may still have to run, so that it keeps pixels for these and for no others. For one thread. */
final class ComingPasses {

    private final SweepSetup setup;
    private final Function<String, BaseWeights> weights;
    private final FeatureStore store;
    private final Set<Integer> begun = new HashSet<>();
    private final Map<Integer, Boolean> stored = new TreeMap<>();

    ComingPasses(SweepSetup setup, Function<String, BaseWeights> weights, FeatureStore store) {
        this.setup = setup;
        this.weights = weights;
        this.store = store;
    }

    /** Says that a pass begins, and so is not to come. */
    void begin(int pass) {
        begun.add(pass);
    }

    /** Returns the image sizes of the passes that did not begin, and whose features the store lacks. */
    List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>();
        List<FrozenPass> passes = setup.plan().passes();
        for (int i = 0; i < passes.size(); i++) {
            FrozenPass pass = passes.get(i);
            if (!begun.contains(i) && !stored.computeIfAbsent(i, unused -> isStored(pass))) {
                sizes.add(pass.imageSize());
            }
        }
        return sizes;
    }

    /** Also where nobody can say: what is wrong with another base is its own pass' affair. */
    private boolean isStored(FrozenPass pass) {
        try {
            return areStored(pass);
        } catch (RuntimeException e) {
            return true;
        }
    }

    private boolean areStored(FrozenPass pass) {
        SweepSetup own = setup.with(Map.of(pass.base(), weights.apply(pass.base())));
        FrozenBase base = own.base(pass.base(), pass.imageSize());
        return own.outputs(pass).stream()
                .allMatch(output -> store.contains(own.source().key(base, output)));
    }
}
