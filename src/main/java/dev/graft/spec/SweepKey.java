package dev.graft.spec;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key outside {@code parameters} that holds a single value: the table that the parser, the schema and the reference
 * share.
 *
 * @param path the dotted path of the key
 * @param rule what its value must be
 * @param fallback the default; null where there is none
 * @param fallbackText the default as the reference says it
 * @param meaning what it does
 */
record SweepKey(String path, Rule rule, @Nullable Object fallback, String fallbackText, String meaning) {

    static final int MOST_EPOCHS = 100_000;
    static final int MOST_TRIALS = 100_000;

    /** A year. */
    private static final int MOST_MINUTES = 366 * 24 * 60;

    private static final Rule EPOCHS = new Rule.Whole(1, MOST_EPOCHS);
    private static final Rule METRICS = Rule.Words.of("val_accuracy", "val_loss", "val_macro_f1");

    /** All of them, in the order of the reference. */
    static final List<SweepKey> ALL = List.of(
            new SweepKey(
                    "name",
                    new Rule.Text("letters, digits, `.`, `_`, `-`"),
                    null,
                    "the file's name",
                    "name of the sweep"),
            new SweepKey(
                    "data.path",
                    new Rule.Text("folder, or `builtin:garments`"),
                    null,
                    "required without `url`",
                    "the images; with `url`, the folder inside the archive"),
            new SweepKey(
                    "data.url",
                    new Rule.Text("http or https address"),
                    null,
                    "none",
                    "a zip or tar.gz of the images, fetched once"),
            new SweepKey("data.sha256", new Rule.Text("64 hex digits"), null, "required with `url`", "its SHA-256"),
            new SweepKey(
                    "data.split.validation",
                    new Rule.Real(0, false, 1, false),
                    null,
                    "required in `split`",
                    "fraction of each class kept for validation"),
            of("data.split.test", new Rule.Real(0, true, 1, false), 0.0, "fraction of each class kept for the test"),
            of("data.on_bad_image", Rule.Words.of("skip", "fail"), "skip", "what an unreadable image does"),
            new SweepKey(
                    "data.center_crop",
                    new Rule.Real(0, false, 1, true),
                    null,
                    "none: images are squeezed",
                    "fraction of an image's shorter side that is kept as a central square"),
            new SweepKey(
                    "data.max_images",
                    new Rule.Whole(2, Long.MAX_VALUE),
                    null,
                    "no limit",
                    "most images of all splits and classes together, each keeping its share"),
            of("method", Rule.Words.of("grid", "random"), "grid", "how trials are chosen"),
            of("metric.name", METRICS, "val_accuracy", "the metric that ranks trials, by their best epoch"),
            new SweepKey(
                    "metric.goal",
                    Rule.Words.of("maximize", "minimize"),
                    null,
                    "minimize for `val_loss`, else maximize",
                    "which direction is better"),
            of("epochs", EPOCHS, 30L, "most epochs of the first phase"),
            of("early_stopping.monitor", METRICS, "val_loss", "metric that must go on improving"),
            of("early_stopping.patience", EPOCHS, 3L, "epochs without improvement before a phase stops"),
            of(
                    "early_stopping.min_delta",
                    new Rule.Real(0, true, 1000, true),
                    0.001,
                    "least change that is an improvement"),
            of("early_stopping.restore_best", new Rule.Flag(), true, "keep the weights of the best epoch"),
            of(
                    "fine_tune.learning_rate_factor",
                    new Rule.Real(0, false, 1, true),
                    0.1,
                    "what the learning rate is multiplied with in the second phase"),
            new SweepKey(
                    "fine_tune.learning_rate",
                    new Rule.Real(0, false, 10, true),
                    null,
                    "`learning_rate` times the factor",
                    "learning rate of the second phase, in place of the factor"),
            new SweepKey(
                    "fine_tune.optimizer",
                    Parameter.OPTIMIZER.rule(),
                    null,
                    "`optimizer`",
                    "optimizer of the second phase"),
            new SweepKey("fine_tune.epochs", EPOCHS, null, "`epochs`", "most epochs of the second phase"),
            of("seed", new Rule.Whole(0, Long.MAX_VALUE), 42L, "what every random choice derives from"),
            of("repeats", new Rule.Whole(1, 1000), 1L, "trials per combination, with different seeds"),
            of(
                    "retry.max_attempts",
                    new Rule.Whole(1, 100),
                    2L,
                    "attempts in all at a trial whose worker process dies, or that fails unexpectedly"),
            new SweepKey(
                    "run_cap",
                    new Rule.Whole(1, MOST_TRIALS),
                    null,
                    "required for random, no limit for grid",
                    "most combinations"),
            of(
                    "keep_models",
                    new Rule.WholeOr(0, MOST_TRIALS, "all"),
                    3L,
                    "trials, best first, whose trained weights are kept"),
            new SweepKey(
                    "max_failed_trials",
                    new Rule.Whole(0, MOST_TRIALS),
                    null,
                    "no limit",
                    "failed or crashed trials that are borne; one more ends the sweep"),
            new SweepKey(
                    "max_trial_minutes",
                    new Rule.Real(0, false, MOST_MINUTES, true),
                    null,
                    "no limit",
                    "minutes after which an attempt at a trial counts as stuck and is ended"),
            new SweepKey(
                    "cache.max_bytes",
                    new Rule.Bytes(),
                    null,
                    "`GRAFT_CACHE_MAX_BYTES`, or no limit",
                    "size of the feature store over which the least recently used features are deleted"),
            of(
                    "cache.precision",
                    Rule.Words.of("float32", "float16"),
                    "float32",
                    "numbers in which features are stored"));

    private static SweepKey of(String path, Rule rule, Object fallback, String meaning) {
        String text = fallback instanceof Double d ? Rule.plain(d) : fallback.toString();
        return new SweepKey(path, rule, fallback, text, meaning);
    }

    static Optional<SweepKey> find(String path) {
        return ALL.stream().filter(k -> k.path.equals(path)).findFirst();
    }
}
