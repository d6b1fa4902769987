package dev.graft.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads {@code data}. */
final class DataReader {

    static final String EXAMPLE = "data: {path: my-images}";
    static final Rule VIEWS = new Rule.Whole(1, 1000);
    private static final Rule CLASS = new Rule.Text("name of a class folder");
    static final List<String> FLIPS = List.of("horizontal_flip", "vertical_flip");

    private final Problems problems;

    DataReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns what the amount must be for a change that takes one, or empty for one that takes none. */
    static Optional<Rule.Real> amountRule(SweepData.Augmentation.Kind kind) {
        return switch (kind) {
            case HORIZONTAL_FLIP, VERTICAL_FLIP -> Optional.empty();
            case ROTATION -> Optional.of(new Rule.Real(0, false, 180, true));
            case SHEAR -> Optional.of(new Rule.Real(0, false, 60, true));
            case RANDOM_RESIZED_CROP -> Optional.of(new Rule.Real(0, false, 1, true));
            case ZOOM, SHIFT, BRIGHTNESS, CONTRAST -> Optional.of(new Rule.Real(0, false, 1, false));
        };
    }

    static Optional<Rule.Real> amountRule(String kind) {
        return amountRule(kind(kind));
    }

    static List<String> kinds() {
        return List.of(SweepData.Augmentation.Kind.values()).stream()
                .map(k -> k.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    SweepData read(Section root) {
        if (!root.has("data")) {
            root.missing("data", EXAMPLE);
            return new SweepData("", Optional.empty(), List.of(), 1, SweepData.OnBadImage.SKIP);
        }
        Section data = root.open("data", EXAMPLE);
        data.checkKeys(List.of("augment", "views", "classes"), Map.of());
        if (!data.has("path")
                && !data.has("url")
                && root.find("data").filter(Value::isMap).isPresent()) {
            data.missing("path", "path: my-images");
        }
        String path = (String) data.read("path").orElse("");
        Optional<SweepData.Archive> archive = new ArchiveReader(problems).read(data);
        List<SweepData.Augmentation> augment =
                data.find("augment").map(this::augment).orElse(List.of());
        return new SweepData(
                path,
                split(data),
                augment,
                views(data),
                SweepData.OnBadImage.valueOf(data.word("on_bad_image").toUpperCase(Locale.ROOT)),
                data.read("center_crop").map(c -> OptionalDouble.of((Double) c)).orElse(OptionalDouble.empty()),
                data.find("classes").map(this::classes).orElse(List.of()),
                data.read("max_images")
                        .map(most -> OptionalLong.of((Long) most))
                        .orElse(OptionalLong.empty()),
                archive);
    }

    private List<String> classes(Value at) {
        if (!at.isList()) {
            problems.error(at, "must be a list, but was " + at.found() + "; write classes: [cats, dogs]");
            return List.of();
        }
        List<String> classes = new ArrayList<>();
        for (Value item : at.items()) {
            Object name = CLASS.read(item, problems);
            if (name != null && classes.contains(name)) {
                problems.error(item, "repeats " + Value.quote((String) name));
            } else if (name != null) {
                classes.add((String) name);
            }
        }
        if (at.items().size() < 2) {
            problems.error(
                    at,
                    "must name at least two classes, but names " + at.items().size() + "; leave it out to use all");
        }
        return classes;
    }

    static Map<String, Object> classesSchema() {
        return Map.of(
                "type",
                "array",
                "items",
                CLASS.schema(),
                "minItems",
                2,
                "uniqueItems",
                true,
                "description",
                "The class folders to use; all of them by default.");
    }

    private Optional<SweepData.Split> split(Section data) {
        if (!data.has("split")) {
            return Optional.empty();
        }
        Section split = data.open("split", "split: {validation: 0.15, test: 0.15}");
        split.checkKeys(List.of(), Map.of());
        boolean map = data.find("split").filter(Value::isMap).isPresent();
        if (map && !split.has("validation")) {
            split.missing("validation", "validation: 0.15");
        }
        Optional<Object> validation = split.read("validation");
        double test = split.real("test");
        if (validation.isEmpty()) {
            return Optional.empty();
        }
        double sum = (Double) validation.get() + test;
        if (sum >= 1) {
            data.find("split")
                    .ifPresent(at -> problems.error(
                            at,
                            "must leave images to train on: validation + test must be < 1, but was "
                                    + Rule.plain(sum)));
        }
        return Optional.of(new SweepData.Split((Double) validation.get(), test));
    }

    /** Returns the views, 0 for live; anything but one view needs a random change, or all views would be the same. */
    private int views(Section data) {
        Optional<Value> at = data.find("views");
        boolean augmented = data.find("augment")
                .filter(v -> !v.isList() || !v.items().isEmpty())
                .isPresent();
        if (at.isEmpty()) {
            data.find("augment")
                    .filter(v -> augmented)
                    .ifPresent(
                            v -> problems.warn(
                                    v,
                                    "makes one changed view of each image and uses it in every epoch; write views: 4, or views: live"));
            return 1;
        }
        Value value = at.get();
        int views = 0;
        if (!"live".equals(value.content())) {
            if (!(value.content() instanceof Number)) {
                problems.error(value, "must be a whole number or live, but was " + value.found());
                return 1;
            }
            Object read = VIEWS.read(value, problems);
            if (read == null) {
                return 1;
            }
            views = ((Long) read).intValue();
        }
        if (views != 1 && !augmented) {
            problems.error(
                    value,
                    "must be 1 without data.augment, because all views would be the same, but was " + value.text());
        }
        return views;
    }

    private List<SweepData.Augmentation> augment(Value at) {
        if (!at.isList()) {
            problems.error(
                    at, "must be a list, but was " + at.found() + "; write augment: [horizontal_flip, {rotation: 10}]");
            return List.of();
        }
        List<SweepData.Augmentation> changes = new ArrayList<>();
        for (Value item : at.items()) {
            SweepData.Augmentation change = change(item);
            if (change == null) {
                continue;
            }
            if (changes.stream().anyMatch(c -> c.kind() == change.kind())) {
                problems.error(item, "repeats " + change.kind().name().toLowerCase(Locale.ROOT));
            }
            changes.add(change);
        }
        return changes;
    }

    private SweepData.@Nullable Augmentation change(Value item) {
        if (item.isMap()) {
            if (item.entries().size() != 1) {
                problems.error(
                        item,
                        "must name one change, as in {rotation: 10}, but names "
                                + item.entries().size());
                return null;
            }
            Map.Entry<String, Value.Entry> only =
                    item.entries().entrySet().iterator().next();
            Value.Entry amount = only.getValue();
            if (!kinds().contains(only.getKey())) {
                problems.error(
                        amount.line(),
                        amount.column(),
                        amount.value().path(),
                        "is not a known change" + Suggestion.of(only.getKey(), kinds()));
                return null;
            }
            return amount(kind(only.getKey()), amount.value());
        }
        Object word = new Rule.Words(kinds()).read(item, problems);
        if (word == null) {
            return null;
        }
        SweepData.Augmentation.Kind kind = kind((String) word);
        if (amountRule(kind).isPresent()) {
            problems.error(item, "needs an amount; write {" + word + ": " + exampleAmount(kind) + "}");
            return null;
        }
        return new SweepData.Augmentation(kind, 0);
    }

    private static String exampleAmount(SweepData.Augmentation.Kind kind) {
        return switch (kind) {
            case ROTATION, SHEAR -> "10";
            case RANDOM_RESIZED_CROP -> "0.8";
            default -> "0.1";
        };
    }

    private SweepData.@Nullable Augmentation amount(SweepData.Augmentation.Kind kind, Value value) {
        Optional<Rule.Real> rule = amountRule(kind);
        if (rule.isEmpty()) {
            problems.error(value, "takes no amount; write " + kind.name().toLowerCase(Locale.ROOT));
            return null;
        }
        Object amount = rule.get().read(value, problems);
        return amount == null ? null : new SweepData.Augmentation(kind, (Double) amount);
    }

    private static SweepData.Augmentation.Kind kind(String word) {
        return SweepData.Augmentation.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
