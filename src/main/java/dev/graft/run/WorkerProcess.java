package dev.graft.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker process, seen from its controller. Its events and its end are told on a thread of its own. */
final class WorkerProcess {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

    private final Process process;
    private final WorkerLog log;
    private final ExecutorService sender;

    private WorkerProcess(Process process, WorkerLog log, String name) {
        this.process = process;
        this.log = log;
        this.sender = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, name + " orders");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Hears of a process, on the thread that reads from it. */
    interface Ear {

        /** The worker said something. */
        void event(WorkerProcess process, WorkerEvent event);

        /** The worker said something that cannot be understood; it may have been anything. */
        void garbled(WorkerProcess process);

        /** The process is gone, and so is everything that it said. */
        void ended(WorkerProcess process, int exitCode);
    }

    /** Begins a process. */
    static WorkerProcess start(WorkerLaunch launch, Path logFile, String name, Ear ear) throws IOException {
        WorkerProcess worker = new WorkerProcess(launch.start(logFile), new WorkerLog(logFile), name);
        Thread reader = new Thread(() -> worker.read(ear), name + " events");
        reader.setDaemon(true);
        reader.start();
        return worker;
    }

    long pid() {
        return process.pid();
    }

    WorkerLog log() {
        return log;
    }

    /** Sends an order, without waiting for a worker that does not read. */
    void send(WorkerOrder order) {
        sender.execute(() -> {
            try {
                WorkerOrder.WIRE.write(process.getOutputStream(), order);
            } catch (IOException e) {
                // It is dead or dying, which its reader will tell.
                LOG.debug("worker {} does not take orders", pid(), e);
            }
        });
    }

    /** Tells the worker that there is nothing more: it ends by itself. */
    void release() {
        sender.execute(() -> {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                LOG.debug("worker {} is gone", pid(), e);
            }
        });
    }

    /** Kills the process, whatever it is doing. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end of a released process, and kills one that takes too long. */
    void awaitEnd(long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        } finally {
            sender.shutdownNow();
        }
    }

    private void read(Ear ear) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            boolean garbled = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (garbled) {
                    // Not the last line, which a dying process may have cut off.
                    ear.garbled(this);
                    garbled = false;
                }
                Wire.Line<WorkerEvent> read = WorkerEvent.WIRE.read(line);
                log.add(read.rest());
                read.message().ifPresent(event -> ear.event(this, event));
                garbled = read.garbled();
            }
        } catch (IOException e) {
            LOG.debug("worker {} cannot be heard any more", pid(), e);
        } catch (RuntimeException | Error e) {
            LOG.error("worker {} cannot be heard any more", pid(), e);
            process.destroyForcibly();
        } finally {
            ear.ended(this, exitCode());
        }
    }

    private int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
