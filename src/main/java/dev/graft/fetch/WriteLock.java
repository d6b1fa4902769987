package dev.graft.fetch;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to write one file, over threads and processes. The operating system holds it, so that a process that dies
 * gives it back; the lock file stays, because deleting it would let two waiters lock two different files of one name.
 * Whoever took it gives it back, on the same thread.
 */
public final class WriteLock implements AutoCloseable {

    /**
     * File locks are per process; threads of this process take these first. Nobody opens a lock file that this process
     * has locked: on POSIX systems, closing any channel of a file gives up the process's locks on it.
     */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private static final long LOOK_MILLIS = 200;

    private final ReentrantLock threads;
    private final FileChannel channel;

    private WriteLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * Waits for the lock of a file in an existing folder.
     *
     * @param waiting told first when another holds it
     * @throws IllegalStateException when this thread holds it already; a bug
     */
    public static WriteLock take(Path file, Runnable waiting) throws IOException, InterruptedException {
        return take(file, waiting, () -> false).orElseThrow();
    }

    /**
     * Waits for the lock of a file in an existing folder, or until it is no longer wanted.
     *
     * @param waiting told first when another holds it
     * @param cancelled asked now and then while another holds it
     * @return empty when {@code cancelled} says so
     * @throws IllegalStateException when this thread holds it already; a bug
     */
    public static Optional<WriteLock> take(Path file, Runnable waiting, BooleanSupplier cancelled)
            throws IOException, InterruptedException {
        Path path = lockFile(file);
        ReentrantLock threads = threads(path);
        if (threads.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread holds the lock of " + file + " already");
        }
        boolean said = false;
        if (!threads.tryLock()) {
            waiting.run();
            said = true;
            while (!threads.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancelled.getAsBoolean()) {
                    return Optional.empty();
                }
            }
        }
        boolean taken = false;
        FileChannel channel = null;
        try {
            channel = open(path);
            taken = lock(channel, said ? () -> {} : waiting, cancelled);
            return taken ? Optional.of(new WriteLock(threads, channel)) : Optional.empty();
        } catch (ClosedByInterruptException e) {
            InterruptedException interrupted = new InterruptedException();
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            if (!taken) {
                release(threads, channel);
            }
        }
    }

    private static boolean lock(FileChannel channel, Runnable waiting, BooleanSupplier cancelled)
            throws IOException, InterruptedException {
        if (channel.tryLock() != null) {
            return true;
        }
        waiting.run();
        // Not a lock that waits by itself: whoever waits must hear that the lock is no longer wanted.
        do {
            if (cancelled.getAsBoolean()) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        } while (channel.tryLock() == null);
        return true;
    }

    private static void release(ReentrantLock threads, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            threads.unlock();
        }
    }

    /** Takes the lock of a file in an existing folder, or returns empty where anyone holds it, this thread included. */
    public static Optional<WriteLock> tryTake(Path file) throws IOException {
        return tryTake(lockFile(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Says whether anyone, this thread included, holds the lock of a file in an existing folder; changes nothing. */
    public static boolean isHeld(Path file) throws IOException {
        try {
            Optional<WriteLock> lock = tryTake(lockFile(file), StandardOpenOption.WRITE);
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isEmpty();
        } catch (NoSuchFileException e) {
            // Nobody ever took it, or the folder is gone.
            return false;
        }
    }

    private static Optional<WriteLock> tryTake(Path path, OpenOption... options) throws IOException {
        ReentrantLock threads = threads(path);
        if (threads.isHeldByCurrentThread() || !threads.tryLock()) {
            return Optional.empty();
        }
        try {
            FileChannel channel = FileChannel.open(path, options);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return Optional.of(new WriteLock(threads, channel));
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
        } catch (IOException | RuntimeException e) {
            threads.unlock();
            throw e;
        }
        threads.unlock();
        return Optional.empty();
    }

    private static Path lockFile(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file's name");
        }
        return folder.toRealPath().resolve("." + file.getFileName() + ".lock");
    }

    private static ReentrantLock threads(Path path) {
        return THREADS.computeIfAbsent(path, unused -> new ReentrantLock());
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
        release(threads, channel);
    }
}
