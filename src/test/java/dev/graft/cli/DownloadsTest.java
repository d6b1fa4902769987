package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Architecture;
import dev.graft.base.Catalogue;
import dev.graft.base.PseudoRandomWeights;
import dev.graft.base.Safetensors;
import dev.graft.fetch.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that may fetch, as processes, with servers on this machine. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DownloadsTest {

    private static final String SQUEEZENET = "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5";

    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {}

    private Process start(String mirror, String... arguments) throws IOException {
        return start(Map.of(), mirror, arguments);
    }

    private Process start(Map<String, String> environment, String mirror, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Graft.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().put("GRAFT_HOME", folder.resolve("home").toString());
        builder.environment().put("GRAFT_MIRROR", mirror);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Ended ended(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(folder.resolve("out"), StandardCharsets.UTF_8),
                Files.readString(folder.resolve("err"), StandardCharsets.UTF_8));
    }

    private Ended run(String mirror, String... arguments) throws IOException, InterruptedException {
        return ended(start(mirror, arguments));
    }

    /** Returns a file that squeezenet can be read from. */
    private byte[] weights() throws IOException {
        Path file = folder.resolve("squeezenet.bin");
        Architecture squeezenet = new Catalogue(List.of()).entry("squeezenet").architecture();
        Safetensors.write(file, PseudoRandomWeights.of(squeezenet), Map.of());
        return Files.readAllBytes(file);
    }

    @Test
    void fetchesOnceAndSaysWhatItFound() throws IOException, InterruptedException {
        try (RawServer server = RawServer.of(weights())) {
            String mirror = server.address("").toString();
            Ended first = run(mirror, "bases", "pull", "sprout", "squeezenet", "squeezenet");
            assertThat(first.code()).as(first.err()).isZero();
            assertThat(first.out())
                    .contains("sprout: built in, nothing to fetch")
                    .containsOnlyOnce("squeezenet: ready, fetched now, no digest is published for it")
                    .contains(folder.resolve("home/weights").resolve(SQUEEZENET).toString());
            assertThat(first.err()).contains("fetching ", "2.9 MB").doesNotContain("\r", "\033");
            Ended again = run(mirror, "bases", "pull", "squeezenet");
            assertThat(again.out()).contains("squeezenet: ready, it was there, SHA-256 is right");
            assertThat(server.requests()).hasSize(1);

            JsonNode bases =
                    new ObjectMapper().readTree(run(mirror, "bases", "--json").out());
            assertThat(bases.findValuesAsText("name")).contains("mobilenet_v2", "sprout", "squeezenet");
            for (JsonNode base : bases) {
                String state = base.path("state").asText();
                switch (base.path("name").asText()) {
                    case "squeezenet" -> {
                        assertThat(state).isEqualTo("ready");
                        assertThat(base.path("smallest_image").asInt()).isEqualTo(48);
                        assertThat(base.path("path").asText()).endsWith(SQUEEZENET);
                    }
                    case "sprout" -> assertThat(state).isEqualTo("built in");
                    default -> assertThat(state).isEqualTo("to download");
                }
            }
        }
    }

    @Test
    void aTerminalThatWantsNoColoursGetsNone() throws IOException, InterruptedException {
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.write(new byte[2500]);
            out.flush();
            while (!Files.readString(folder.resolve("err")).contains("fetching ")) {
                Thread.sleep(20);
            }
            Thread.sleep(300); // Longer than the line stays as it is.
            out.write(new byte[2500]);
        })) {
            Map<String, String> environment =
                    Map.of("NO_COLOR", "1", "TERM", "xterm", "JAVA_TOOL_OPTIONS", "-Dgraft.stderr.terminal=true");
            Ended ended = ended(start(environment, server.address("").toString(), "bases", "pull", "squeezenet"));
            assertThat(ended.code()).as("zeros are no weights").isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(ended.err()).contains("\r\033[K━").doesNotContain("\033[2m", "\033[32m");
        }
    }

    @Test
    void fetchesIntoAFolderToBeCarriedElsewhere() throws IOException, InterruptedException {
        try (RawServer server = RawServer.of(weights())) {
            Ended ended = run(server.address("").toString(), "bases", "pull", "squeezenet", "--weights", "stick");
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(folder.resolve("stick").resolve(SQUEEZENET)).exists();
            assertThat(folder.resolve("home")).doesNotExist();
            Ended list = run("", "bases", "--weights", "stick");
            assertThat(list.out()).containsPattern("(?m)^squeezenet +ready ");
        }
    }

    @Test
    void stoppedByTheUserLeavesAPartToGoOnWith() throws IOException, InterruptedException {
        byte[] bytes = weights();
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        int[] count = {0};
        try (RawServer server = new RawServer((request, out) -> {
            String range = request.headers().getOrDefault("range", "bytes=0-");
            int from = Integer.parseInt(range.substring(6, range.length() - 1));
            out.write(("HTTP/1.1 " + (from == 0 ? "200 OK" : "206 Partial Content")
                            + "\r\nETag: \"v1\"\r\nConnection: close\r\nContent-Length: " + (bytes.length - from)
                            + "\r\nContent-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            if (count[0]++ == 0) {
                out.write(bytes, 0, 200_000);
                out.flush();
                sent.countDown();
                never.await();
            }
            out.write(bytes, from, bytes.length - from);
        })) {
            String mirror = server.address("").toString();
            Process process = start(mirror, "bases", "pull", "squeezenet");
            Path part = folder.resolve("home/weights").resolve(SQUEEZENET + ".part");
            assertThat(sent.await(1, TimeUnit.MINUTES)).isTrue();
            try {
                long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
                while (process.isAlive() && (!Files.exists(part) || Files.size(part) < 200_000)) {
                    assertThat(System.nanoTime() - end)
                            .as("nanoseconds too late")
                            .isNegative();
                    Thread.sleep(20);
                }
            } finally {
                process.destroy();
            }
            Ended stopped = ended(process);
            assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(stopped.err()).contains("pulling again goes on with it");
            Ended again = run(mirror, "bases", "pull", "squeezenet");
            assertThat(again.code()).as(again.err()).isZero();
            assertThat(server.requests().get(1).headers()).containsEntry("range", "bytes=200000-");
            assertThat(folder.resolve("home/weights").resolve(SQUEEZENET)).hasBinaryContent(bytes);
        }
    }

    @Test
    void saysWhatIsWrongWithNamesAndAddresses() throws IOException, InterruptedException {
        Ended misspelt = run("", "bases", "pull", "squeezent", "moblenet_v2");
        assertThat(misspelt.code()).isEqualTo(ExitCode.USAGE);
        assertThat(misspelt.err())
                .contains(
                        "there is no base squeezent; did you mean squeezenet?",
                        "there is no base moblenet_v2; did you mean mobilenet_v2?");
        assertThat(run("", "bases", "pull").code()).isEqualTo(ExitCode.USAGE);
        assertThat(run("", "bases", "pull", "--all", "sprout").code()).isEqualTo(ExitCode.USAGE);
        Ended mirror = run("example.org", "bases", "pull", "squeezenet");
        assertThat(mirror.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(mirror.err()).contains("GRAFT_MIRROR must be").doesNotContain("\tat ");
        Ended offline = run("", "bases", "pull", "squeezenet", "--offline");
        assertThat(offline.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(offline.err()).contains("stay offline", "put it into one of").doesNotContain("\tat ");
    }

    @Test
    void validateNamesOwnWeightsThatCannotServe() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("own.yaml"), """
                data: {path: nowhere}
                parameters: {base: {value: {architecture: sprout, weights: mine.safetensors}}}
                """);
        Ended both = run("", "validate", "own.yaml");
        assertThat(both.code()).as(both.out()).isEqualTo(ExitCode.SWEEP_FILE);
        assertThat(both.err())
                .contains("own.yaml:1:14 data.path: ", "own.yaml:2:20 parameters.base: ")
                .contains("mine.safetensors does not exist", "2 problems")
                .doesNotContain("\tat ");
        assertThat(run("", "validate", "--no-data", "own.yaml").code()).isZero();
    }

    @Test
    void validateFetchesNoImagesAndPlanNoneOffline() throws IOException, InterruptedException {
        try (RawServer server = RawServer.of(weights())) {
            Files.writeString(folder.resolve("web.yaml"), """
                    data: {url: "%s", sha256: "%s"}
                    parameters: {base: {value: sprout}, image_size: {value: 32}}
                    """.formatted(server.address("/images.zip"), "0".repeat(64)));
            Ended valid = run("", "validate", "web.yaml");
            assertThat(valid.code()).as(valid.err()).isZero();
            assertThat(valid.out()).contains("1 trial, images not fetched yet: " + server.address("/images.zip"));
            Ended offline = run("", "plan", "web.yaml", "--offline");
            assertThat(offline.code()).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(offline.err()).contains("stay offline").doesNotContain("\tat ");
            assertThat(server.requests()).isEmpty();
            Ended wrong = run("", "plan", "web.yaml");
            assertThat(wrong.code()).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(wrong.err()).contains("must have SHA-256 " + "0".repeat(64), "it was deleted");
        }
    }
}
