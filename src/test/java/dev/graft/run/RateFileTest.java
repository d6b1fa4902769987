package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.plan.RateKey;
import dev.graft.plan.RateKey.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateFileTest {

    private static final RateKey KEY = new RateKey(Kind.PREFIX, "sprout", 64, "end");

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void nameTheFile() {
        path = folder.resolve("home").resolve("rates.json");
    }

    private RateFile file(String machine) {
        return new RateFile(path, machine, 1, 2);
    }

    @Test
    void knowsNothingWhereThereIsNone() {
        assertThat(file("a").read().measured()).isEmpty();
        assertThat(path.getParent()).doesNotExist();
    }

    @Test
    void keepsWhatWasMeasuredAndLetsNewerWeighMore() throws IOException {
        file("a").add(Map.of(KEY, 4.0));
        assertThat(file("a").read().measured()).containsExactly(Map.entry(KEY, 4.0));
        file("a").add(Map.of(KEY, 8.0));
        assertThat(file("a").read().of(KEY).value()).isCloseTo(6, within(1e-9));
        try (Stream<Path> files = Files.list(path.getParent())) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("rates.json", ".rates.json.lock");
        }
    }

    @Test
    void keepsMachinesAndTheirThreadsApart() {
        file("a").add(Map.of(KEY, 4.0));
        file("b").add(Map.of(KEY, 9.0));
        new RateFile(path, "a", 2, 1).add(Map.of(KEY, 7.0));
        assertThat(file("a").read().of(KEY).value()).isEqualTo(4);
        assertThat(file("b").read().of(KEY).value()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "[]",
                "null",
                "{\"version\": 2, \"machines\": {\"a, 1 x 2 threads\": {\"PREFIX|sprout|64|end\": 4}}}",
                "{\"version\": 1, \"machines\": 7}",
                "{\"version\": 1, \"machines\": {\"a, 1 x 2 threads\": [1]}}",
                "{\"version\": 1, \"machines\": {\"a, 1 x 2 threads\": {\"PREFIX|sprout|64|end\": \"much\", \"x\": 3}}}",
                "{\"version\": 1, \"machines\": {\"a, 1 x 2 threads\": {\"PREFIX|sprout|64|end\": -4}}}"
            })
    void beginsAnewWhereItIsDamaged(String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        assertThat(file("a").read().measured()).isEmpty();
        file("a").add(Map.of(KEY, 4.0));
        assertThat(file("a").read().of(KEY).value()).isEqualTo(4);
    }

    @Test
    void isLeftAloneWhereItCannotBeWritten() throws IOException {
        Files.writeString(folder.resolve("home"), "a file where the folder would be");
        file("a").add(Map.of(KEY, 4.0));
        assertThat(file("a").read().measured()).isEmpty();
    }

    @Test
    void losesNothingWhenManyWriteAtOnce() throws InterruptedException {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Integer> sizes = Stream.iterate(32, size -> size + 1).limit(40).toList();
        sizes.forEach(size ->
                writers.execute(() -> file("a").add(Map.of(new RateKey(Kind.PREFIX, "sprout", size, "end"), 1.0))));
        writers.shutdown();
        assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(file("a").read().measured()).hasSize(sizes.size());
    }
}
