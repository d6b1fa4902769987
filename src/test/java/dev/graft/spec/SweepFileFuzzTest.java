package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Fuzz;
import dev.graft.Mutations;
import dev.graft.base.Catalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, the user gets a sweep or a list of problems, never a stack trace. */
class SweepFileFuzzTest {

    private static final long MOST_BYTES = 400L << 20;
    private static final String GOOD = """
            name: cats
            data: {path: images, augment: [horizontal_flip, {rotation: 10}], views: 2, split: {validation: 0.1}}
            method: random
            run_cap: 3
            metric: {name: val_loss}
            parameters:
              base: {values: [sprout, squeezenet]}
              image_size: {min: 48, max: 64}
              learning_rate: {distribution: log_uniform_values, min: 1e-5, max: 1e-2}
              dropout: {values: [0.2, 0.5], probabilities: [0.5, 0.5]}
              dense_units: {values: [64, [64, 32]]}
              batch_size: {distribution: q_uniform, min: 8, max: 64, q: 8}
            exclude: [{base: sprout, image_size: 50}]
            early_stopping: {patience: 4}
            """;

    private static final List<String> SWEEPS = new ArrayList<>(List.of(GOOD, GOOD, GOOD));

    @TempDir
    Path folder;

    @BeforeAll
    static void readSweeps() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sweeps"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                SWEEPS.add(Files.readString(file));
            }
        }
        assertThat(SWEEPS).hasSizeGreaterThan(5);
    }

    private boolean accepts(byte[] input) throws IOException {
        Path file = Files.write(folder.resolve("any.yaml"), input);
        List<Problem> problems;
        boolean accepted = true;
        try {
            problems = SweepFile.read(file, new Catalogue(List.of())).warnings();
        } catch (SweepFileException e) {
            accepted = false;
            problems = e.problems();
            assertThat(problems).isNotEmpty();
        }
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.toString())
                    .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");
            assertThat(problem.toString()).hasSizeLessThan(2000);
            assertThat(problem.line() > 0).isEqualTo(problem.column() > 0);
        });
        return accepted;
    }

    @Test
    void changedTextIsReadOrRefused() throws Exception {
        Fuzz.run(
                "sweep files, changed text",
                1000,
                MOST_BYTES,
                random -> Mutations.text(random, SWEEPS.get(random.nextInt(SWEEPS.size())))
                        .getBytes(StandardCharsets.UTF_8),
                this::accepts);
    }

    @Test
    void changedBytesAreReadOrRefused() throws Exception {
        Fuzz.run(
                "sweep files, changed bytes",
                500,
                MOST_BYTES,
                random -> Mutations.bytes(
                        random, SWEEPS.get(random.nextInt(SWEEPS.size())).getBytes(StandardCharsets.UTF_8)),
                this::accepts);
    }

    @Test
    void anythingIsReadOrRefused() throws Exception {
        Fuzz.run("sweep files, anything", 1000, MOST_BYTES, SweepFileFuzzTest::anything, this::accepts);
    }

    private static byte[] anything(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        switch (random.nextInt(5)) {
            case 0 -> text.append(Mutations.anyText(random, 300));
            case 1 -> {
                String marks = "{}[]:,-?&*!|>'\"%@`#<~. \t\n\r\\aU0179_";
                for (int length = random.nextInt(60); length > 0; length--) {
                    text.append(marks.charAt(random.nextInt(marks.length())));
                }
            }
            case 2 -> {
                for (int words = random.nextInt(40); words > 0; words--) {
                    text.append(Mutations.fragment(random)).append(random.nextBoolean() ? " " : "");
                }
            }
            case 3 -> {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                return bytes;
            }
            default -> text.append(GOOD, 0, random.nextInt(20) == 0 ? GOOD.length() : random.nextInt(GOOD.length()));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
