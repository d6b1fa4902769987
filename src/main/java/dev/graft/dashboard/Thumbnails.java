package dev.graft.dashboard;

import dev.graft.data.Thumbnail;
import dev.graft.export.BusyException;
import dev.graft.run.RecordedImages;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Makes small images of recorded ones, few at a time, and remembers the latest as far as a bounded piece of memory
 * reaches. An image that changes is made anew.
 */
final class Thumbnails {

    private static final long MAX_BYTES = 24L << 20;

    /** A browser asks for six at a time; whoever asks for more than some browsers do is sent away. */
    private static final int MOST_WAITING = 12;

    private final long maxBytes;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final Semaphore working =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    private final Map<Key, byte[]> made = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    private record Key(Path file, long size, Instant modified, int side) {}

    Thumbnails() {
        this(MAX_BYTES);
    }

    Thumbnails(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Returns a small JPEG of an image.
     *
     * @param found an image that is there
     * @param side the most pixels of its longer side
     * @throws dev.graft.data.DataException when the file is no readable image any more
     * @throws BusyException when too many wait already
     */
    byte[] of(RecordedImages.Found found, int side) {
        Path file = found.file().orElseThrow();
        Key key = new Key(file, found.bytes(), found.modified(), side);
        byte[] known = known(key);
        if (known != null) {
            return known;
        }
        if (!places.tryAcquire()) {
            throw new BusyException("many images are being read already; ask again in a moment");
        }
        try {
            working.acquire();
            try {
                byte[] image = Thumbnail.of(file, side);
                remember(key, image);
                return image;
            } finally {
                working.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the dashboard is ending");
        } finally {
            places.release();
        }
    }

    private byte @Nullable [] known(Key key) {
        synchronized (made) {
            return made.get(key);
        }
    }

    private void remember(Key key, byte[] image) {
        synchronized (made) {
            byte[] before = made.put(key, image);
            bytes += image.length - (before == null ? 0 : before.length);
            for (Iterator<byte[]> oldest = made.values().iterator(); bytes > maxBytes && oldest.hasNext(); ) {
                bytes -= oldest.next().length;
                oldest.remove();
            }
        }
    }

    /** Returns how many bytes are remembered. */
    long bytes() {
        synchronized (made) {
            return bytes;
        }
    }
}
