package dev.graft.fetch;

import java.nio.file.Path;

/**
 * A file that is in its place.
 *
 * @param file where it is
 * @param bytes its size
 * @param checksum its digest
 * @param checked whether the digest is one that was published, or recorded when the file was fetched first
 * @param fetched whether it was fetched now; false where it was there
 */
public record Fetched(Path file, long bytes, Checksum checksum, boolean checked, boolean fetched) {}
