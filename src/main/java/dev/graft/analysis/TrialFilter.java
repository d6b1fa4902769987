package dev.graft.analysis;

import dev.graft.spec.Parameters;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A condition on trials, as people write it: {@code base = mobilenet_v2 and val_accuracy > 0.8}. Immutable.
 *
 * <pre>
 * filter     = [ either ]                                      nothing written: every trial
 * either     = both { "or" both }
 * both       = single { "and" single }
 * single     = "not" single | "(" either ")" | comparison | flag | text
 * comparison = name ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "~" ) value
 *            | name [ "not" ] "in" "(" value { "," value } ")"
 * flag       = "pinned" | "hidden"
 * value      = word | quoted text | "[" whole numbers "]"      0.01, 1e-3, 85%, adam, "early stopping", [256, 64]
 * </pre>
 *
 * <p>A name is that of a parameter, of a metric at the best epoch, or one of {@code id}, {@code number}, {@code state},
 * {@code reason}, {@code rank}, {@code epochs}, {@code kept_epoch}, {@code attempts}, {@code seconds},
 * {@code model_weights}, {@code seed}, {@code pinned}, {@code hidden}; in quotes it may be written with blanks. A
 * parameter that the sweep does not name has its default. {@code ~} looks for a part of a text. A text alone looks for
 * that part in the id, the state, the reason and the parameters. Upper and lower case are alike. Where a trial has
 * nothing of a name, {@code !=} and {@code not in} hold and every other comparison does not.
 */
public final class TrialFilter {

    /** What every trial passes. */
    public static final TrialFilter ALL = new TrialFilter(new FilterNode.Every());

    static final List<String> METRICS = List.of("val_accuracy", "val_loss", "val_macro_f1", "loss");

    static final List<String> FLAGS = List.of("pinned", "hidden");

    private static final List<String> FACTS = List.of(
            "state",
            "number",
            "rank",
            "epochs",
            "kept_epoch",
            "attempts",
            "seconds",
            "model_weights",
            "seed",
            "reason",
            "id");

    /** Those of the facts that are words; the others are numbers. */
    private static final List<String> WORDS = List.of("state", "reason", "id");

    private final FilterNode root;

    TrialFilter(FilterNode root) {
        this.root = root;
    }

    /**
     * Reads an expression with the names that every sweep knows.
     *
     * @throws FilterException saying what is wrong and where
     */
    public static TrialFilter parse(String expression) {
        return parse(expression, List.of());
    }

    /**
     * Reads an expression.
     *
     * @param more names of further metrics
     * @throws FilterException saying what is wrong and where
     */
    public static TrialFilter parse(String expression, Collection<String> more) {
        Set<String> names = new LinkedHashSet<>(names());
        names.addAll(more);
        return new TrialFilter(new FilterParser(expression, names).parse());
    }

    /** Returns the names that may be compared: parameters, metrics, and what else there is of every trial. */
    public static List<String> names() {
        Set<String> names = new LinkedHashSet<>(Parameters.names());
        names.addAll(METRICS);
        names.addAll(FACTS);
        names.addAll(FLAGS);
        return List.copyOf(names);
    }

    /** Says whether a name stands for a number in every sweep. */
    static boolean isNumber(String name) {
        return METRICS.contains(name) || (FACTS.contains(name) && !WORDS.contains(name));
    }

    /** Says whether a trial passes. */
    public boolean accepts(TrialFacts facts) {
        return root.accepts(facts);
    }

    /** Says whether every trial passes because nothing is asked. */
    public boolean isEmpty() {
        return root instanceof FilterNode.Every;
    }

    /** Returns the filter that trials pass if they pass both. */
    public TrialFilter and(TrialFilter other) {
        if (isEmpty()) {
            return other;
        }
        return other.isEmpty() ? this : new TrialFilter(FilterNode.All.of(List.of(root, other.root)));
    }

    /** Returns the expression in one way of writing it; reading it gives an equal filter. */
    @Override
    public String toString() {
        return root.text();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrialFilter filter && root.equals(filter.root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }
}
