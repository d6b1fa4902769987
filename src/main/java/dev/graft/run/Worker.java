package dev.graft.run;

import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.WeightException;
import dev.graft.features.FeatureSource;
import dev.graft.features.FeatureStore;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.spec.SweepFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other side of {@link WorkerProcess}: takes orders, computes, tells events. It writes features and kept weights to
 * the disk and nothing else; the record is its controller's. It ends when its controller does, at whatever point.
 */
public final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long HEARTBEAT_MILLIS = 1000;

    private final OutputStream events;
    private final Runnable abandon;
    private final BlockingQueue<WorkerOrder> orders = new LinkedBlockingQueue<>();
    private volatile boolean stopped;
    private @Nullable WorkRunner runner;

    private Worker(OutputStream events, Runnable abandon) {
        this.events = events;
        this.abandon = abandon;
    }

    /**
     * Works until there are no more orders.
     *
     * @param orders of the controller
     * @param events to the controller; nobody else may write there
     * @param abandon ends this process at once: called when the controller is gone
     */
    public static void run(InputStream orders, OutputStream events, Runnable abandon) {
        Worker worker = new Worker(events, abandon);
        daemon("orders", () -> worker.listen(orders));
        worker.work();
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<WorkerOrder> order = WorkerOrder.WIRE.read(line).message();
                if (order.isEmpty()) {
                    LOG.error("an order that cannot be read: {}", line);
                    break;
                }
                stopped |= order.get() instanceof WorkerOrder.Stop;
                orders.add(order.get());
            }
        } catch (IOException e) {
            LOG.error("orders cannot be read", e);
        }
        abandon.run();
    }

    private void beat() {
        try {
            while (true) {
                Thread.sleep(HEARTBEAT_MILLIS);
                tell(new WorkerEvent.Heartbeat(anonymousBytes()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the memory that would be gone with this process, as Linux counts it; 0 where nobody says. */
    private static long anonymousBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    private void work() {
        try {
            while (true) {
                WorkerOrder order = orders.take();
                if (order instanceof WorkerOrder.Prepare prepare) {
                    runner = prepare(prepare);
                    tell(new WorkerEvent.Ready(Provenance.engines()));
                    daemon("heartbeat", this::beat);
                } else if (order instanceof WorkerOrder.Work work) {
                    if (runner == null) {
                        throw new IllegalStateException("work came before what it is about");
                    }
                    runner.run(work);
                    tell(new WorkerEvent.WorkEnded());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WorkRunner prepare(WorkerOrder.Prepare order) {
        Catalogue catalogue = new Catalogue(
                        order.weightFolders().stream().map(Path::of).toList())
                .beside(Path.of(order.sweepFolder()));
        SweepFile.Parsed file = SweepFile.parse(order.fileName(), order.fileText(), catalogue);
        List<Trial> trials =
                order.trials().stream().map(WorkerOrder.Candidate::trial).toList();
        FeatureSource source = new FeatureSource(
                order.images().dataset(),
                file.sweep().data(),
                file.sweep().seed(),
                file.sweep().precision());
        SweepSetup setup = new SweepSetup(
                file,
                Path.of(order.sweepFolder()),
                Path.of(order.dataFolder()),
                source,
                trials,
                Plan.of(trials),
                Map.of(),
                catalogue);
        OptionalLong limit = order.cacheMaxBytes() > 0 ? OptionalLong.of(order.cacheMaxBytes()) : OptionalLong.empty();
        return new WorkRunner(
                setup,
                base -> weights(catalogue, base, order.weightDigests()),
                new FeatureStore(Path.of(order.features()), InstantSource.system(), limit)
                        .telling(warning -> tell(new WorkerEvent.Warning(warning))),
                new TrialModels(Path.of(order.results())),
                WorkerCores.of(order.threads(), Runtime.getRuntime().maxMemory(), System.getenv()),
                this::tell,
                () -> stopped);
    }

    private static BaseWeights weights(Catalogue catalogue, String base, Map<String, String> digests) {
        BaseWeights weights = catalogue.load(base);
        if (!weights.digest().equals(digests.get(base))) {
            throw new WeightException("the weights of " + base + " are not those the sweep began with");
        }
        return weights;
    }

    /** One event at a time; where nobody listens any more there is nothing left to do. */
    private synchronized void tell(WorkerEvent event) {
        try {
            WorkerEvent.WIRE.write(events, event);
        } catch (IOException e) {
            abandon.run();
        }
    }
}
