package dev.graft.fetch;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Hears of downloads and of archives being unpacked, on the thread that does it; it must be quick. */
public interface FetchListener {

    /** Hears nothing. */
    FetchListener SILENT = new FetchListener() {};

    /** A transfer begins, or goes on after so many bytes that were there. */
    default void started(Download download, long present, OptionalLong total) {}

    /** So many bytes are there; the total is empty where the server does not tell it. */
    default void progress(Download download, long done, OptionalLong total) {}

    /** A transfer broke and is tried again; the reason is a sentence. */
    default void retrying(Download download, String reason) {}

    /** Another process is fetching the same file. */
    default void waiting(Download download) {}

    /** A file that was there has another size than the published one. */
    default void otherSize(Download download, Path file, long bytes) {}

    /** The file is in its place. */
    default void ended(Download download, Fetched file) {}

    /** So many entries of an archive are unpacked. */
    default void unpacking(String archive, long entries) {}

    /** The archive is unpacked. */
    default void unpacked(String archive, long entries) {}
}
