package dev.graft.run;

import dev.graft.plan.RateKey;
import java.util.HashMap;
import java.util.Map;

/** Adds up what a running sweep's work takes. For one thread. */
final class RateLog {

    private static final class Sum {

        private double seconds;
        private double units;

        void add(double moreSeconds, double moreUnits) {
            seconds += moreSeconds;
            units += moreUnits;
        }
    }

    private final Map<RateKey, Sum> all = new HashMap<>();
    private final Map<RateKey, Sum> recent = new HashMap<>();

    /** Notes that so many units of work took so long; nonsense is left out. */
    void add(RateKey key, double seconds, double units) {
        if (seconds > 0 && units > 0 && Double.isFinite(seconds / units)) {
            all.computeIfAbsent(key, unused -> new Sum()).add(seconds, units);
            recent.computeIfAbsent(key, unused -> new Sum()).add(seconds, units);
        }
    }

    /** Returns the rates of the whole sweep so far. */
    Map<RateKey, Double> rates() {
        return rates(all);
    }

    /** Returns the rates of what was noted since this was last asked. */
    Map<RateKey, Double> news() {
        Map<RateKey, Double> news = rates(recent);
        recent.clear();
        return news;
    }

    private static Map<RateKey, Double> rates(Map<RateKey, Sum> sums) {
        Map<RateKey, Double> rates = new HashMap<>();
        sums.forEach((key, sum) -> rates.put(key, sum.seconds / sum.units));
        return rates;
    }
}
