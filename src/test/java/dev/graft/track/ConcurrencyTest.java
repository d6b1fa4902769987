package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {

    private static final int EPOCHS = 2000;

    @TempDir
    Path directory;

    @Test
    void readersSeeWholeStatesInOrderWhileTheWriterWrites() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (TrackWriter writer = Tracking.open(directory, InstantSource.system());
                TrackReader reader = Tracking.openReadOnly(directory)) {
            writer.createSweep(Records.sweep("aaaaaaaa"), Records.trials("aaaaaaaa", 1));
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            AtomicBoolean done = new AtomicBoolean();
            List<Future<Integer>> polls = IntStream.range(0, 2)
                    .mapToObj(i -> threads.submit(() -> poll(reader, done)))
                    .toList();
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                writer.addEpoch("aaaaaaaa-1", Records.epoch(epoch, 1.0 / epoch, 0.5));
            }
            done.set(true);
            for (Future<Integer> poll : polls) {
                assertThat(poll.get()).isPositive();
            }
            assertThat(reader.epochs("aaaaaaaa-1")).hasSize(EPOCHS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static int poll(TrackReader reader, AtomicBoolean done) {
        int reads = 0;
        int seen = 0;
        long version = 0;
        while (!done.get()) {
            long next = reader.version();
            assertThat(next).isGreaterThanOrEqualTo(version);
            version = next;
            TrialRecord trial = reader.trial("aaaaaaaa-1").orElseThrow();
            assertThat(trial.epochs()).isGreaterThanOrEqualTo(seen);
            seen = trial.epochs();
            if (seen > 0) {
                assertThat(trial.last())
                        .contains(new TrialRecord.Epoch(
                                seen, Records.epoch(seen, 1.0 / seen, 0.5).metrics()));
            }
            List<EpochRecord> epochs = reader.epochs("aaaaaaaa-1");
            assertThat(epochs.size()).isGreaterThanOrEqualTo(seen);
            for (EpochRecord epoch : epochs) {
                assertThat(epoch.metrics()).hasSize(3);
                assertThat(epoch.classes()).hasSize(2);
            }
            reads++;
        }
        return reads;
    }

    @Test
    void writesOfSeveralThreadsAreAllThere() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (TrackWriter writer = Tracking.open(directory, InstantSource.system());
                TrackReader reader = Tracking.openReadOnly(directory)) {
            writer.createSweep(Records.sweep("aaaaaaaa"), Records.trials("aaaaaaaa", 4));
            List<Future<?>> writes = reader.trials("aaaaaaaa").stream()
                    .<Future<?>>map(trial -> threads.submit(() -> {
                        writer.startTrial(trial.id(), "f1", false, "");
                        for (int epoch = 1; epoch <= 50; epoch++) {
                            writer.addEpoch(trial.id(), Records.epoch(epoch, 0.5, 0.5));
                        }
                        writer.endTrial(trial.id(), TrialState.FINISHED, "", Map.of(), "");
                    }))
                    .toList();
            for (Future<?> write : writes) {
                write.get();
            }
            assertThat(reader.epochsOfSweep("aaaaaaaa").values())
                    .hasSize(4)
                    .allSatisfy(epochs -> assertThat(epochs).hasSize(50));
        } finally {
            threads.shutdownNow();
        }
    }
}
