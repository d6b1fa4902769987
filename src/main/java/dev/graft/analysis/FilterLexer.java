package dev.graft.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Cuts a filter expression into its words and signs. */
final class FilterLexer {

    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "in");

    private final String expression;
    private int at;

    private FilterLexer(String expression) {
        this.expression = expression;
    }

    /** What a token is. */
    enum Kind {
        WORD,
        QUOTED,
        LIST,
        KEYWORD,
        SIGN,
        END
    }

    /**
     * A piece of an expression.
     *
     * @param text what it says: without quotes; keywords in lower case
     * @param start the index of its first character
     */
    record Token(Kind kind, String text, int start) {

        boolean is(String word) {
            return (kind == Kind.KEYWORD || kind == Kind.SIGN) && text.equals(word);
        }

        boolean isValue() {
            return kind == Kind.WORD || kind == Kind.QUOTED || kind == Kind.LIST;
        }
    }

    /** Returns the tokens; the last is the end. */
    static List<Token> tokens(String expression) {
        FilterLexer lexer = new FilterLexer(expression);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Kind.END);
        return tokens;
    }

    /** Returns a text as a word, in quotes where it needs them. */
    static String written(String text) {
        boolean word = !text.isEmpty()
                && text.chars().allMatch(FilterLexer::isWordCharacter)
                && !KEYWORDS.contains(text.toLowerCase(Locale.ROOT));
        return isList(text) || word ? text : quoted(text);
    }

    /** Returns a text in quotes. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Token next() {
        while (at < expression.length() && isBlank(expression.charAt(at))) {
            at++;
        }
        int start = at;
        if (at == expression.length()) {
            return new Token(Kind.END, "", start);
        }
        char first = expression.charAt(at);
        if (first == '"' || first == '\'') {
            return quotedText(first);
        }
        if (first == '[') {
            return list();
        }
        if (isWordCharacter(first)) {
            while (at < expression.length() && isWordCharacter(expression.charAt(at))) {
                at++;
            }
            String word = expression.substring(start, at);
            String lower = word.toLowerCase(Locale.ROOT);
            return KEYWORDS.contains(lower) ? new Token(Kind.KEYWORD, lower, start) : new Token(Kind.WORD, word, start);
        }
        return sign(first);
    }

    private Token sign(char first) {
        int start = at;
        at++;
        switch (first) {
            case '(', ')', ',', '~' -> {
                return new Token(Kind.SIGN, String.valueOf(first), start);
            }
            case '=' -> {
                follows('=');
                return new Token(Kind.SIGN, "=", start);
            }
            case '<', '>' -> {
                return new Token(Kind.SIGN, follows('=') ? first + "=" : String.valueOf(first), start);
            }
            case '!' -> {
                if (follows('=')) {
                    return new Token(Kind.SIGN, "!=", start);
                }
                throw new FilterException("! stands only in !=; to turn a condition round, write not", start);
            }
            case '&' -> throw new FilterException("write and instead of " + (follows('&') ? "&&" : "&"), start);
            case '|' -> throw new FilterException("write or instead of " + (follows('|') ? "||" : "|"), start);
            default -> {
                String sign = new String(Character.toChars(expression.codePointAt(start)));
                String shown = Character.isISOControl(sign.charAt(0)) ? "this character" : sign;
                throw new FilterException("a filter has no place for " + shown + "; text with it needs quotes", start);
            }
        }
    }

    private boolean follows(char wanted) {
        if (at < expression.length() && expression.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private Token quotedText(char quote) {
        int start = at;
        StringBuilder text = new StringBuilder();
        for (at++; at < expression.length(); at++) {
            char c = expression.charAt(at);
            if (c == quote) {
                at++;
                return new Token(Kind.QUOTED, text.toString(), start);
            }
            if (c == '\\' && at + 1 < expression.length()) {
                at++;
                c = expression.charAt(at);
            }
            text.append(c);
        }
        throw new FilterException("the text that begins here has no closing " + quote, start);
    }

    private Token list() {
        int start = at;
        int end = expression.indexOf(']', start);
        if (end < 0) {
            throw new FilterException("the list that begins here has no closing ]", start);
        }
        List<String> items = Arrays.stream(expression.substring(start + 1, end).split(",", -1))
                .map(String::strip)
                .toList();
        at = end + 1;
        boolean empty = items.size() == 1 && items.get(0).isEmpty();
        String text = empty ? "[]" : items.stream().collect(Collectors.joining(", ", "[", "]"));
        if (!isList(text)) {
            throw new FilterException("a list holds whole numbers, for example [256, 64]", start);
        }
        return new Token(Kind.LIST, text, start);
    }

    /** Says whether a text is a list as tokens hold it. */
    static boolean isList(String text) {
        if (text.equals("[]")) {
            return true;
        }
        // By hand: a regular expression for this may take the stack of a long list.
        return text.startsWith("[")
                && text.endsWith("]")
                && Arrays.stream(text.substring(1, text.length() - 1).split(", ", -1))
                        .allMatch(item -> !item.isEmpty() && item.chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isWordCharacter(int c) {
        return Character.isLetterOrDigit(c) || (c < 128 && "_.-+%/:*@#".indexOf(c) >= 0);
    }
}
