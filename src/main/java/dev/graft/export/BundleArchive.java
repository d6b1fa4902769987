package dev.graft.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A trial's bundle as a ZIP archive with one folder; the same bundle gives the same bytes. All its files are open, and were
 * read once, before the first byte is written: what was begun ends whole, also when the bundle is deleted meanwhile.
 */
public final class BundleArchive implements AutoCloseable {

    /** What the format holds without extensions, less than what it takes beside the files. */
    private static final long MOST_BYTES = (4L << 30) - (1L << 20);

    private static final int BUFFER_BYTES = 1 << 16;

    /** Weights hardly shrink, and a length that is known beforehand tells a reader of an end that came too early. */
    private static final int METHOD = ZipEntry.STORED;

    private final String trialId;
    private final List<Part> parts = new ArrayList<>();

    private record Part(Path file, FileChannel content, long bytes, long crc) {}

    private BundleArchive(BundleFolder bundle) {
        this.trialId = bundle.trialId();
    }

    /**
     * Opens all files of a bundle.
     *
     * @throws ExportException when one is missing or cannot be read
     */
    static BundleArchive open(BundleFolder bundle) {
        BundleArchive archive = new BundleArchive(bundle);
        boolean whole = false;
        try {
            for (String name : ModelExporter.FILES) {
                archive.add(bundle.path().resolve(name));
            }
            whole = true;
            return archive;
        } finally {
            if (!whole) {
                archive.close();
            }
        }
    }

    private void add(Path file) {
        FileChannel content = null;
        try {
            content = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            long bytes = content.size();
            if (fileBytes() + bytes > MOST_BYTES) {
                throw new ExportException("the bundle of trial " + trialId
                        + " is too large for a ZIP archive: copy the folder " + file.getParent());
            }
            CRC32 crc = new CRC32();
            read(file, content, bytes, crc::update);
            parts.add(new Part(file, content, bytes, crc.getValue()));
            content = null;
        } catch (NoSuchFileException e) {
            throw new ExportException("trial " + trialId + " has no bundle any more; export it again", e);
        } catch (IOException e) {
            throw new ExportException(file + " cannot be read: " + e.getMessage(), e);
        } finally {
            close(content);
        }
    }

    /** Takes what was read. */
    private interface Sink {
        void take(byte[] bytes, int offset, int length) throws IOException;
    }

    private static void read(Path file, FileChannel content, long bytes, Sink sink) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long at = 0;
        while (at < bytes) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - at));
            int read = content.read(buffer, at);
            if (read < 0) {
                throw new IOException(file + " has become shorter");
            }
            sink.take(buffer.array(), 0, read);
            at += read;
        }
    }

    private long fileBytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    /** Returns the size of the archive. */
    public long bytes() {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(frame, StandardCharsets.UTF_8)) {
            for (Part part : parts) {
                zip.putNextEntry(entry(part, 0, 0));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new ExportException("an archive of empty files cannot be written", e);
        }
        return frame.size() + fileBytes();
    }

    /**
     * Writes the archive; leaves the stream open.
     *
     * @throws IOException when the files were changed in place, or cannot be read any more, or nobody takes the archive
     */
    public void writeTo(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        for (Part part : parts) {
            zip.putNextEntry(entry(part, part.bytes(), part.crc()));
            read(part.file(), part.content(), part.bytes(), zip::write);
            zip.closeEntry();
        }
        zip.finish();
    }

    private ZipEntry entry(Part part, long bytes, long crc) {
        ZipEntry entry = new ZipEntry(trialId + "/" + part.file().getFileName());
        // The earliest that the format knows.
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        entry.setMethod(METHOD);
        entry.setSize(bytes);
        entry.setCompressedSize(bytes);
        entry.setCrc(crc);
        return entry;
    }

    private static void close(@Nullable FileChannel content) {
        if (content != null) {
            try {
                content.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }

    @Override
    public void close() {
        parts.forEach(part -> close(part.content()));
    }
}
