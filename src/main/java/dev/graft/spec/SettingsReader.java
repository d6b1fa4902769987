package dev.graft.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the root of a sweep file into a {@link Sweep}. */
final class SettingsReader {

    /** Keys of W&B sweep files that say how W&B runs things; read over, with a warning. */
    static final List<String> IGNORED = List.of(
            "program",
            "command",
            "project",
            "entity",
            "description",
            "controller",
            "job",
            "image_uri",
            "apiVersion",
            "kind");

    static final List<String> IGNORED_OF_METRIC = List.of("target", "impute", "impute_while_running");

    private static final Set<String> OTHER_METHODS = Set.of("bayes", "genetic", "custom");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Map<String, String> HINTS = Map.of(
            "early_terminate",
            "is not supported: this version does grid and random search, and runs every trial to its own early_stopping",
            "scheduler",
            "is not supported: this version does grid and random search",
            "hyperparameters",
            "is not a known key; did you mean parameters?",
            "dataset",
            "is not a known key; did you mean data?");

    private final Problems problems;
    private final BaseFacts bases;

    SettingsReader(Problems problems, BaseFacts bases) {
        this.problems = problems;
        this.bases = bases;
    }

    /** Returns the sweep, which is good only if no problem was reported. */
    Sweep read(Value document) {
        Section root = new Section(problems, "", document, document.entries());
        Map<String, String> hints = Section.hints(Parameter.keys(), "belongs under parameters");
        hints.putAll(HINTS);
        List<String> known = new ArrayList<>(IGNORED);
        known.addAll(List.of("parameters", "exclude"));
        root.checkKeys(known, hints);
        root.ignore(IGNORED, Map.of());
        Method method = method(root);
        SweepData data = new DataReader(problems).read(root);
        Metric metric = metric(root);
        ParametersReader parameters = new ParametersReader(problems, bases, method);
        parameters.read(root);
        long epochs = root.whole("epochs");
        int repeats = (int) root.whole("repeats");
        EarlyStopping earlyStopping = earlyStopping(root, epochs);
        FineTune fineTune = fineTune(root, epochs);
        Section retry = root.open("retry", "retry: {max_attempts: 2}");
        retry.checkKeys(List.of(), Map.of());
        int runCap = runCap(root, method);
        Section cache = root.open("cache", "cache: {max_bytes: 20 GB}");
        cache.checkKeys(List.of(), Map.of());
        checkSize(root, method, parameters.spaces(), runCap, repeats);
        return new Sweep(
                name(root),
                data,
                method,
                metric,
                parameters.spaces(),
                parameters.exclude(),
                (int) epochs,
                earlyStopping,
                fineTune,
                root.whole("seed"),
                repeats,
                new Retry((int) retry.whole("max_attempts")),
                runCap,
                keepModels(root),
                whole(root, "max_failed_trials"),
                root.read("max_trial_minutes").map(minutes -> time((Double) minutes)),
                cache.read("max_bytes")
                        .map(bytes -> OptionalLong.of((Long) bytes))
                        .orElse(OptionalLong.empty()),
                FeaturePrecision.of((String) cache.value("precision")));
    }

    private static OptionalInt keepModels(Section root) {
        return root.value("keep_models") instanceof Long models
                ? OptionalInt.of(models.intValue())
                : OptionalInt.empty();
    }

    private static OptionalInt whole(Section root, String key) {
        return root.read(key)
                .map(number -> OptionalInt.of(((Long) number).intValue()))
                .orElse(OptionalInt.empty());
    }

    /** Returns a time of at least a millisecond. */
    private static Duration time(double minutes) {
        return Duration.ofMillis(Math.max(1, Math.round(minutes * 60_000)));
    }

    private String name(Section root) {
        String file = problems.file().replace('\\', '/');
        String last = file.substring(file.lastIndexOf('/') + 1);
        String stem = last.contains(".") ? last.substring(0, last.lastIndexOf('.')) : last;
        String fallback = cleaned(stem);
        if (!root.has("name")) {
            return fallback;
        }
        String name = (String) root.read("name").orElse(fallback);
        if (!NAME.matcher(name).matches()) {
            root.find("name")
                    .ifPresent(at -> problems.error(
                            at,
                            "must be up to 100 letters, digits, '.', '_' and '-', starting with a letter or digit, but was "
                                    + Value.quote(name) + "; write " + cleaned(name)));
        }
        return name;
    }

    /** Turns any text into a name that is allowed. */
    private static String cleaned(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+|-+$", "");
        return plain.isEmpty() ? "sweep" : plain.substring(0, Math.min(100, plain.length()));
    }

