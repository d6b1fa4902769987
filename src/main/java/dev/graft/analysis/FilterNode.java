package dev.graft.analysis;

import dev.graft.spec.Parameters;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A part of a {@link TrialFilter}. */
sealed interface FilterNode {

    boolean accepts(TrialFacts facts);

    /** Returns the part as it would be written. */
    String text();

    /** Returns the part as it is written as an operand of "and" or "not". */
    default String operand() {
        return text();
    }

    /** Nothing is asked. */
    record Every() implements FilterNode {
        @Override
        public boolean accepts(TrialFacts facts) {
            return true;
        }

        @Override
        public String text() {
            return "";
        }
    }

    /** Every part must hold; there are two or more, none of which is of this kind. */
    record All(List<FilterNode> parts) implements FilterNode {

        static FilterNode of(List<FilterNode> parts) {
            return new All(parts.stream()
                    .flatMap(part -> part instanceof All all ? all.parts.stream() : List.of(part).stream())
                    .toList());
        }

        @Override
        public boolean accepts(TrialFacts facts) {
            for (FilterNode part : parts) {
                if (!part.accepts(facts)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String text() {
            return parts.stream().map(FilterNode::operand).collect(Collectors.joining(" and "));
        }
    }

    /** One part must hold; there are two or more, none of which is of this kind. */
    record Any(List<FilterNode> parts) implements FilterNode {

        static FilterNode of(List<FilterNode> parts) {
            return new Any(parts.stream()
                    .flatMap(part -> part instanceof Any any ? any.parts.stream() : List.of(part).stream())
                    .toList());
        }

        @Override
        public boolean accepts(TrialFacts facts) {
            for (FilterNode part : parts) {
                if (part.accepts(facts)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return parts.stream().map(FilterNode::text).collect(Collectors.joining(" or "));
        }

        @Override
        public String operand() {
            return '(' + text() + ')';
        }
    }

    /** The part must not hold. */
    record Not(FilterNode part) implements FilterNode {
        @Override
        public boolean accepts(TrialFacts facts) {
            return !part.accepts(facts);
        }

        @Override
        public String text() {
            return "not " + (part instanceof All ? '(' + part.text() + ')' : part.operand());
        }
    }

    /** A flag must be set. */
    record Flag(String name) implements FilterNode {
        @Override
        public boolean accepts(TrialFacts facts) {
            return Boolean.TRUE.equals(facts.value(name));
        }

        @Override
        public String text() {
            return name;
        }
    }

    /** How a value is compared. */
    enum Operator {
        EQUAL("="),
        UNEQUAL("!="),
        BELOW("<"),
        AT_MOST("<="),
        ABOVE(">"),
        AT_LEAST(">="),
        CONTAINS("~");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        boolean isOrder() {
            return switch (this) {
                case BELOW, AT_MOST, ABOVE, AT_LEAST -> true;
                case EQUAL, UNEQUAL, CONTAINS -> false;
            };
        }

        private boolean holds(@Nullable Object fact, Literal literal) {
            return switch (this) {
                case EQUAL -> literal.equalTo(fact);
                case UNEQUAL -> !literal.equalTo(fact);
                case CONTAINS -> fact != null && contains(fact, literal.text());
                case BELOW -> fact instanceof Number number && number.doubleValue() < literal.number();
                case AT_MOST -> fact instanceof Number number && number.doubleValue() <= literal.number();
                case ABOVE -> fact instanceof Number number && number.doubleValue() > literal.number();
                case AT_LEAST -> fact instanceof Number number && number.doubleValue() >= literal.number();
            };
        }
    }

    /** A fact must compare as said. */
    record Comparison(String name, Operator operator, Literal literal) implements FilterNode {
        @Override
        public boolean accepts(TrialFacts facts) {
            return operator.holds(fact(facts, name), literal);
        }

        @Override
        public String text() {
            return FilterLexer.written(name) + ' ' + operator.sign() + ' ' + literal.written();
        }
    }

    /** A fact must be one of some values. */
    record Among(String name, List<Literal> literals) implements FilterNode {
        @Override
        public boolean accepts(TrialFacts facts) {
            Object fact = fact(facts, name);
            for (Literal literal : literals) {
                if (literal.equalTo(fact)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return FilterLexer.written(name) + " in "
                    + literals.stream().map(Literal::written).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /** A text must occur somewhere in what names the trial. */
    record Search(String part) implements FilterNode {
        @Override
        public boolean accepts(TrialFacts facts) {
            if (contains(facts.trial().id(), part)
                    || contains(facts.trial().state().word(), part)
                    || contains(facts.trial().reason(), part)) {
                return true;
            }
            for (Object value : facts.trial().parameters().values()) {
                if ((!(value instanceof Number) || mayBeInNumber()) && contains(value, part)) {
                    return true;
                }
            }
            return false;
        }

        private boolean mayBeInNumber() {
            char first = part.charAt(0);
            return (first >= '0' && first <= '9') || "+-.eE".indexOf(first) >= 0;
        }

        @Override
        public String text() {
            return FilterLexer.quoted(part);
        }
    }

    /**
     * What a fact is compared with.
     *
     * @param text as written, without quotes; lists as {@code [256, 64]}
     * @param number what the text is as a number; NaN if it is none
     */
    record Literal(String text, double number) {

        boolean equalTo(@Nullable Object fact) {
            if (fact instanceof Number value) {
                return value.doubleValue() == number;
            }
            if (fact instanceof Boolean flag) {
                return flag == (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("yes"));
            }
            return fact != null && text.equalsIgnoreCase(fact.toString());
        }

        String written() {
            return FilterLexer.written(text);
        }
    }

    /** One layer's width in a list is that width, and an empty list is no layer. */
    private static @Nullable Object fact(TrialFacts facts, String name) {
        Object value = facts.value(name);
        if (value instanceof List<?> list && list.size() <= 1) {
            return list.isEmpty() ? Parameters.fallback(name).orElse(null) : list.get(0);
        }
        return value;
    }

    private static boolean contains(Object fact, String part) {
        String text = fact instanceof Double number ? decimal(number) : fact.toString();
        if (part.isEmpty()) {
            return true;
        }
        int last = text.length() - part.length();
        char lower = Character.toLowerCase(part.charAt(0));
        char upper = Character.toUpperCase(part.charAt(0));
        for (int start = 0; start <= last; start++) {
            char first = text.charAt(start);
            // Looking at one character first makes a search of thousands of trials several times as fast.
            if ((first == lower || first == upper) && text.regionMatches(true, start, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }

    /** Learning rates are looked for as people write them, not as {@code 1.0E-4}. */
    private static String decimal(double number) {
        double size = Math.abs(number);
        if (size >= 1e-3 && size < 1e7) {
            return Double.toString(number);
        }
        return size >= 1e-9 && size < 1e15
                ? BigDecimal.valueOf(number).toPlainString()
                : Double.toString(number).toLowerCase(Locale.ROOT);
    }
}
