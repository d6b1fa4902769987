package dev.graft.analysis;

import dev.graft.analysis.FilterLexer.Kind;
import dev.graft.analysis.FilterLexer.Token;
import dev.graft.analysis.FilterNode.Literal;
import dev.graft.analysis.FilterNode.Operator;
import dev.graft.spec.PlainText;
import dev.graft.spec.Suggestion;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads filter expressions; {@link TrialFilter} has the grammar. */
final class FilterParser {

    private static final int LONGEST = 4000;
    private static final int DEEPEST = 100;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d++\\.?\\d*+|\\.\\d++)([eE][+-]?\\d++)?%?");

    /** What holds text: there is no order to ask for. */
    private static final Set<String> TEXTS = Set.of(
            "id",
            "state",
            "reason",
            "base",
            "activation",
            "pooling",
            "optimizer",
            "learning_rate_schedule",
            "class_weights");

    private final String expression;
    private final Set<String> names;
    private List<Token> tokens = List.of();
    private int next;
    private int depth;

    FilterParser(String expression, Set<String> names) {
        this.expression = expression;
        this.names = names;
    }

    FilterNode parse() {
        if (expression.length() > LONGEST) {
            throw new FilterException(
                    "a filter has at most " + LONGEST + " characters, but this one has " + expression.length(),
                    LONGEST);
        }
        tokens = FilterLexer.tokens(expression);
        if (peek().kind() == Kind.END) {
            return new FilterNode.Every();
        }
        FilterNode root = either();
        Token rest = peek();
        if (rest.is(")")) {
            throw new FilterException("this ) closes nothing", rest.start());
        }
        if (rest.isValue()) {
            throw new FilterException(
                    "and or or is missing before " + shown(rest) + "; a text of several words needs quotes",
                    rest.start());
        }
        if (rest.kind() != Kind.END) {
            throw new FilterException("and, or or the end must follow, but there is " + shown(rest), rest.start());
        }
        return root;
    }

    private FilterNode either() {
        List<FilterNode> parts = new ArrayList<>(List.of(both()));
        while (skip("or")) {
            parts.add(both());
        }
        return parts.size() == 1 ? parts.get(0) : FilterNode.Any.of(parts);
    }

    private FilterNode both() {
        List<FilterNode> parts = new ArrayList<>(List.of(single()));
        while (skip("and")) {
            parts.add(single());
        }
        return parts.size() == 1 ? parts.get(0) : FilterNode.All.of(parts);
    }

    private FilterNode single() {
        Token token = take();
        if (++depth > DEEPEST) {
            throw new FilterException("a filter nests at most " + DEEPEST + " deep", token.start());
        }
        try {
            if (token.is("not")) {
                return new FilterNode.Not(single());
            }
            if (token.is("(")) {
                FilterNode inner = either();
                if (!skip(")")) {
                    throw new FilterException(
                            "the ( at character " + (token.start() + 1) + " is not closed here", peek().start());
                }
                return inner;
            }
            if (token.isValue()) {
                return comparisonOrText(token);
            }
        } finally {
            depth--;
        }
        throw new FilterException(
                token.kind() == Kind.END
                        ? "the filter ends where a condition must follow"
                        : "a condition must stand here, for example val_accuracy > 0.8, but there is " + shown(token),
                token.start());
    }

    private FilterNode comparisonOrText(Token token) {
        Optional<Operator> operator = Arrays.stream(Operator.values())
                .filter(candidate -> peek().is(candidate.sign()))
                .findFirst();
        if (operator.isPresent()) {
            take();
            return comparison(token, operator.get());
        }
        boolean negated = peek().is("not") && tokens.get(next + 1).is("in");
        if (negated) {
            take();
        }
        if (skip("in")) {
            FilterNode among = among(token);
            return negated ? new FilterNode.Not(among) : among;
        }
        if (token.kind() == Kind.WORD) {
            String name = token.text().toLowerCase(Locale.ROOT);
            if (TrialFilter.FLAGS.contains(name)) {
                return new FilterNode.Flag(name);
            }
            if (names.contains(name)) {
                throw new FilterException(
                        name + " must be compared with something, for example " + example(name)
                                + "; to look for the word, write it in quotes",
                        peek().start());
            }
        }
        if (token.text().isEmpty()) {
            throw new FilterException("there is no text to look for between these quotes", token.start());
        }
        return new FilterNode.Search(token.text());
    }

    private FilterNode comparison(Token nameToken, Operator operator) {
        String name = name(nameToken);
        Token token = take();
        if (!token.isValue()) {
            throw new FilterException(
                    "a value must follow " + operator.sign()
                            + (token.kind() == Kind.END ? "" : ", but there is " + shown(token)),
                    token.start());
        }
        Literal literal = literal(token);
        if (operator == Operator.CONTAINS) {
            return new FilterNode.Comparison(name, operator, literal);
        }
        if (operator.isOrder()) {
            if (TEXTS.contains(name) || TrialFilter.FLAGS.contains(name)) {
                throw new FilterException(
                        name + " is no number: it is compared with =, != or ~, not with " + operator.sign(),
                        nameToken.start());
            }
            if (Double.isNaN(literal.number())) {
                throw new FilterException(
                        "a number must follow " + operator.sign() + ", but there is " + shown(token), token.start());
            }
        }
        check(name, literal, token);
        return new FilterNode.Comparison(name, operator, literal);
    }

    private FilterNode among(Token nameToken) {
        String name = name(nameToken);
        if (!skip("(")) {
            throw new FilterException(
                    "in is followed by values in parentheses, for example in (adam, sgd)", peek().start());
        }
        List<Literal> literals = new ArrayList<>();
        do {
            Token token = take();
            if (!token.isValue()) {
                throw new FilterException("a value must stand here", token.start());
            }
            Literal literal = literal(token);
            check(name, literal, token);
            literals.add(literal);
        } while (skip(","));
        if (!skip(")")) {
            throw new FilterException(
                    "a comma or ) must follow" + (peek().kind() == Kind.END ? "" : ", but there is " + shown(peek())),
                    peek().start());
        }
        return new FilterNode.Among(name, List.copyOf(literals));
    }

    private String name(Token token) {
        String name = token.text().strip().toLowerCase(Locale.ROOT).replace(' ', '_');
        if (names.contains(name)) {
            return name;
        }
        // Names with a prefix that people leave out: accuracy for val_accuracy.
        String guess = names.stream()
                .filter(known -> !name.isEmpty() && known.endsWith("_" + name))
                .findFirst()
                .map(known -> "; did you mean " + known + "?")
                .orElseGet(() -> Suggestion.of(name, names));
        throw new FilterException(
                "trials have no " + shown(token)
                        + (guess.isEmpty()
                                ? "; there are parameters, such as base, metrics, such as val_accuracy, and state,"
                                        + " number, rank, epochs, seconds, reason, pinned and others"
                                : guess),
                token.start());
    }

    /** Reports values that nothing of the name can ever equal. */
    private static void check(String name, Literal literal, Token token) {
        if (name.equals("state")) {
            List<String> words =
                    Arrays.stream(TrialState.values()).map(TrialState::word).toList();
            String word = literal.text().toLowerCase(Locale.ROOT);
            if (!words.contains(word)) {
                String guess = Suggestion.of(word, words);
                throw new FilterException(
                        "no state is called " + shown(token)
                                + (guess.isEmpty() ? "; states are " + String.join(", ", words) : guess),
                        token.start());
            }
        }
        if (TrialFilter.FLAGS.contains(name)
                && !Set.of("true", "false", "yes", "no").contains(literal.text().toLowerCase(Locale.ROOT))) {
            throw new FilterException(name + " is yes or no, but not " + shown(token), token.start());
        }
        if (TrialFilter.isNumber(name) && Double.isNaN(literal.number())) {
            throw new FilterException(name + " is a number, but " + shown(token) + " is none", token.start());
        }
    }

    private static Literal literal(Token token) {
        String text = token.text();
        if (FilterLexer.isList(text) && text.indexOf(',') < 0) {
            // One layer is its width, none is 0.
            text = text.equals("[]") ? "0" : text.substring(1, text.length() - 1);
        }
        return new Literal(text, number(text));
    }

    private static double number(String text) {
        if (text.length() > 40 || !NUMBER.matcher(text).matches()) {
            return Double.NaN;
        }
        return text.endsWith("%")
                ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                : Double.parseDouble(text);
    }

    private static String example(String name) {
        return switch (name) {
            case "state" -> "state = finished";
            case "base" -> "base = mobilenet_v2";
            case "optimizer" -> "optimizer = adam";
            case "reason" -> "reason ~ stopping";
            default -> name + (TEXTS.contains(name) ? " ~ ..." : " > 0");
        };
    }

    private Token peek() {
        return tokens.get(next);
    }

    /** The end stays where it is. */
    private Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    private boolean skip(String word) {
        boolean there = peek().is(word);
        if (there) {
            next++;
        }
        return there;
    }

    private static String shown(Token token) {
        if (token.kind() == Kind.END) {
            return "the end";
        }
        String text = PlainText.of(token.text());
        return text.length() > 60 ? text.substring(0, 60) + "..." : text.isEmpty() ? "\"\"" : text;
    }
}
