package dev.graft.run;

import dev.graft.features.FeatureStore;
import dev.graft.plan.PassWork;
import dev.graft.plan.Rates;
import dev.graft.plan.Turn;
import dev.graft.search.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** What lies before a running sweep: the order of its groups, and how long they take. For the controller's thread. */
final class Outlook {

    private static final long KEEP_NANOS = 30_000_000_000L;

    private final List<Turn> turns;
    private final Forecast forecast;
    private final RateFile rates;
    private final SweepListener listener;
    private long kept = System.nanoTime();

    private Outlook(List<Turn> turns, Forecast forecast, RateFile rates, SweepListener listener) {
        this.turns = turns;
        this.forecast = forecast;
        this.rates = rates;
        this.listener = listener;
    }

    /** Looks ahead to trials that wait. */
    static Outlook of(
            SweepRun run, List<Trial> waiting, FeatureStore store, OptionalLong limit, RateFile rates, int workers) {
        Set<Integer> open = new HashSet<>();
        waiting.forEach(trial -> open.add(trial.number()));
        List<PassWork> work = SweepWork.of(run.setup(), store, trial -> open.contains(trial.number()));
        Rates before = rates.read();
        return new Outlook(
                turns(work, before, room(store, limit)),
                new Forecast(run.setup().plan(), work, before, workers, System::nanoTime),
                rates,
                run.listener());
    }

    /** Orders groups; where the store cannot hold all features, those of a pass are used before the next pass runs. */
    static List<Turn> turns(List<PassWork> work, Rates rates, long room) {
        long bytes = work.stream().mapToLong(PassWork::bytes).sum();
        return Turn.byFirstNews(work, rates, bytes > room);
    }

    /** Returns the bytes that a store can take, as far as anybody can say. */
    static long room(FeatureStore store, OptionalLong limit) {
        long room = limit.orElse(Long.MAX_VALUE);
        Path folder = store.directory();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        try {
            return folder == null
                    ? room
                    : Math.min(room, Files.getFileStore(folder).getUsableSpace());
        } catch (IOException e) {
            return room;
        }
    }

    /** Returns every group of the plan, in the order in which they are to run. */
    List<Turn> turns() {
        return turns;
    }

    /** Returns who hears one worker. */
    WorkerEvent.Listener ear(int worker) {
        return forecast.ear(worker);
    }

    /** Tells the listener how long it will take, and keeps what was measured now and then. */
    void tick(Predicate<Integer> open, long now) {
        listener.timeLeft(forecast.left(open));
        if (now - kept > KEEP_NANOS) {
            kept = now;
            keep();
        }
    }

    /** Keeps what was measured. */
    void keep() {
        rates.add(forecast.measured());
    }
}
