package dev.graft.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value of a sweep file with its place, free of the YAML library.
 *
 * @param path the place in the document; empty at the root
 * @param line from 1
 * @param column from 1
 * @param text what the file says, for scalars; empty otherwise
 * @param content null, {@link String}, {@link Long}, {@link Double}, {@link Boolean}, a list of {@link Value} or a map
 *     of {@link Entry} by key
 */
record Value(
        String path,
        int line,
        int column,
        String text,
        @Nullable Object content) {

    /** A key's place and its value. */
    record Entry(int line, int column, Value value) {}

    private static final int LONGEST_QUOTE = 60;

    boolean isMap() {
        return content instanceof Map;
    }

    boolean isList() {
        return content instanceof List;
    }

    /** Returns the entries in file order; none when this is no map. */
    @SuppressWarnings("unchecked")
    Map<String, Entry> entries() {
        return content instanceof Map ? (Map<String, Entry>) content : Map.of();
    }

    /** Returns the items; none when this is no list. */
    @SuppressWarnings("unchecked")
    List<Value> items() {
        return content instanceof List ? (List<Value>) content : List.of();
    }

    /** Returns the path of a key of this map. */
    String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Says what stands here, for the end of "must be ..., but was". */
    String found() {
        if (content == null) {
            return "nothing";
        }
        if (content instanceof String string) {
            return "the text " + quote(string);
        }
        if (isList()) {
            return "a list";
        }
        if (isMap()) {
            return "a map";
        }
        return shorten(text);
    }

    /** Quotes text for a message: on one line, without control characters, cut when long. */
    static String quote(String text) {
        return '"' + shorten(text) + '"';
    }

    /** Makes text fit for a message: on one line, without control characters, cut when long. */
    static String shorten(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_QUOTE)
                .forEach(c ->
                        shown.appendCodePoint(Character.isISOControl(c) || !Character.isDefined(c) ? '\uFFFD' : c));
        return text.codePointCount(0, text.length()) > LONGEST_QUOTE ? shown + "..." : shown.toString();
    }
}
