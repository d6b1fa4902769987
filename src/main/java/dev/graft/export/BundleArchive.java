package dev.graft.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A trial's bundle as a ZIP archive with one folder; the same bundle gives the same bytes. */
final class BundleArchive {

    private BundleArchive() {}

    /**
     * Writes it.
     *
     * @param bundle one that is whole
     */
    static void write(BundleFolder bundle, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        for (String name : ModelExporter.FILES) {
            ZipEntry entry = new ZipEntry(bundle.trialId() + "/" + name);
            // The earliest that the format knows.
            entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            // Weights hardly shrink.
            zip.setLevel(name.startsWith("model.") ? Deflater.NO_COMPRESSION : Deflater.DEFAULT_COMPRESSION);
            zip.putNextEntry(entry);
            Files.copy(bundle.path().resolve(name), zip);
            zip.closeEntry();
        }
        zip.finish();
    }
}
