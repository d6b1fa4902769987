package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.EpochRecord;
import dev.graft.track.TrialState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

    private static final WorkerEvent EPOCH = new WorkerEvent.EpochEnded(
            3,
            new EpochRecord(
                    2,
                    1,
                    Map.of("loss", Double.NaN, "val_loss", Double.POSITIVE_INFINITY, "val_accuracy", 0.1 + 0.2),
                    List.of(new EpochRecord.ClassCount(4, 3, 2))));

    private static String line(WorkerEvent message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WorkerEvent.WIRE.write(out, message);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void numbersArriveToTheLastDigit() throws IOException {
        String line = line(EPOCH);
        assertThat(line).endsWith("\n").doesNotMatch("(?s).*\n.+");
        assertThat(WorkerEvent.WIRE.read(line.stripTrailing()).message()).contains(EPOCH);
    }

    @Test
    void predictionsArriveToTheLastDigit() throws IOException {
        WorkerEvent.Predictions predictions = new WorkerEvent.Predictions(
                2, new int[] {1, 0}, new float[] {0.3f, Math.nextUp(1 / 3f)}, new float[] {Float.MIN_VALUE, 1});
        WorkerEvent event = new WorkerEvent.TrialEnded(
                3, TrialState.FINISHED, WorkerEvent.Fault.NONE, "", Map.of("head", 0.1), predictions);
        assertThat(WorkerEvent.WIRE.read(line(event).stripTrailing()).message())
                .get()
                .usingRecursiveComparison()
                .isEqualTo(event);
    }

    @Test
    void whatALibraryPrintedBeforeIsKeptApart() throws IOException {
        Wire.Line<WorkerEvent> read = WorkerEvent.WIRE.read(
                "loading, 50 % " + line(new WorkerEvent.WorkEnded()).stripTrailing());
        assertThat(read.message()).contains(new WorkerEvent.WorkEnded());
        assertThat(read.rest()).isEqualTo("loading, 50 % ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "\u001e",
                "\u001e{\"kind\":\"none\",\"message\":{}}",
                "\u001e{\"kind\":\"heartbeat\",\"mess"
            })
    void anythingElseIsNoMessage(String line) {
        assertThat(WorkerEvent.WIRE.read(line).message()).isEmpty();
    }

    @Test
    void ordersArriveWhole() throws IOException {
        WorkerOrder order = new WorkerOrder.Prepare(
                "a\nb.yaml",
                "text \"with\" \u202e marks",
                "/s",
                List.of("/w"),
                Map.of("sprout", "abc"),
                "/d",
                new WorkerOrder.Images(
                        List.of("ä", "<b>"),
                        List.of(new WorkerOrder.Image("/d/ä/1.png", "ä/1.png", 0)),
                        List.of(),
                        "f"),
                "/f",
                0,
                "/r",
                2,
                List.of(new WorkerOrder.Candidate(1, Map.of("dense_units", List.of(64, 32)), Long.MAX_VALUE)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WorkerOrder.WIRE.write(out, order);
        String line = out.toString(StandardCharsets.UTF_8).stripTrailing();
        assertThat(WorkerOrder.WIRE.read(line).message()).contains(order);
    }
}
