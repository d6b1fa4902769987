package dev.graft.features;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.fetch.FolderTree;
import dev.graft.spec.FeaturePrecision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A memory-mapped file of features: the training images, view by view, then the validation images. Layout: eight bytes
 * of magic, eight of header length (little endian), a JSON header, zeros up to a multiple of 4096, then 32-bit or 16-bit
 * little endian floats as the key's precision says, row by row, and eight bytes of their CRC-32C, which is checked whenever a file is opened. Written under a temporary name, flushed and renamed, so that a file with its final name is
 * whole. Safe for use by several threads.
 */
public final class FeatureFile implements FeatureRows {

    private static final long MAGIC = 0x3230_5441_4546_4752L; // "RGFEAT02" as bytes
    /** After the values: their CRC-32C. */
    private static final int CHECKSUM_BYTES = 8;

    private static final int ALIGNMENT = 4096;
    /** Room for the names of a few million images. */
    private static final int MAX_HEADER = 1 << 28;
    /** Rows per mapping are bounded so that one mapping stays below the two gigabytes a buffer can address. */
    private static final long MAX_MAPPING = 1L << 30;

    private static final int READ_BYTES = 1 << 18;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final FeatureKey key;
    private final int[] shape;
    private final int views;
    private final int trainImages;
    private final int rows;
    private final List<Values> mappings;
    private final int rowsPerMapping;
    private final int rowLength;
    private final long bytes;

    private FeatureFile(Path file, FeatureHeader header, List<Values> mappings, int rowsPerMapping, long bytes) {
        this.file = file;
        // Not the header itself: the names of hundreds of thousands of images take more memory than anything else here.
        this.key = header.key();
        this.shape = header.shape().stream().mapToInt(Integer::intValue).toArray();
        this.views = header.views();
        this.trainImages = header.train().size();
        this.rows = Math.toIntExact(header.rows());
        this.mappings = mappings;
        this.rowsPerMapping = rowsPerMapping;
        this.rowLength = (int) (header.rowBytes() / header.precision().bytes());
        this.bytes = bytes;
    }

