package dev.graft.run;

import dev.graft.spec.Metric;
import java.util.List;
import java.util.OptionalInt;

final class KeptModels {
    private KeptModels() {}

    record Finished(String id, double value, int number) {}

    static void apply(TrialModels models, OptionalInt keep, Metric metric, List<Finished> finished) {}
}
