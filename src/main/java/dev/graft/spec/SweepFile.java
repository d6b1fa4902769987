package dev.graft.spec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and checks sweep files. */
public final class SweepFile {

    /** The largest file that is read, in bytes. */
    static final int MOST_BYTES = 1 << 20;

    private SweepFile() {}

    /**
     * A line and a column.
     *
     * @param line from 1
     * @param column from 1
     */
    public record Place(int line, int column) {}

    /**
     * A sweep file without a problem, and where it says what.
     *
     * @param sweep what it asks for
     * @param fileName the file as the user named it
     * @param text the file's text, without a byte order mark
     * @param warnings what is doubtful, in file order
     * @param places the place of every value by its path, for example {@code data.path}; the root's path is empty
     */
    public record Parsed(Sweep sweep, String fileName, String text, List<Problem> warnings, Map<String, Place> places) {

        /** Copies the collections. */
        public Parsed {
            warnings = List.copyOf(warnings);
            places = Map.copyOf(places);
        }

        /**
         * Makes a problem that a later check found.
         *
         * @param path where the file says it, for example {@code data.path}; when the file leaves it out, the problem
         *     stands at the nearest parent that is there
         */
        public Problem at(String path, String message) {
            String known = path;
            while (!places.containsKey(known) && !known.isEmpty()) {
                known = known.substring(0, Math.max(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['))));
            }
            Place place = places.getOrDefault(known, new Place(1, 1));
            return new Problem(fileName, place.line(), place.column(), path, message);
        }
    }

    /**
     * Reads a file.
     *
     * @throws SweepFileException with all problems, in file order, also when the file cannot be read; the fault is the
     *     user's
     */
    public static Parsed read(Path file, BaseFacts bases) {
        Problems problems = new Problems(file.toString());
        if (Files.isDirectory(file)) {
            problems.error(0, 0, "", "is a folder, not a sweep file");
            throw problems.exception();
        }
        if (!Files.exists(file)) {
            problems.error(0, 0, "", "there is no such file");
            throw problems.exception();
        }
        byte[] bytes;
        // One byte more than allowed tells a file that is too large, whatever its size claims to be (pipes say 0).
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            problems.error(0, 0, "", "cannot be read: " + e.getMessage());
            throw problems.exception();
        }
        if (bytes.length > MOST_BYTES) {
            throw tooLarge(problems);
        }
        return parse(file.toString(), decode(bytes, problems), bases);
    }

    /**
     * Checks the text of a sweep file.
     *
     * @param fileName how messages name the file; the sweep's default name derives from it
     * @throws SweepFileException with all problems, in file order; the fault is the user's
     */
    public static Parsed parse(String fileName, String text, BaseFacts bases) {
        Problems problems = new Problems(fileName);
        if (text.length() > MOST_BYTES) {
            throw tooLarge(problems);
        }
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        Optional<Value> document = YamlTree.parse(body, problems);
        if (document.isEmpty()) {
            throw problems.exception();
        }
        Value root = document.get();
        if (!root.isMap()) {
            problems.error(
                    root,
                    root.content() == null
                            ? "is empty; it must at least name data and parameters"
                            : "must be a map of keys, as in name: my-sweep, but was " + root.found());
            throw problems.exception();
        }
        Sweep sweep = new SettingsReader(problems, bases).read(root);
        problems.throwIfAny();
        Map<String, Place> places = new HashMap<>();
        collect(root, places);
        return new Parsed(sweep, fileName, body, problems.warnings(), places);
    }

    private static SweepFileException tooLarge(Problems problems) {
        problems.error(0, 0, "", "must not be larger than 1 MiB; is it a sweep file?");
        return problems.exception();
    }

    private static String decode(byte[] bytes, Problems problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        out.flip();
        if (result.isError()) {
            String before = out.toString();
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            int column = before.codePointCount(before.lastIndexOf('\n') + 1, before.length()) + 1;
            problems.error(line, column, "", "is not UTF-8 text; save it as UTF-8");
            throw problems.exception();
        }
        return out.toString();
    }

    private static void collect(Value value, Map<String, Place> places) {
        places.put(value.path(), new Place(value.line(), value.column()));
        value.items().forEach(item -> collect(item, places));
        value.entries().values().forEach(entry -> collect(entry.value(), places));
    }
}
