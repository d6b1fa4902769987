package dev.graft.fetch;

import dev.graft.fetch.Checksum.Algorithm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches files. A file takes its name only when it is whole and right; until then it is {@code NAME.part} beside it,
 * which a later fetch goes on with, in this process or another. Safe for many threads and processes.
 */
public final class Fetcher {

    private static final String TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

    private final WebAccess access;
    private final Patience patience;
    private final InstantSource clock;
    private final Pauses pauses;
    private final FetchListener listener;
    private final ArchiveLimits limits;

    /** How a pause is made; tests make none. */
    interface Pauses {

        void pause(Duration time) throws InterruptedException;
    }

    /** Fetches as the environment says, and tells a listener. */
    public Fetcher(WebAccess access, InstantSource clock, FetchListener listener) {
        this(access, Patience.USUAL, clock, time -> Thread.sleep(time.toMillis()), listener, ArchiveLimits.USUAL);
    }

    /** Returns one that fetches nothing, for whoever needs nothing that is not there. */
    public static Fetcher offline() {
        return new Fetcher(new WebAccess(true, Map.of()), InstantSource.system(), FetchListener.SILENT);
    }

    Fetcher(
            WebAccess access,
            Patience patience,
            InstantSource clock,
            Pauses pauses,
            FetchListener listener,
            ArchiveLimits limits) {
        this.access = access;
        this.patience = patience;
        this.clock = clock;
        this.pauses = pauses;
        this.listener = listener;
        this.limits = limits;
    }

    /**
     * Makes sure that a file is there, and the right one; fetches it where it is not there.
     *
     * @param target where it goes; its folder is made where missing
     * @throws FetchException when it cannot be fetched, or another file is in its place
     */
    public Fetched fetch(Download download, Path target) {
        return fetch(download, download.address(), target);
    }

    /**
     * Does the same with an official file, which may come from the mirror.
     *
     * @throws FetchException when it cannot be fetched, or another file is in its place
     */
    public Fetched fetchOfficial(Download download, Path target) {
        return fetch(download, access.mirrored(download.address()), target);
    }

    private Fetched fetch(Download download, URI address, Path target) {
        try {
            Optional<Fetched> there = check(download, target);
            if (there.isPresent()) {
                return there.get();
            }
            if (access.offline()) {
                throw failure(
                        download,
                        address,
                        "Graft was told to stay offline (--offline or GRAFT_OFFLINE), and " + target + " is not there");
            }
            requireWeb(download, address);
            Path folder = target.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            try (WriteLock lock = WriteLock.take(target, () -> listener.waiting(download))) {
                // Whoever held it may have fetched the file.
                Optional<Fetched> meanwhile = check(download, target);
                Fetched fetched = meanwhile.isPresent() ? meanwhile.get() : transfer(download, address, target);
                listener.ended(download, fetched);
                return fetched;
            }
        } catch (InterruptedException | ClosedByInterruptException e) {
            throw stopped(download, e);
        } catch (IOException e) {
            throw new FetchException(target + " cannot be written: " + e, e);
        }
    }

    private static FetchException stopped(Download download, Exception e) {
        Thread.currentThread().interrupt();
        return new FetchException(download.shown() + ": stopped; what is there of it is kept", e);
    }

