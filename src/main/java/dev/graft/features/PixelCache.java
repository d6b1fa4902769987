package dev.graft.features;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps resized pixels for passes still to come, so that an image is decoded once for several sizes or bases. It holds
 * what fits and no more: whether it holds an image changes no number, only whether the image is decoded again. Safe for
 * use by several threads.
 */
public final class PixelCache {

    /**
     * Which pixels.
     *
     * @param image the image's name in the data set
     * @param view of which random view, where the views differ in the part they show; otherwise -1
     * @param size the side in pixels
     */
    record Key(String image, int view, int size) {}

    /** What an entry takes beside its pixels, roughly. */
    private static final int OVERHEAD = 120;

    private final long maxBytes;
    private final ConcurrentHashMap<Key, byte[]> pixels = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Set<Integer> wanted = Set.of();

    /** Makes an empty cache that will hold so many bytes at most, inclusive; 0 for a cache that keeps nothing. */
    public PixelCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Returns a cache that keeps nothing. */
    public static PixelCache none() {
        return new PixelCache(0);
    }

    boolean keepsAnything() {
        return maxBytes > 0;
    }

    /**
     * Begins a pass: forgets the pixels that neither it nor a later pass reads.
     *
     * @param size of this pass
     * @param repeated whether this pass itself reads the same pixels several times, as several views of one part
     * @param later the sizes of the passes to come
     */
    void begin(int size, boolean repeated, Collection<Integer> later) {
        Set<Integer> sizes = new TreeSet<>(later);
        if (repeated) {
            sizes.add(size);
        }
        wanted = Set.copyOf(sizes);
        sizes.add(size);
        forgetAllBut(sizes);
    }

    /** Ends a pass: nobody has a use for pixels but of the sizes named. */
    void end(Collection<Integer> later) {
        wanted = Set.of();
        forgetAllBut(later);
    }

    private void forgetAllBut(Collection<Integer> sizes) {
        for (Key key : pixels.keySet()) {
            if (!sizes.contains(key.size())) {
                forget(key);
            }
        }
    }

    Optional<byte[]> find(Key key) {
        return Optional.ofNullable(pixels.get(key));
    }

    /** Returns the sizes that are wanted of an image, and neither there nor too large for the room left. */
    List<Integer> missing(String image, int view) {
        List<Integer> missing = new ArrayList<>();
        for (int size : wanted) {
            if (!pixels.containsKey(new Key(image, view, size)) && bytes.get() + cost(3L * size * size) <= maxBytes) {
                missing.add(size);
            }
        }
        return missing;
    }

    /** Keeps pixels if there is room and the pass did not end; nobody may change them afterwards. */
    void keep(Key key, byte[] rgb) {
        if (bytes.addAndGet(cost(rgb.length)) > maxBytes || pixels.putIfAbsent(key, rgb) != null) {
            bytes.addAndGet(-cost(rgb.length));
        }
        // Asked after they are there: whoever ends the pass meanwhile either finds them or is found out here.
        if (!wanted.contains(key.size())) {
            forget(key);
        }
    }

    private void forget(Key key) {
        byte[] gone = pixels.remove(key);
        if (gone != null) {
            bytes.addAndGet(-cost(gone.length));
        }
    }

    /** Returns the bytes it holds. */
    long bytes() {
        return bytes.get();
    }

    private static long cost(long length) {
        return length + OVERHEAD;
    }
}
