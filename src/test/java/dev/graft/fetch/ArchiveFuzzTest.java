package dev.graft.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Fuzz;
import dev.graft.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an archive holds, it is unpacked below its folder or refused. */
class ArchiveFuzzTest {

    private static final ArchiveLimits LIMITS = new ArchiveLimits(100, 10_000_000, 200, 100_000);

    @TempDir
    Path folder;

    @Test
    void changedArchivesAreUnpackedOrRefused() throws Exception {
        Map<String, byte[]> files = Map.of("cats/1.txt", new byte[] {1, 2, 3}, "dogs/c/2.txt", new byte[3000]);
        byte[] zip = Archives.zip(files);
        byte[] tgz = Archives.tgz(files);
        List<byte[]> archives = new ArrayList<>(List.of(zip, tgz));
        byte[] tar;
        try (GZIPInputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(tgz))) {
            tar = in.readAllBytes();
        }
        Fuzz.run(
                "archives",
                500,
                256L << 20,
                random -> {
                    if (random.nextInt(3) > 0) {
                        return Mutations.bytes(random, archives.get(random.nextInt(2)));
                    }
                    var out = new java.io.ByteArrayOutputStream();
                    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
                        packed.write(Mutations.bytes(random, tar));
                    }
                    return out.toByteArray();
                },
                this::accepts);
    }

    private boolean accepts(byte[] input) throws IOException {
        Path file = Files.write(folder.resolve("archive"), input);
        Path out = Files.createDirectory(folder.resolve("out"));
        try {
            Archive.unpack(file, "images.zip", out, LIMITS, FetchListener.SILENT);
            return true;
        } catch (FetchException e) {
            assertThat(e).hasMessageStartingWith("images.zip ");
            return false;
        } finally {
            try (Stream<Path> all = Files.list(folder)) {
                assertThat(all).containsExactlyInAnyOrder(file, out);
            }
            FolderTree.delete(out);
        }
    }
}
