package dev.graft.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The kinds of weight files, told apart by their first bytes. */
enum WeightFormat {
    /** A folder that {@code graft export} wrote. */
    BUNDLE,
    /** {@code Model.save("x.keras")}: a zip archive with an HDF5 file inside. */
    KERAS_ARCHIVE,
    KERAS_HDF5,
    SAFETENSORS;

    private static final String INSIDE = "model.weights.h5";

    /** More than the weights of any base take. */
    private static final long MAX_BYTES = 4L << 30;

    /**
     * Looks at a file.
     *
     * @throws WeightException when it is not there or none of these; the user's fault
     */
    static WeightFormat of(Path path) {
        if (Files.isDirectory(path)) {
            return BUNDLE;
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // A pipe may keep one waiting for ever, and a device never end.
            throw new WeightException(path + " is not a regular file");
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(path)) {
            start = in.readNBytes(9);
        } catch (NoSuchFileException e) {
            throw new WeightException(path + " does not exist", e);
        } catch (IOException e) {
            throw new WeightException(path + " cannot be read: " + e.getMessage(), e);
        }
        if (begins(start, 0x89, 'H', 'D', 'F')) {
            return KERAS_HDF5;
        }
        if (begins(start, 'P', 'K', 3, 4)) {
            return KERAS_ARCHIVE;
        }
        // Eight bytes of length, then JSON; damaged ones get safetensors' own words by their name.
        if (start.length == 9 && start[8] == '{' || path.toString().endsWith(".safetensors")) {
            return SAFETENSORS;
        }
        throw new WeightException(
                path
                        + " is not a readable HDF5 file, nor a .keras archive, nor safetensors, nor a folder from graft export");
    }

    private static boolean begins(byte[] bytes, int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** Unpacks the weights of a {@code .keras} archive while they are read; nothing else in it is looked at. */
    static <T> T insideKerasArchive(Path archive, Function<Path, T> read) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry entry = zip.getEntry(INSIDE);
            if (entry == null) {
                throw new WeightException(archive + " holds no " + INSIDE + "; it is not a .keras archive");
            }
            Path temporary = Files.createTempFile("graft-", ".h5");
            try (InputStream in =
                    new LimitedInputStream(zip.getInputStream(entry), MAX_BYTES, archive + ": " + INSIDE)) {
                Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
                return read.apply(temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new WeightException(archive + " cannot be unpacked: " + e.getMessage(), e);
        }
    }
}