    /**
     * Maps a finished file.
     *
     * @throws DamagedException when it is not whole; it is then best replaced
     * @throws IOException when the machine refuses, which says nothing about the file
     */
    static FeatureFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            readFully(channel, start, 0);
            long length = start.getLong(8);
            if (start.getLong(0) != MAGIC || length < 2 || length > Math.min(MAX_HEADER, channel.size() - 16)) {
                throw new DamagedException("is not a feature file");
            }
            ByteBuffer json = ByteBuffer.allocate((int) length);
            readFully(channel, json, 16);
            FeatureHeader header = JSON.readValue(json.array(), FeatureHeader.class);
            if (header == null) {
                throw new DamagedException("has no header");
            }
            long offset = dataOffset(length);
            long expected =
                    Math.addExact(offset + CHECKSUM_BYTES, Math.multiplyExact(header.rows(), header.rowBytes()));
            if (channel.size() != expected) {
                throw new DamagedException("must be " + expected + " bytes long, but is " + channel.size());
            }
            int rowsPerMapping = (int) Math.max(1, MAX_MAPPING / header.rowBytes());
            List<Values> mappings = new ArrayList<>();
            CRC32C checksum = new CRC32C();
            for (long row = 0; row < header.rows(); row += rowsPerMapping) {
                long rows = Math.min(rowsPerMapping, header.rows() - row);
                ByteBuffer mapping = channel.map(
                                FileChannel.MapMode.READ_ONLY,
                                offset + row * header.rowBytes(),
                                rows * header.rowBytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
                mappings.add(values(mapping, header.precision()));
            }
            // Read, not taken from the mappings: a file that is cut short meanwhile ends a read early, but kills a
            // process
            // whose machine code sums up a mapping.
            ByteBuffer chunk = ByteBuffer.allocateDirect(READ_BYTES);
            for (long at = offset; at < expected - CHECKSUM_BYTES; at += chunk.capacity()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), expected - CHECKSUM_BYTES - at));
                readFully(channel, chunk, at);
                checksum.update(chunk.flip());
            }
            ByteBuffer end = ByteBuffer.allocate(CHECKSUM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            readFully(channel, end, expected - CHECKSUM_BYTES);
            if (end.getLong(0) != checksum.getValue()) {
                throw new DamagedException("holds values that were not written to it");
            }
            return new FeatureFile(file, header, mappings, rowsPerMapping, channel.size());
        } catch (JsonProcessingException | ArithmeticException e) {
            throw new DamagedException("has an unreadable header: " + e.getMessage());
        }
    }

    /** Copies stored values. */
    private interface Values {
        void get(int index, float[] into, int offset, int length);
    }

    private static Values values(ByteBuffer mapping, FeaturePrecision precision) {
        if (precision == FeaturePrecision.FLOAT32) {
            FloatBuffer floats = mapping.asFloatBuffer();
            return floats::get;
        }
        ShortBuffer halves = mapping.asShortBuffer();
        return (index, into, offset, length) -> {
            for (int i = 0; i < length; i++) {
                into[offset + i] = HalfFloats.toFloat(halves.get(index + i));
            }
        };
    }

    /** Tells that a file is not what a {@link Writer} committed. */
    static final class DamagedException extends IOException {

        DamagedException(String message) {
            super(message);
        }
    }

    /** Returns what decided the values. */
    FeatureKey key() {
        return key;
    }

    /** Returns the bytes a file with this header takes on disk. */
    static long size(FeatureHeader header) {
        try {
            return dataOffset(JSON.writeValueAsBytes(header).length)
                    + header.rows() * header.rowBytes()
                    + CHECKSUM_BYTES;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public int rowLength() {
        return rowLength;
    }

    @Override
    public void read(int row, float[] into, int offset) {
        try {
            mappings.get(row / rowsPerMapping).get(row % rowsPerMapping * rowLength, into, offset, rowLength);
        } catch (InternalError e) {
            // What Java makes of a page that is not there any more; from machine code it may come later, and elsewhere.
            throw new FeatureStoreException(
                    file + " was cut short, or its disk failed, while it was read; features are not to be changed", e);
        }
    }

    /** Returns the views stored of each training image; 0 where none is. */
    public int views() {
        return views;
    }

    /** Returns the number of training images. */
    public int trainImages() {
        return trainImages;
    }

    /** Returns the size on disk. */
    public long bytes() {
        return bytes;
    }

    /** Returns the rows of the validation images alone. */
    public FeatureRows validation() {
        int first = views * trainImages;
        FeatureFile all = this;
        return new FeatureRows() {
            @Override
            public int rows() {
                return all.rows() - first;
            }

            @Override
            public int[] shape() {
                return all.shape();
            }

            @Override
            public void read(int row, float[] into, int offset) {
                all.read(first + row, into, offset);
            }
        };
    }

    private static long dataOffset(long headerLength) {
        return (16 + headerLength + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new DamagedException("ends too early");
            }
            at += read;
        }
    }

    /** Returns where a file is written before it is whole; the holder of the key's lock may overwrite or delete it. */
    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /**
     * Writes a file row by row, in order; nothing bears the final name before {@link #commit}. The writer's owner holds
     * the lock of the file's key.
     */
    static final class Writer implements AutoCloseable {

        private final Path file;
        private final Path temporary;
        private final FileChannel channel;
        private final FeatureHeader header;
        private final ByteBuffer buffer;
        private final CRC32C checksum = new CRC32C();
        private long rows;

        Writer(Path file, FeatureHeader header) throws IOException {
            this.file = file;
            this.header = header;
            this.temporary = temporary(file);
            this.buffer = ByteBuffer.allocateDirect(Math.toIntExact(header.rowBytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            String json = JSON.writeValueAsString(header);
            byte[] text = json.getBytes(StandardCharsets.UTF_8);
            ByteBuffer start = ByteBuffer.allocate(Math.toIntExact(dataOffset(text.length)))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(MAGIC)
                    .putLong(text.length)
                    .put(text)
                    .rewind();
            this.channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            try {
                writeFully(start);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        /**
         * Appends one row from an array.
         *
         * @throws FeatureStoreException when a value is too large for the file's numbers
         */
        void write(float[] values, int offset) throws IOException {
            int length = buffer.capacity() / header.precision().bytes();
            buffer.clear();
            if (header.precision() == FeaturePrecision.FLOAT32) {
                buffer.asFloatBuffer().put(values, offset, length);
            } else {
                ShortBuffer halves = buffer.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    halves.put(half(values[offset + i]));
                }
            }
            checksum.update(buffer.duplicate());
            writeFully(buffer);
            rows++;
        }

        private static short half(float value) {
            if (Math.abs(value) > HalfFloats.MAX && !Float.isInfinite(value)) {
                throw new FeatureStoreException("cache.precision must be float32 for this base: float16 ends at "
                        + HalfFloats.MAX + ", but a feature was " + value);
            }
            return HalfFloats.ofFloat(value);
        }

        private void writeFully(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /** Flushes and names the file. */
        void commit() throws IOException {
            if (rows != header.rows()) {
                throw new IllegalStateException("wrote " + rows + " rows of " + header.rows());
            }
            ByteBuffer end = ByteBuffer.allocate(CHECKSUM_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(checksum.getValue())
                    .rewind();
            writeFully(end);
            channel.force(true);
            channel.close();
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            FolderTree.flushName(file);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }
}
