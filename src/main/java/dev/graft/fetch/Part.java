package dev.graft.fetch;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * What is there of a file while it is fetched: {@code NAME.part}, and {@code NAME.part.info}, which says what version
 * of what address it is a part of. Only the holder of the file's lock touches them.
 */
final class Part implements AutoCloseable {

    private final Path target;
    private final Path file;
    private final Path info;
    private final URI address;
    private final FileChannel channel;
    private String validator = "";
    private OptionalLong total = OptionalLong.empty();
    private long size;

    private Part(Path target, URI address) throws IOException {
        this.target = target;
        this.file = target.resolveSibling(target.getFileName() + ".part");
        this.info = target.resolveSibling(target.getFileName() + ".part.info");
        this.address = address;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Opens what an earlier attempt left, or nothing where that belongs to another address or cannot be gone on with. */
    static Part open(Path target, URI address) throws IOException {
        Part part = new Part(target, address);
        try {
            part.read();
            return part;
        } catch (IOException | RuntimeException e) {
            part.close();
            throw e;
        }
    }

    private void read() throws IOException {
        Properties known = new Properties();
        if (Files.isRegularFile(info)) {
            try (Reader in = Files.newBufferedReader(info)) {
                known.load(in);
            } catch (IOException | IllegalArgumentException e) {
                // Damaged: as good as none.
                known.clear();
            }
        }
        size = channel.size();
        validator = known.getProperty("validator", "");
        String bytes = known.getProperty("total", "");
        total = bytes.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(bytes)) : OptionalLong.empty();
        boolean ours = address.toString().equals(known.getProperty("address", ""));
        boolean tooLong = total.isPresent() && size > total.getAsLong();
        // What is whole needs no validator: nothing is joined to it.
        if (!ours || tooLong || (validator.isEmpty() && !whole())) {
            restart("", OptionalLong.empty());
        }
        channel.position(size);
    }

    /** Returns the bytes that are there. */
    long size() {
        return size;
    }

    /** Returns what tells the version that the bytes are of; empty where nothing can. */
    Optional<String> validator() {
        return validator.isEmpty() ? Optional.empty() : Optional.of(validator);
    }

    /** Returns the size of the whole, as the server said. */
    OptionalLong total() {
        return total;
    }

    /** Says whether nothing is missing, as far as the server said how much there is. */
    boolean whole() {
        return total.isPresent() && size == total.getAsLong();
    }

    /** Throws the bytes away and begins those of a version; the note is written before any of them. */
    void restart(String newValidator, OptionalLong newTotal) throws IOException {
        channel.truncate(0);
        channel.position(0);
        size = 0;
        validator = newValidator;
        total = newTotal;
        note();
    }

    /** Takes over the size of the whole, where the server says it only when asked for the rest. */
    void learn(long bytes) throws IOException {
        total = OptionalLong.of(bytes);
        note();
    }

    private void note() throws IOException {
        Properties known = new Properties();
        known.setProperty("address", address.toString());
        known.setProperty("validator", validator);
        known.setProperty("total", total.isPresent() ? String.valueOf(total.getAsLong()) : "");
        try (Writer out = Files.newBufferedWriter(info)) {
            known.store(out, null);
        }
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += channel.write(bytes);
        }
    }

    /** Makes sure that the bytes are on the disk. */
    void flush() throws IOException {
        channel.force(true);
    }

    Path file() {
        return file;
    }

    /** Closes the flushed file and gives it its name. */
    void place() throws IOException {
        channel.close();
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(info);
        FolderTree.flushName(target);
    }

    /** Deletes everything. */
    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
        Files.deleteIfExists(info);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (Files.isRegularFile(file) && Files.size(file) == 0) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(info);
        }
    }
}
