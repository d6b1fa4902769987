package dev.graft.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters a sweep may vary: what each may be, its default, and what it means. */
@SuppressWarnings("ImmutableEnumChecker") // rules and defaults are immutable, but their types do not say so
enum Parameter {
    BASE(new Rule.Text("name of a base, or a map, see below"), null, "the pretrained network"),
    IMAGE_SIZE(new Rule.Whole(1, 2048), 224L, "side in pixels of the square the images are resized to"),
    LEARNING_RATE(new Rule.Real(0, false, 10, true), 0.001, "learning rate of the first phase"),
    DROPOUT(new Rule.Real(0, true, 1, false), 0.0, "fraction of units dropped after each dense layer"),
    FINE_TUNE_DEPTH(new Rule.Whole(0, 1000), 0L, "blocks, from the end of the base, trained in the second phase"),
    DENSE_UNITS(new Rule.Widths(8, 65_536), 0L, "widths of the head's dense layers"),
    ACTIVATION(
            Rule.Words.of("relu", "gelu", "tanh", "elu", "swish", "identity"),
            "relu",
            "activation of the dense layers"),
    POOLING(Rule.Words.of("avg", "max", "flatten"), "avg", "how the base's last map becomes a vector"),
    OPTIMIZER(Rule.Words.of("adam", "adamw", "sgd", "rmsprop"), "adam", "optimizer of both phases"),
    MOMENTUM(new Rule.Real(0, true, 1, false), null, "momentum of `sgd` and `rmsprop`") {
        @Override
        String fallbackText() {
            return "0.9 for `sgd`, 0 for `rmsprop`";
        }
    },
    WEIGHT_DECAY(new Rule.Real(0, true, 10, true), null, "decoupled for `adamw`, an L2 term otherwise") {
        @Override
        String fallbackText() {
            return "0.01 for `adamw`, else 0";
        }
    },
    BATCH_SIZE(new Rule.Whole(1, 65_536), 32L, "training images per step"),
    LEARNING_RATE_SCHEDULE(
            Rule.Words.of("constant", "step", "cosine"), "constant", "how the learning rate changes within a phase"),
    STEP_EVERY(new Rule.Whole(1, 100_000), 10L, "epochs between two steps of the `step` schedule"),
    STEP_FACTOR(new Rule.Real(0, false, 1, true), 0.1, "what a step multiplies the learning rate with"),
    CLASS_WEIGHTS(Rule.Words.of("none", "balanced"), "none", "how the loss weighs classes");

    private final Rule rule;
    private final @Nullable Object fallback;
    private final String meaning;

    Parameter(Rule rule, @Nullable Object fallback, String meaning) {
        this.rule = rule;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /** Returns the name in sweep files. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Rule rule() {
        return rule;
    }

    /** Returns the default; empty where there is none or where it depends on another parameter. */
    Optional<Object> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** Describes the default for the reference. */
    String fallbackText() {
        return fallback == null ? "required" : fallback instanceof Double d ? Rule.plain(d) : fallback.toString();
    }

    String meaning() {
        return meaning;
    }

    /** Says whether its values are whole numbers. */
    boolean whole() {
        return rule instanceof Rule.Whole || rule instanceof Rule.Widths;
    }

    /** Says whether ranges of numbers make sense for it. */
    boolean numeric() {
        return whole() || rule instanceof Rule.Real;
    }

    static Optional<Parameter> find(String key) {
        return Arrays.stream(values()).filter(p -> p.key().equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(Parameter::key).toList();
    }
}
