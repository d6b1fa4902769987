package dev.graft;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Ways to spoil files: the same random numbers spoil a file in the same way. */
public final class Mutations {

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        4,
        7,
        8,
        16,
        127,
        128,
        255,
        256,
        1000,
        9999,
        32767,
        32768,
        65535,
        65536,
        60_000,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xFFFFFFFFL,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final List<String> FRAGMENTS = List.of(
            "",
            " ",
            "\n",
            "\t",
            ":",
            ": ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "?",
            "|",
            ">-\n ",
            "'",
            "\"",
            "#",
            "%",
            "@",
            "`",
            "&a ",
            "*a",
            "&a [*a]",
            "<<: *a",
            "!!int ",
            "!!python/object:os.system ",
            "!!javax.script.ScriptEngineManager ",
            "!<tag:yaml.org,2002:java/object> ",
            "---\n",
            "...\n",
            "%YAML 9.9\n---\n",
            "null",
            "~",
            "true",
            "no",
            "-1",
            "0",
            "1e400",
            "-1e-400",
            ".nan",
            ".inf",
            "0x",
            "0xFFFFFFFFFFFFFFFFFF",
            "9223372036854775808",
            "1".repeat(5000),
            "1e999999999",
            "1e-999999999",
            "\u0000",
            "\uFEFF",
            "\u202E",
            "\u2066",
            "\u200F",
            "\u2028",
            "\u0085",
            "\u001B[31m",
            "\uD800",
            "\uDC00\uD800",
            "\uD83D\uDE00",
            "e\u0301",
            "\"\\UFFFFFFFF\"",
            "\"\\x\"",
            "\"\\0\"",
            "a".repeat(20_000),
            "[".repeat(60),
            "{a: ".repeat(60),
            "- ".repeat(2000),
            "../../etc/passwd",
            "/dev/zero",
            "file:///etc/passwd",
            "<script>",
            "${jndi:ldap://x}",
            "values",
            "value",
            "min",
            "max",
            "distribution",
            "base",
            "parameters",
            "{values: [1, 1.5, x, [], {}]}",
            "{min: 0, max: 1e308}",
            "{distribution: q_uniform, min: 0, max: 1e18, q: 1e-300}",
            "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                    + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
                    + "f: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n");

    private Mutations() {}

    /** Spoils a binary file in one to eight places, mostly where its headers are. */
    public static byte[] bytes(SplittableRandom random, byte[] whole) {
        byte[] bytes = whole.clone();
        for (int times = 1 + random.nextInt(random.nextInt(1, 9)); times > 0; times--) {
            bytes = once(random, bytes);
        }
        return bytes;
    }

    private static byte[] once(SplittableRandom random, byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        // Half of all changes within the first 512 bytes, or the last.
        int near = Math.min(bytes.length, 512);
        int at = switch (random.nextInt(4)) {
            case 0, 1 -> random.nextInt(near);
            case 2 -> bytes.length - 1 - random.nextInt(near);
            default -> random.nextInt(bytes.length);
        };
        int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(1, 10)));
        switch (random.nextInt(10)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] = (byte) NUMBERS[random.nextInt(NUMBERS.length)];
            case 3, 4 -> number(random, bytes, at);
            case 5 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xFF));
            case 6 -> {
                return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
            }
            case 7 -> {
                return joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case 8 -> {
                int from = random.nextInt(bytes.length - length + 1);
                System.arraycopy(bytes.clone(), from, bytes, at, length);
            }
            default -> {
                return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, at) : bytes;
            }
        }
        return bytes;
    }

    private static void number(SplittableRandom random, byte[] bytes, int at) {
        ByteBuffer buffer =
                ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long value = NUMBERS[random.nextInt(NUMBERS.length)];
        int left = bytes.length - at;
        int width = 2 << random.nextInt(3);
        if (left >= width) {
            switch (width) {
                case 2 -> buffer.putShort(at, (short) value);
                case 4 -> buffer.putInt(at, (int) value);
                default -> buffer.putLong(at, value);
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Spoils a text in one to five places, by characters, words and lines. */
    public static String text(SplittableRandom random, String whole) {
        String text = whole;
        for (int times = 1 + random.nextInt(random.nextInt(1, 6)); times > 0; times--) {
            text = random.nextInt(3) == 0 ? byLine(random, text) : byWord(random, text);
        }
        return text;
    }

    private static String byLine(SplittableRandom random, String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.isEmpty()) {
            return fragment(random);
        }
        int at = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        switch (random.nextInt(6)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(other, lines.get(at));
            case 2 -> Collections.swap(lines, at, other);
            case 3 ->
                lines.set(at, " ".repeat(random.nextInt(12)) + lines.get(at).strip());
            case 4 -> lines.add(at, fragment(random));
            default -> lines.set(at, lines.get(at) + lines.get(other));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String byWord(SplittableRandom random, String text) {
        int start = random.nextInt(text.length() + 1);
        int end = start;
        if (random.nextBoolean()) {
            while (start > 0 && Character.isLetterOrDigit(text.charAt(start - 1))) {
                start--;
            }
            while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
                end++;
            }
        } else {
            end = Math.min(text.length(), start + random.nextInt(20));
        }
        return text.substring(0, start) + fragment(random) + text.substring(end);
    }

    /** Returns a word that means something to parsers. */
    public static String fragment(SplittableRandom random) {
        return random.nextInt(8) == 0 ? anyText(random, 6) : FRAGMENTS.get(random.nextInt(FRAGMENTS.size()));
    }

    /** Returns up to so many characters of any kind, halves of pairs too. */
    public static String anyText(SplittableRandom random, int most) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(most + 1); length > 0; length--) {
            text.append((char) random.nextInt(random.nextBoolean() ? 128 : 65536));
        }
        return text.toString();
    }
}
