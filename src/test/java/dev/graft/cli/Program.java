package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built distribution as a real process, with a home and results of its own. */
final class Program {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> prefix = new ArrayList<>();
    private Path words;

    Program(Path folder) {
        this.folder = folder;
        this.words = folder;
    }

    /** What a command left behind. */
    record Ended(int code, String out, String err) {

        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + out + err, e);
            }
        }
    }

    /** Sets an environment variable of what is started from now on. */
    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has another program begin what is started from now on. */
    Program under(String... command) {
        prefix.clear();
        prefix.addAll(List.of(command));
        return this;
    }

    /** Has standard output and standard error written to another folder than that it runs in. */
    void writingTo(Path other) {
        words = other;
    }

    Path folder() {
        return folder;
    }

    /** Returns what the last command has written to standard error so far. */
    String err() throws IOException {
        return Files.readString(words.resolve("err"), StandardCharsets.UTF_8);
    }

    Path home() {
        return folder.resolve("home");
    }

    Path results() {
        return folder.resolve("results");
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("graft " + String.join(" ", arguments) + " did not end");
        }
        return new Ended(
                process.exitValue(),
                Files.readString(words.resolve("out"), StandardCharsets.UTF_8),
                Files.readString(words.resolve("err"), StandardCharsets.UTF_8));
    }

    Process start(String... arguments) throws IOException {
        String dist = System.getProperty("graft.dist", "target/dist/graft");
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(dist).toAbsolutePath().resolve("bin/graft").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(words.resolve("out").toFile())
                .redirectError(words.resolve("err").toFile());
        builder.environment().put("GRAFT_HOME", home().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
