package dev.graft.fetch;

import dev.graft.spec.PlainText;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks a zip or tar.gz that nobody vouches for: plain files and folders below the target and nothing else, within
 * limits. What kind it is its first bytes say, not its name.
 */
final class Archive {

    private static final long LOOK_BYTES = 16L << 20;
    /** What macOS adds to zips. */
    private static final String RESOURCE_FORKS = "__MACOSX";

    private final Path file;
    private final String shown;
    private final Path target;
    private final ArchiveLimits limits;
    private final FetchListener listener;
    private final long packed;
    private final byte[] buffer = new byte[1 << 16];
    private long entries;
    private long bytes;
    private long looked = -LOOK_BYTES;

    private Archive(Path file, String shown, Path target, ArchiveLimits limits, FetchListener listener)
            throws IOException {
        this.file = file;
        this.shown = shown;
        this.target = target;
        this.limits = limits;
        this.listener = listener;
        this.packed = Files.size(file);
    }

    /**
     * Unpacks into an empty folder.
     *
     * @param shown how messages name the archive
     * @return the number of entries
     * @throws FetchException when it is no such archive, holds what it must not, or does not fit
     * @throws ClosedByInterruptException when the thread is interrupted
     */
    static long unpack(Path file, String shown, Path target, ArchiveLimits limits, FetchListener listener)
            throws ClosedByInterruptException {
        try {
            Archive archive = new Archive(file, shown, target, limits, listener);
            byte[] head;
            try (InputStream in = Files.newInputStream(file)) {
                head = in.readNBytes(4);
            }
            if (head.length >= 2 && head[0] == 'P' && head[1] == 'K') {
                archive.unzip();
            } else if (head.length >= 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
                archive.untar();
            } else {
                throw archive.wrong("is neither a zip nor a tar.gz");
            }
            if (archive.entries == 0) {
                throw archive.wrong("holds nothing");
            }
            return archive.entries;
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new FetchException(shown + " cannot be unpacked: " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        boolean silent = e instanceof EOFException && e.getMessage() == null;
        return silent ? "it ends too early" : String.valueOf(e.getMessage());
    }

    private void unzip() throws IOException {
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            Enumeration<ZipArchiveEntry> all = zip.getEntriesInPhysicalOrder();
            while (all.hasMoreElements()) {
                ZipArchiveEntry entry = all.nextElement();
                if (entry.getGeneralPurposeBit().usesEncryption()) {
                    throw wrong("is encrypted (" + quoted(entry.getName()) + "); pack it again without a password");
                }
                int kind = entry.getUnixMode() & 0170000;
                if (kind != 0 && kind != 0100000 && kind != 0040000) {
                    throw wrong(notAFile(entry.getName(), kind == 0120000));
                }
                try (InputStream in = entry.isDirectory() ? InputStream.nullInputStream() : zip.getInputStream(entry)) {
                    if (in == null) {
                        throw wrong("packs " + quoted(entry.getName()) + " in a way that Graft does not know");
                    }
                    // The library checks none of these.
                    CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
                    if (put(entry.getName(), entry.isDirectory(), checked)
                            && checked.getChecksum().getValue() != entry.getCrc()) {
                        throw wrong("is damaged: " + quoted(entry.getName())
                                + " does not have the CRC that the archive says");
                    }
                }
            }
        }
    }

    private void untar() throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                GzipCompressorInputStream.builder()
                        .setInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))
                        .setDecompressConcatenated(true)
                        .get(),
                "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                boolean link = entry.isSymbolicLink() || entry.isLink();
                if (link || !(entry.isDirectory() || entry.isFile()) || device(entry)) {
                    throw wrong(notAFile(entry.getName(), link));
                }
                put(entry.getName(), entry.isDirectory(), tar);
            }
        }
    }

    private static boolean device(TarArchiveEntry entry) {
        return entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO();
    }

    private static String notAFile(String name, boolean link) {
        return "holds " + (link ? "a link" : "something that is no file") + ", " + quoted(name)
                + "; only files and folders are unpacked";
    }

    /** Puts an entry into its place; returns whether it is a file, now read to its end. */
    private boolean put(String name, boolean folder, InputStream in) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            // Java's streams of files go on regardless.
            throw new ClosedByInterruptException();
        }
        if (++entries > limits.entries()) {
            throw wrong("holds more than " + limits.entries() + " entries");
        }
        if (entries % 1000 == 0) {
            listener.unpacking(shown, entries);
        }
        Optional<Path> place = place(name);
        if (place.isEmpty()) {
            return false;
        }
        try {
            if (folder) {
                Files.createDirectories(place.get());
                return false;
            }
            Files.createDirectories(place.get().getParent());
            try (OutputStream out = Files.newOutputStream(place.get(), StandardOpenOption.CREATE_NEW)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    count(read);
                    out.write(buffer, 0, read);
                }
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            throw wrong("names " + quoted(name) + " twice");
        }
    }

    private void count(int read) throws IOException {
        bytes += read;
        if (bytes > limits.bytes()) {
            throw wrong("grows to more than " + limits.bytes() + " bytes");
        }
        if (bytes > limits.ratioFrom() && bytes / limits.ratio() > packed) {
            throw wrong("grows to more than " + limits.ratio() + " times its size; images do not");
        }
        if (bytes - looked >= LOOK_BYTES) {
            looked = bytes;
            Optional<String> shortage = DiskSpace.shortage(target, 0);
            if (shortage.isPresent()) {
                throw wrong(shortage.get());
            }
        }
    }

    /** Returns where an entry goes; empty for the root itself and for what is of no use. */
    private Optional<Path> place(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFC).replace('\\', '/');
        if (plain.startsWith("/")) {
            throw wrong("names " + quoted(name) + ", which is an absolute path");
        }
        List<String> parts = new ArrayList<>();
        for (String part : plain.split("/")) {
            if (part.equals("..")) {
                throw wrong("names " + quoted(name) + ", which leads out of its folder");
            }
            if (part.contains(":") || part.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw wrong("names " + quoted(name) + ", which is no name for a file on every system");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.isEmpty() || parts.get(0).equals(RESOURCE_FORKS)) {
            return Optional.empty();
        }
        try {
            Path place = target;
            for (String part : parts) {
                place = place.resolve(part);
            }
            if (!place.normalize().startsWith(target.normalize())) {
                throw wrong("names " + quoted(name) + ", which leads out of its folder");
            }
            return Optional.of(place);
        } catch (InvalidPathException e) {
            throw wrong("names " + quoted(name) + ", which is no name for a file here");
        }
    }

    private static String quoted(String name) {
        String plain = PlainText.of(name);
        return "\"" + (plain.length() > 100 ? plain.substring(0, 100) + "…" : plain) + "\"";
    }

    private FetchException wrong(String what) {
        return new FetchException(shown + " " + what);
    }
}
