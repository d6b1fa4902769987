package dev.graft.track;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to write into a results directory. The operating system holds the lock, so that a process that dies gives
 * it back; the file only tells others who holds it, and stays.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String FILE = "track.lock";

    /** Beyond the text, because Windows lets nobody read a locked range. */
    private static final long LOCKED_BYTE = 1L << 30;

    private static final int LOOKS = 5;
    private static final long LOOK_NANOS = 20_000_000;

    /**
     * Locks of this process. Asking the operating system again would not do: on POSIX systems, closing any channel of a
     * file gives up the process's locks on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private DirectoryLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the lock, and creates its file and directory where they are missing.
     *
     * @throws StoreException naming the holder, when another holds it
     */
    static DirectoryLock take(Path directory) {
        Tracking.requireDirectory(directory);
        Path path;
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            path = directory.toRealPath().resolve(FILE);
        } catch (IOException e) {
            throw Failures.of(directory, "cannot create the results directory " + directory, e);
        }
        if (!hold(path)) {
            throw heldBy(
                    directory, Optional.of(Long.toString(ProcessHandle.current().pid())));
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                throw heldBy(directory, holder(channel));
            }
            channel.truncate(0);
            channel.write(UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
            return new DirectoryLock(path, channel);
        } catch (IOException e) {
            release(path, channel);
            throw Failures.of(directory, "cannot lock the results directory " + directory, e);
        } catch (StoreException e) {
            release(path, channel);
            throw e;
        }
    }

    /** Notes that this process wants the lock or has it; false where it does already. Waits while it is looked at. */
    private static boolean hold(Path path) {
        synchronized (HELD) {
            return HELD.add(path);
        }
    }

    /** Takes the lock, patiently enough for somebody who only looks whether it is free. */
    private static boolean lock(FileChannel channel) throws IOException {
        for (int i = 0; i < LOOKS; i++) {
            if (channel.tryLock(LOCKED_BYTE, 1, false) != null) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return false;
    }

    /** Says whether anyone holds the lock of a directory; changes nothing. */
    static boolean isHeld(Path directory) {
        try {
            Path path = directory.toRealPath().resolve(FILE);
            synchronized (HELD) {
                if (HELD.contains(path)) {
                    return true;
                }
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    // Closing the channel gives the lock back.
                    return channel.tryLock(LOCKED_BYTE, 1, false) == null;
                }
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new StoreException("cannot look at the lock of the results directory " + directory + ": " + e, e);
        }
    }

    private static Optional<String> holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        String pid = UTF_8.decode(text.flip()).toString().strip();
        // Between the holder's lock and its writing there is nothing to read yet.
        return pid.isEmpty() ? Optional.empty() : Optional.of(pid);
    }

    private static StoreException heldBy(Path directory, Optional<String> pid) {
        return new StoreException("another sweep is writing to " + directory + " (process " + pid.orElse("unknown")
                + "): wait for it, stop it, or choose another results directory");
    }

    private static void release(Path path, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The channel is closed all the same, and with it the lock is gone.
        } finally {
            HELD.remove(path);
        }
    }

    @Override
    public void close() {
        release(path, channel);
    }
}
