package dev.graft.data;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Random numbers that depend on a seed and a name alone, never on the order in which work is done. */
final class Seeded {

    private Seeded() {}

    /** A generator of its own for every seed, name and index. */
    static SplittableRandom random(long seed, String name, long index) {
        return new SplittableRandom(hash(seed, name, index));
    }

    /** A well-mixed number for every seed, name and index. */
    static long hash(long seed, String name, long index) {
        long hash = mix(seed + 0x632BE59BD9B4E019L);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return mix(mix(hash) + mix(index + 0x9E3779B97F4A7C15L));
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