    private Method method(Section root) {
        Optional<Value> at = root.find("method");
        if (at.isPresent() && at.get().content() instanceof String word && OTHER_METHODS.contains(word)) {
            problems.error(at.get(), "does not support " + word + ": this version does grid and random search");
            // Ranges are fine with these methods, and should not add complaints about grids.
            return Method.RANDOM;
        }
        return Method.valueOf(root.word("method").toUpperCase(Locale.ROOT));
    }

    private Metric metric(Section root) {
        Section metric = root.open("metric", "metric: {name: val_accuracy}");
        metric.checkKeys(IGNORED_OF_METRIC, Map.of());
        metric.ignore(IGNORED_OF_METRIC, Map.of("target", "is not used: every trial runs, whatever the others reach"));
        String name = metric.word("name");
        boolean loss = name.equals("val_loss");
        String natural = loss ? "minimize" : "maximize";
        String goal = (String) metric.read("goal").orElse(natural);
        if (!goal.equals(natural)) {
            metric.find("goal")
                    .ifPresent(at -> problems.warn(
                            at,
                            "ranks the worst trials first: less " + name + " is " + (loss ? "better" : "worse")
                                    + "; write goal: " + natural));
        }
        return new Metric(name, Metric.Goal.valueOf(goal.toUpperCase(Locale.ROOT)));
    }

    private EarlyStopping earlyStopping(Section root, long epochs) {
        Optional<Value> at = root.find("early_stopping");
        boolean flag = at.isPresent() && at.get().content() instanceof Boolean;
        boolean enabled = !flag || Boolean.TRUE.equals(at.get().content());
        Section section = flag
                ? new Section(problems, "early_stopping.", at.get(), Map.of())
                : root.open("early_stopping", "early_stopping: {patience: 3}, or false");
        section.checkKeys(List.of(), Map.of());
        long patience = section.whole("patience");
        if (patience >= epochs && section.has("patience")) {
            section.find("patience")
                    .ifPresent(v -> problems.warn(v, "never stops a phase: it is not below epochs, " + epochs));
        }
        return new EarlyStopping(
                enabled,
                section.word("monitor"),
                (int) patience,
                section.real("min_delta"),
                section.flag("restore_best"));
    }

    private FineTune fineTune(Section root, long epochs) {
        Section section = root.open("fine_tune", "fine_tune: {learning_rate_factor: 0.1}");
        section.checkKeys(List.of(), Map.of());
        long own = (Long) section.read("epochs").orElse(epochs);
        Optional<Object> rate = section.read("learning_rate");
        if (section.has("learning_rate")) {
            section.find("learning_rate_factor")
                    .ifPresent(at -> problems.error(at, "does not go with fine_tune.learning_rate; keep one of them"));
        }
        return new FineTune(
                section.real("learning_rate_factor"),
                (int) own,
                rate.map(r -> OptionalDouble.of((Double) r)).orElse(OptionalDouble.empty()),
                section.read("optimizer")
                        .map(word -> TrialParameters.Optimizer.valueOf(((String) word).toUpperCase(Locale.ROOT))));
    }

    private int runCap(Section root, Method method) {
        if (method == Method.RANDOM && !root.has("run_cap") && isRandom(root)) {
            root.missing("run_cap", "run_cap: 20, the number of draws");
        }
        return ((Long) root.read("run_cap").orElse(0L)).intValue();
    }

    private static boolean isRandom(Section root) {
        return root.find("method").filter(v -> "random".equals(v.content())).isPresent();
    }

    private void checkSize(Section root, Method method, Map<String, ParameterSpace> spaces, int runCap, int repeats) {
        long combinations = method == Method.RANDOM ? runCap : Combinations.count(spaces.values());
        if (method == Method.GRID && combinations > SweepKey.MOST_TRIALS) {
            root.find("parameters")
                    .ifPresent(at -> problems.error(
                            at,
                            String.format(
                                    Locale.ROOT,
                                    "must make at most %,d combinations, but makes %,d; use fewer values, or method: random",
                                    SweepKey.MOST_TRIALS,
                                    combinations)));
            return;
        }
        long trials = (runCap > 0 ? Math.min(runCap, combinations) : combinations) * repeats;
        if (trials > SweepKey.MOST_TRIALS) {
            root.find("repeats")
                    .ifPresent(at -> problems.error(
                            at,
                            String.format(
                                    Locale.ROOT,
                                    "must make at most %,d trials, but makes %,d with the combinations",
                                    SweepKey.MOST_TRIALS,
                                    trials)));
        }
    }
}
