package dev.graft.fetch;

/**
 * What an archive may grow to; beyond that it is taken for a bomb.
 *
 * @param entries most entries
 * @param bytes most bytes in all, unpacked
 * @param ratio how many times its own size it may grow to, once it is past {@code ratioFrom} bytes
 * @param ratioFrom from how many unpacked bytes the ratio counts
 */
public record ArchiveLimits(long entries, long bytes, long ratio, long ratioFrom) {

    /** Five million entries, 2 TB, two hundred times its size: images hardly shrink. */
    public static final ArchiveLimits USUAL = new ArchiveLimits(5_000_000, 2_000_000_000_000L, 200, 64L << 20);
}