    /**
     * Makes sure that the contents of a zip or tar.gz are in a folder; fetches and unpacks it where the folder is
     * missing. The folder appears whole or not at all. The archive is deleted once it is unpacked. One that cannot be
     * unpacked stays where its digest is published, so that another try need not fetch it again; elsewhere it may have
     * come damaged, and is deleted.
     *
     * @throws FetchException when it cannot be fetched or unpacked
     */
    public void fetchUnpacked(Download download, Path folder) {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            try (WriteLock lock = WriteLock.take(folder, () -> listener.waiting(download))) {
                if (!Files.isDirectory(folder)) {
                    Path archive = folder.resolveSibling(folder.getFileName() + ".archive");
                    fetch(download, archive);
                    unpack(download, archive, folder);
                    deleteFetched(archive);
                }
            }
        } catch (InterruptedException | ClosedByInterruptException e) {
            throw stopped(download, e);
        } catch (IOException e) {
            throw new FetchException(folder + " cannot be written: " + e, e);
        }
    }

    private static void deleteFetched(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(record(file));
    }

    private void unpack(Download download, Path archive, Path folder) throws IOException {
        Path temporary = folder.resolveSibling(folder.getFileName() + ".unpacking");
        // What a process that died left.
        FolderTree.delete(temporary);
        Files.createDirectories(temporary);
        try {
            long entries = Archive.unpack(archive, download.shown(), temporary, limits, listener);
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
            FolderTree.flushName(folder);
            listener.unpacked(download.shown(), entries);
        } catch (FetchException e) {
            String fetched = archive + ", " + Files.size(archive) + " bytes, ";
            if (download.checksum().isPresent()) {
                throw new FetchException(
                        e.getMessage() + "\n" + fetched + "is what was published and is kept for another try", e);
            }
            deleteFetched(archive);
            throw new FetchException(e.getMessage() + "\n" + fetched + "was deleted; another try fetches it again", e);
        } finally {
            FolderTree.delete(temporary);
        }
    }

    /**
     * Looks at a file that may be there. Without a published digest, the one that Graft recorded when it fetched the
     * file counts, and another size than the published one is told to the listener: copies of official files, packed
     * anew, are in use.
     *
     * @return the file, or empty where there is none
     * @throws FetchException when it is there, but wrong; the file stays
     */
    public Optional<Fetched> check(Download download, Path target) {
        if (!Files.isRegularFile(target)) {
            return Optional.empty();
        }
        try {
            Optional<Checksum> known = download.checksum().isPresent() ? download.checksum() : recorded(target);
            Checksum found = Checksum.of(known.map(Checksum::algorithm).orElse(Algorithm.SHA_256), target);
            if (known.isPresent() && !known.get().equals(found)) {
                throw new FetchException(target + " is not the file of " + download.shown() + ": it must have "
                        + known.get() + ", but has " + found + "; remove it to have it fetched again");
            }
            long bytes = Files.size(target);
            if (download.checksum().isEmpty()
                    && download.bytes().isPresent()
                    && download.bytes().getAsLong() != bytes) {
                listener.otherSize(download, target, bytes);
            }
            return Optional.of(new Fetched(target, bytes, found, known.isPresent(), false));
        } catch (IOException e) {
            throw new FetchException(target + " cannot be read: " + e, e);
        }
    }

    private Fetched transfer(Download download, URI address, Path target) throws IOException, InterruptedException {
        Proxies proxies = Proxies.of(access.environment());
        Transfer transfer = new Transfer(client(proxies), proxies, patience, clock, listener, download, address);
        boolean resumed = false;
        while (true) {
            Checksum found;
            try (Part part = Part.open(target, address)) {
                resumed |= part.size() > 0;
                if (!complete(part, download)) {
                    run(transfer, part, download, address);
                }
                part.flush();
                Algorithm algorithm =
                        download.checksum().map(Checksum::algorithm).orElse(Algorithm.SHA_256);
                found = Checksum.of(algorithm, part.file());
                if (download.checksum().isPresent()
                        && !download.checksum().get().equals(found)) {
                    part.delete();
                    if (resumed) {
                        // The old part may have been the wrong one.
                        resumed = false;
                        listener.retrying(download, "the parts do not fit together");
                        continue;
                    }
                    throw failure(
                            download,
                            address,
                            "the file must have " + download.checksum().get() + ", but has " + found
                                    + "; it was deleted");
                }
                if (download.checksum().isEmpty()) {
                    // Before the file is there: nobody may hold it against the record of an older one.
                    record(target, found);
                }
                part.place();
            }
            return new Fetched(
                    target, Files.size(target), found, download.checksum().isPresent(), true);
        }
    }

    /** Says whether an earlier fetch got everything, and only did not come to giving it its name. */
    private static boolean complete(Part part, Download download) throws IOException {
        if (part.whole() && download.bytes().isPresent() && download.bytes().getAsLong() != part.size()) {
            part.restart("", OptionalLong.empty());
        }
        return part.whole();
    }

    /** Tries until the part is whole, or too many attempts in a row brought nothing. */
    private void run(Transfer transfer, Part part, Download download, URI address)
            throws IOException, InterruptedException {
        int failures = 0;
        long most = part.size();
        while (true) {
            try {
                transfer.run(part);
                return;
            } catch (BrokenTransferException e) {
                // Byte by byte is no progress, nor is the same half again.
                failures = part.size() - most >= 1 << 16 ? 1 : failures + 1;
                most = Math.max(most, part.size());
                Duration pause = e.asked().orElse(patience.pauseAfter(failures));
                if (pause.compareTo(patience.longestPause()) > 0) {
                    throw failure(
                            download,
                            address,
                            e.getMessage() + " and asks to be left alone for " + pause.toSeconds()
                                    + " seconds; try again then");
                }
                if (failures >= patience.attempts()) {
                    throw failure(
                            download,
                            address,
                            e.getMessage() + ", " + failures + " times in a row"
                                    + (part.size() > 0 ? "; what is there of it is kept, so try again" : ""));
                }
                listener.retrying(download, e.getMessage() + "; trying again in " + pause.toSeconds() + " s");
                pauses.pause(pause);
            }
        }
    }

    private HttpClient client(Proxies proxies) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .proxy(proxies);
        proxies.authenticator().ifPresent(authenticator -> {
            if (System.getProperty(TUNNELS) == null) {
                // Java sends no passwords to proxies of secure connections unless asked to; the user has asked.
                System.setProperty(TUNNELS, "");
            }
            builder.authenticator(authenticator);
        });
        return builder.build();
    }

    private static void requireWeb(Download download, URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw failure(download, address, "it is no http or https address");
        }
    }

    /** Beside a file whose publisher gives no digest, what it had when it was fetched first, as sha256sum writes it. */
    private static Path record(Path target) {
        return target.resolveSibling(target.getFileName() + ".sha256");
    }

    /** Deletes a file that was fetched, and what is remembered of it, so that it is fetched again. */
    public void discard(Path target) {
        try {
            Files.deleteIfExists(record(target));
            Files.deleteIfExists(target);
        } catch (IOException e) {
            throw new FetchException(target + " cannot be removed: " + e.getMessage(), e);
        }
    }

    private static void record(Path target, Checksum found) throws IOException {
        Files.writeString(record(target), found.hex() + "  " + target.getFileName() + "\n");
    }

    private static Optional<Checksum> recorded(Path target) throws IOException {
        Path record = record(target);
        if (!Files.isRegularFile(record)) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(record), StandardCharsets.ISO_8859_1);
        String word = text.strip().split("\\s", 2)[0];
        return word.matches("[0-9a-fA-F]{64}") ? Optional.of(Checksum.sha256(word)) : Optional.empty();
    }

    static FetchException failure(Download download, URI address, String reason) {
        String from = address.equals(download.address()) ? "" : " (the mirror of " + download.shown() + ")";
        return new FetchException(Download.shown(address) + from + " cannot be fetched: " + reason
                + (download.byHand().isEmpty() ? "" : "\n" + download.byHand()));
    }
}
