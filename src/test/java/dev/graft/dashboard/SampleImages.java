package dev.graft.dashboard;

import dev.graft.data.GarmentSet;
import dev.graft.track.SweepRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Puts drawn images where a sample's predictions say they are. */
final class SampleImages {

    private SampleImages() {}

    /** Draws the images that a trial's predictions name, older than the sweep, and lets the record say where. */
    static void draw(FakeReader reader, String trialId, Path folder) throws IOException {
        SweepRecord sweep = reader.sweep(reader.trial(trialId).orElseThrow().sweepId());
        Path drawn = folder.resolveSibling("drawn");
        if (!Files.exists(drawn)) {
            GarmentSet.drawTo(drawn, 5);
        }
        Map<String, List<Path>> byClass = new HashMap<>();
        FileTime before = FileTime.from(sweep.createdAt().minusSeconds(60));
        int number = 0;
        for (var prediction : reader.predictions(trialId)) {
            String name = sweep.classes().get(prediction.label());
            List<Path> files = byClass.computeIfAbsent(
                    name, each -> files(drawn.resolve("train").resolve(each)));
            Path file = folder.resolve(prediction.image());
            Files.createDirectories(file.getParent());
            Files.copy(files.get(number++ / sweep.classes().size() % files.size()), file);
            Files.setLastModifiedTime(file, before);
        }
        lies(reader, sweep.id(), folder);
    }

    /** Lets the record say where a sweep's images are. */
    static void lies(FakeReader reader, String sweepId, Path folder) {
        SweepRecord sweep = reader.sweep(sweepId);
        Map<String, String> provenance = new HashMap<>(sweep.provenance());
        provenance.put("data_folder", folder.toString());
        reader.put(new SweepRecord(
                sweep.id(),
                sweep.name(),
                sweep.state(),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.fileName(),
                sweep.fileText(),
                sweep.classes(),
                sweep.createdAt(),
                sweep.endedAt(),
                sweep.frozenPasses(),
                sweep.frozenPassesSaved(),
                provenance));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
