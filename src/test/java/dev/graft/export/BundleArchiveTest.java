package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.fetch.FolderTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleArchiveTest {

    private static final String ID = "k3v9x2ab-1";

    @TempDir
    Path bundles;

    private BundleFolder bundle;

    @BeforeEach
    void write() {
        bundle = BundleFolder.of(bundles, ID);
        SmallBundle.write(bundle.path());
    }

    private static byte[] written(BundleArchive archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.writeTo(out);
        assertThat(archive.bytes()).isEqualTo(out.size());
        return out.toByteArray();
    }

    private byte[] written() throws IOException {
        try (BundleArchive archive = BundleArchive.open(bundle)) {
            return written(archive);
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : ModelExporter.FILES) {
            files.put(ID + "/" + name, digest(Files.readAllBytes(bundle.path().resolve(name))));
        }
        return files;
    }

    private static Map<String, String> files(byte[] archive) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), digest(zip.readAllBytes()));
            }
        }
        return files;
    }

    private static String digest(byte[] bytes) {
        return bytes.length + " " + java.util.Arrays.hashCode(bytes);
    }

    @Test
    void holdsTheFilesInOneFolderAndIsTheSameEachTime() throws IOException {
        byte[] first = written();
        Files.setLastModifiedTime(bundle.path().resolve("README.md"), FileTime.from(Instant.EPOCH));
        assertThat(written()).isEqualTo(first);
        assertThat(files(first)).containsExactlyEntriesOf(files());
    }

    @Test
    void isWholeThoughTheBundleIsDeletedBeforeItsFirstByte() throws IOException {
        Map<String, String> expected = files();
        try (BundleArchive archive = BundleArchive.open(bundle)) {
            FolderTree.delete(bundle.path());
            assertThat(files(written(archive))).containsExactlyEntriesOf(expected);
        }
    }

    @Test
    void isNotOpenedWithoutOneOfItsFiles() throws IOException {
        Files.delete(bundle.path().resolve("sweep.yaml"));
        assertThatThrownBy(() -> BundleArchive.open(bundle))
                .isInstanceOf(ExportException.class)
                .hasMessage("trial k3v9x2ab-1 has no bundle any more; export it again");
    }

    @Test
    void followsNoLinks() throws IOException {
        Path secret = Files.writeString(bundles.resolve("secret"), "secret");
        Path file = bundle.path().resolve("README.md");
        Files.delete(file);
        Files.createSymbolicLink(file, secret);
        assertThatThrownBy(() -> BundleArchive.open(bundle))
                .isInstanceOf(ExportException.class)
                .hasMessageStartingWith(file + " cannot be read: ");
    }

    @Test
    void isNoneOfFilesThatChangeWhileItIsWritten() throws IOException {
        Path file = bundle.path().resolve("labels.txt");
        try (BundleArchive archive = BundleArchive.open(bundle)) {
            Files.writeString(file, Files.readString(file).replace('t', 'T'));
            assertThatThrownBy(() -> archive.writeTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(IOException.class);
            Files.writeString(file, "");
            assertThatThrownBy(() -> archive.writeTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(file + " has become shorter");
        }
    }

    @Test
    void isRefusedWhereTheFormatCannotHoldIt() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(bundle.path().resolve("README.md").toFile(), "rw")) {
            file.setLength(4L << 30);
        }
        assertThatThrownBy(() -> BundleArchive.open(bundle))
                .isInstanceOf(ExportException.class)
                .hasMessageEndingWith("is too large for a ZIP archive: copy the folder " + bundle.path());
    }
}
