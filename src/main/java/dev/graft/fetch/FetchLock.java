package dev.graft.fetch;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to write one file, over threads and processes. The operating system holds it, so that a process that dies
 * gives it back; the lock file stays, because deleting it would let two waiters lock two different files of one name.
 */
record FetchLock(ReentrantLock threads, FileChannel channel) implements AutoCloseable {

    /** File locks are per process; threads of this process take these first. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    /** Waits for the lock of a file in an existing folder; says so first when another holds it. */
    static FetchLock take(Path file, Runnable waiting) throws IOException, InterruptedException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file's name");
        }
        Path path = folder.toRealPath().resolve("." + file.getFileName() + ".lock");
        ReentrantLock threads = THREADS.computeIfAbsent(path, unused -> new ReentrantLock());
        boolean said = false;
        if (!threads.tryLock()) {
            waiting.run();
            said = true;
            threads.lockInterruptibly();
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    if (!said) {
                        waiting.run();
                    }
                    wait(channel);
                }
                return new FetchLock(threads, channel);
            } catch (IOException | InterruptedException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            threads.unlock();
            throw e;
        }
    }

    private static void wait(FileChannel channel) throws IOException, InterruptedException {
        try {
            channel.lock();
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
            InterruptedException interrupted = new InterruptedException();
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            threads.unlock();
        }
    }
}
