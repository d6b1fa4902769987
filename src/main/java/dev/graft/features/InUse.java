package dev.graft.features;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Says to other processes that this one uses a feature file, which they then leave where it is. The operating system
 * holds the mark, a shared lock on a file beside it, so that it ends with its process at the latest. Safe for use by
 * several threads.
 */
final class InUse implements AutoCloseable {

    /**
     * The marks of this process. On POSIX systems, closing any channel of a file gives up the process's locks on it, so
     * that each file is opened once, and not at all to look at it.
     */
    private static final Map<Path, InUse> OWN = new HashMap<>();

    private final Path path;
    private final FileChannel channel;
    private int users = 1;

    private InUse(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Marks a file in an existing folder, which need not be there yet; whoever does so closes the mark. */
    static InUse mark(Path file) throws IOException {
        Path path = path(file);
        synchronized (OWN) {
            InUse own = OWN.get(path);
            if (own != null) {
                own.users++;
                return own;
            }
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                // Waits at most for somebody who looks at it.
                channel.lock(0, Long.MAX_VALUE, true);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            InUse mark = new InUse(path, channel);
            OWN.put(path, mark);
            return mark;
        }
    }

    /** Says whether another process uses a file; changes nothing. */
    static boolean elsewhere(Path file) throws IOException {
        synchronized (OWN) {
            try {
                Path path = path(file);
                if (OWN.containsKey(path)) {
                    return false;
                }
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    // Closing the channel gives the lock back.
                    FileLock lock = channel.tryLock();
                    return lock == null;
                }
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    private static Path path(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file's name");
        }
        return folder.toRealPath().resolve("." + file.getFileName() + ".use.lock");
    }

    @Override
    public void close() throws IOException {
        synchronized (OWN) {
            if (--users == 0) {
                OWN.remove(path);
                channel.close();
            }
        }
    }
}
