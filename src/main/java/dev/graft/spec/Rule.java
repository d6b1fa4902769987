package dev.graft.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a single value must be; reads it, describes it for people and for editors. */
sealed interface Rule {

    /** Returns the value in its canonical form, or null after reporting what is wrong with it. */
    @Nullable
    Object read(Value value, Problems problems);

    /** Describes the values that fit, for the reference. */
    String text();

    /** Describes the values that fit, as JSON Schema. */
    Map<String, Object> schema();

    /** A whole number, read as {@link Long}; both bounds are inclusive. */
    record Whole(long min, long max) implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (value.content() instanceof Double number && number == Math.rint(number) && Math.abs(number) > max) {
                // Too large for a long, or written as 1e9: the bound says more than "not whole".
                problems.error(value, "must be " + (number > 0 ? "<= " + max : ">= " + min) + was(value));
                return null;
            }
            if (!(value.content() instanceof Long number)) {
                problems.error(value, "must be a whole number" + was(value));
                return null;
            }
            if (number < min || number > max) {
                problems.error(value, "must be " + (number < min ? ">= " + min : "<= " + max) + was(value));
                return null;
            }
            return number;
        }

        @Override
        public String text() {
            return max == Long.MAX_VALUE ? "whole number >= " + min : "whole number, " + min + " to " + max;
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "integer");
            schema.put("minimum", min);
            if (max != Long.MAX_VALUE) {
                schema.put("maximum", max);
            }
            return schema;
        }
    }

    /** A finite number, read as {@link Double}. */
    record Real(double min, boolean minIncluded, double max, boolean maxIncluded) implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            Double number = number(value, problems);
            if (number == null) {
                return null;
            }
            String broken = broken(number);
            if (broken != null) {
                problems.error(value, "must be " + broken + was(value));
                return null;
            }
            return number;
        }

        /** Returns the bound that a number breaks, or null. */
        @Nullable
        String broken(double number) {
            if (minIncluded ? number < min : number <= min) {
                return lower();
            }
            return (maxIncluded ? number > max : number >= max) ? upper() : null;
        }

        String lower() {
            return (minIncluded ? ">= " : "> ") + plain(min);
        }

        String upper() {
            return (maxIncluded ? "<= " : "< ") + plain(max);
        }

        @Override
        public String text() {
            return "number " + lower() + " and " + upper();
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "number");
            schema.put(minIncluded ? "minimum" : "exclusiveMinimum", min);
            schema.put(maxIncluded ? "maximum" : "exclusiveMaximum", max);
            return schema;
        }
    }

    /** One of some words, read as {@link String}. */
    record Words(List<String> words) implements Rule {

        public Words {
            words = List.copyOf(words);
        }

        static Words of(String... words) {
            return new Words(List.of(words));
        }

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (value.content() instanceof String word) {
                if (words.contains(word)) {
                    return word;
                }
                problems.error(value, must() + ", but was " + Value.quote(word) + Suggestion.of(word, words));
                return null;
            }
            problems.error(value, must() + was(value));
            return null;
        }

        private String must() {
            return (words.size() == 1 ? "must be " : "must be one of ") + String.join(", ", words);
        }

        @Override
        public String text() {
            return String.join(", ", words.stream().map(w -> '`' + w + '`').toList());
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("enum", words);
        }
    }

    /** A whole number, read as {@link Long}, or a word, read as {@link String}; both bounds are inclusive. */
    record WholeOr(long min, long max, String word) implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (value.content() instanceof String text) {
                if (text.equals(word)) {
                    return word;
                }
                problems.error(
                        value, "must be a whole number or " + word + was(value) + Suggestion.of(text, List.of(word)));
                return null;
            }
            if (!(value.content() instanceof Number)) {
                problems.error(value, "must be a whole number or " + word + was(value));
                return null;
            }
            return new Whole(min, max).read(value, problems);
        }

        @Override
        public String text() {
            return new Whole(min, max).text() + ", or `" + word + '`';
        }

        @Override
        public Map<String, Object> schema() {
            return new LinkedHashMap<>(Map.of("anyOf", List.of(new Whole(min, max).schema(), Map.of("const", word))));
        }
    }

    /** A number of bytes, or text with a unit, read as {@link Long}. */
    record Bytes() implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (!(value.content() instanceof String text)) {
                return value.content() instanceof Number
                        ? new Whole(1, Long.MAX_VALUE).read(value, problems)
                        : fail(value, problems);
            }
            OptionalLong bytes = ByteSize.parse(text);
            return bytes.isPresent() ? (Object) bytes.getAsLong() : fail(value, problems);
        }

        private static @Nullable Object fail(Value value, Problems problems) {
            problems.error(value, "must be " + ByteSize.EXAMPLES + was(value));
            return null;
        }

        @Override
        public String text() {
            return "whole number > 0, or a size such as `20 GB`";
        }

        @Override
        public Map<String, Object> schema() {
            return new LinkedHashMap<>(Map.of(
                    "anyOf",
                    List.of(
                            new Whole(1, Long.MAX_VALUE).schema(),
                            Map.of("type", "string", "pattern", ByteSize.PATTERN))));
        }
    }

    /** Any text but an empty one, read as {@link String}; {@code what} says what it is for the reference. */
    record Text(String what) implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (value.content() instanceof String text && !text.isBlank()) {
                return text;
            }
            boolean scalar = value.content() instanceof Number || value.content() instanceof Boolean;
            problems.error(value, "must be text" + was(value) + (scalar ? "; put it in quotes" : ""));
            return null;
        }

        @Override
        public String text() {
            return what;
        }

        @Override
        public Map<String, Object> schema() {
            return new LinkedHashMap<>(Map.of("type", "string"));
        }
    }

    /** {@code true} or {@code false}, read as {@link Boolean}. */
    record Flag() implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (value.content() instanceof Boolean flag) {
                return flag;
            }
            problems.error(value, "must be true or false" + was(value));
            return null;
        }

        @Override
        public String text() {
            return "`true` or `false`";
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "boolean");
        }
    }

    /** The widths of dense layers: {@link Long} for one layer, 0 for none, a list of {@link Long} for several. */
    record Widths(int most, long max) implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            if (!value.isList()) {
                return value.content() instanceof Long || value.content() instanceof Double
                        ? new Whole(0, max).read(value, problems)
                        : fail(value, problems, "must be a whole number or a list of them" + was(value));
            }
            if (value.items().size() > most) {
                return fail(
                        value,
                        problems,
                        "must name at most " + most + " layers, but names "
                                + value.items().size());
            }
            List<Object> widths = new ArrayList<>();
            for (Value item : value.items()) {
                Object width = new Whole(1, max).read(item, problems);
                if (width != null) {
                    widths.add(width);
                }
            }
            if (widths.size() < value.items().size()) {
                return null;
            }
            return widths.isEmpty() ? (Object) 0L : widths.size() == 1 ? widths.get(0) : List.copyOf(widths);
        }

        private static @Nullable Object fail(Value value, Problems problems, String message) {
            problems.error(value, message);
            return null;
        }

        @Override
        public String text() {
            return "whole number, 0 to " + max + " (0: no layer), or a list of up to " + most + " of them";
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> items = new Whole(1, max).schema();
            return Map.of(
                    "anyOf",
                    List.of(new Whole(0, max).schema(), Map.of("type", "array", "items", items, "maxItems", most)));
        }
    }

    /** A base, read as the text of its {@link BaseName}. */
    record Base(BaseFacts bases) implements Rule {

        @Override
        public @Nullable Object read(Value value, Problems problems) {
            return new BaseReader(problems, bases).read(value);
        }

        @Override
        public String text() {
            return "base, see below";
        }

        @Override
        public Map<String, Object> schema() {
            return BaseReader.schema(bases.names());
        }
    }

    /** Returns a finite number, or null after reporting that the value is none. */
    static @Nullable Double number(Value value, Problems problems) {
        if (!(value.content() instanceof Number number)) {
            problems.error(value, "must be a number" + was(value));
            return null;
        }
        double real = number.doubleValue();
        if (!Double.isFinite(real)) {
            problems.error(value, "must be a finite number" + was(value));
            return null;
        }
        return real;
    }

    /** Returns a number as people write it: {@code 1} rather than {@code 1.0}. */
    static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String was(Value value) {
        return ", but was " + value.found();
    }
}
