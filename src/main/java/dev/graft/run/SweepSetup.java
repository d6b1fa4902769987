package dev.graft.run;

import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.WeightException;
import dev.graft.base.WeightFile;
import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.GarmentSet;
import dev.graft.data.ImageFolder;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureSource;
import dev.graft.features.FrozenBase;
import dev.graft.fetch.FetchException;
import dev.graft.fetch.Fetcher;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.search.Trials;
import dev.graft.spec.Problem;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * A sweep that is ready to run: images found and checked, trials made, planned, weights loaded.
 *
 * @param file the checked sweep file
 * @param sweepFolder where the file lies, for paths beside it
 * @param dataFolder where the images are
 * @param source the images with their augmentation
 * @param trials the trials, in order
 * @param plan what they share
 * @param weights the weights of every base they use, by the base's name
 * @param catalogue the bases
 */
public record SweepSetup(
        SweepFile.Parsed file,
        Path sweepFolder,
        Path dataFolder,
        FeatureSource source,
        List<Trial> trials,
        Plan plan,
        Map<String, BaseWeights> weights,
        Catalogue catalogue) {

    private static final String BUILTIN = "builtin:";
    private static final String GARMENTS = "garments";

    /** Copies the collections. */
    public SweepSetup {
        trials = List.copyOf(trials);
        weights = Map.copyOf(weights);
    }

    /**
     * Prepares a sweep.
     *
     * @param sweepFile where the file lies, for paths beside it
     * @param fetcher fetches images that the file names by address
     * @param maxTrials run only so many trials, from the first
     * @throws SweepFileException when the images, or weights of the user's own, are not what the file says; the user's
     *     fault
     * @throws WeightException when a base's official weights are missing or wrong
     * @throws FetchException when images cannot be fetched
     */
    public static SweepSetup prepare(
            SweepFile.Parsed file,
            Path sweepFile,
            Catalogue catalogue,
            Home home,
            Fetcher fetcher,
            OptionalInt maxTrials) {
        Sweep sweep = file.sweep();
        List<Trial> trials = Trials.of(sweep);
        if (maxTrials.isPresent()) {
            trials = trials.subList(0, Math.min(trials.size(), maxTrials.getAsInt()));
        }
        return prepare(file, sweepFile, catalogue, home, fetcher, trials, Optional.empty());
    }

    /**
     * Prepares given trials of a sweep; see the other method.
     *
     * @param known where the images were, if they were found before
     */
    static SweepSetup prepare(
            SweepFile.Parsed file,
            Path sweepFile,
            Catalogue catalogue,
            Home home,
            Fetcher fetcher,
            List<Trial> trials,
            Optional<Path> known) {
        Sweep sweep = file.sweep();
        Catalogue bases = beside(catalogue, sweepFile);
        Map<String, BaseWeights> weights = new TreeMap<>();
        List<Problem> problems = ownWeights(file, trials, bases, weights::put);
        Images images = datasetUnless(problems, file, sweepFile, home, fetcher, known);
        officialWeights(trials, bases, weights);
        FeatureSource source = new FeatureSource(images.dataset(), sweep.data(), sweep.seed(), sweep.precision());
        return new SweepSetup(
                file, folder(sweepFile), images.folder(), source, trials, Plan.of(trials), weights, bases);
    }

    /** Returns the same with the weights of some bases. */
    SweepSetup with(Map<String, BaseWeights> loaded) {
        return new SweepSetup(file, sweepFolder, dataFolder, source, trials, plan, loaded, catalogue);
    }

    /** Returns the same images and weights with other trials of the bases there are. */
    SweepSetup with(List<Trial> others) {
        return new SweepSetup(file, sweepFolder, dataFolder, source, others, Plan.of(others), weights, catalogue);
    }

    /**
     * Checks what a sweep file names and is to be on this machine, weights of the user's own and images, without fetching
     * anything.
     *
     * @return the images; empty where they are still to be fetched
     * @throws SweepFileException when either is not what the file says; the user's fault
     */
    public static Optional<Images> check(
            SweepFile.Parsed file, Path sweepFile, Catalogue catalogue, Home home, Fetcher offline) {
        List<Problem> problems =
                ownWeights(file, Trials.of(file.sweep()), beside(catalogue, sweepFile), (name, weights) -> {});
        if (problems.isEmpty() && toFetch(file, home).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(datasetUnless(problems, file, sweepFile, home, offline, Optional.empty()));
    }

    private static Catalogue beside(Catalogue catalogue, Path sweepFile) {
        return catalogue.beside(folder(sweepFile));
    }

    private static Path folder(Path sweepFile) {
        Path file = sweepFile.toAbsolutePath();
        return Optional.ofNullable(file.getParent()).orElse(file);
    }

    private static Set<String> baseNames(List<Trial> trials) {
        Set<String> names = new TreeSet<>();
        trials.forEach(trial -> names.add(trial.parameters().base()));
        return names;
    }

    /** Loads the weights of the user's own that trials use; returns what is wrong with them. */
    private static List<Problem> ownWeights(
            SweepFile.Parsed file, List<Trial> trials, Catalogue bases, BiConsumer<String, BaseWeights> loaded) {
        List<Problem> problems = new ArrayList<>();
        for (String name : baseNames(trials)) {
            if (bases.ownWeights(name).isPresent()) {
                try {
                    loaded.accept(name, bases.load(name));
                } catch (WeightException e) {
                    problems.add(file.at("parameters.base", String.valueOf(e.getMessage())));
                }
            }
        }
        return problems;
    }

    /** Loads all other weights; reports every base whose weights cannot be had at once. */
    private static void officialWeights(List<Trial> trials, Catalogue bases, Map<String, BaseWeights> weights) {
        List<String> missing = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (String name : baseNames(trials)) {
            if (!weights.containsKey(name)) {
                try {
                    weights.put(name, bases.load(name));
                } catch (WeightException | FetchException e) {
                    missing.add(name);
                    messages.add(name + ": " + e.getMessage());
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new WeightException(String.join("\n", messages) + "\n\nto get them beforehand: graft bases pull "
                    + String.join(" ", missing));
        }
    }

    /** Opens the images, or reports what is wrong with them together with other problems; then nothing is fetched. */
    private static Images datasetUnless(
            List<Problem> problems,
            SweepFile.Parsed file,
            Path sweepFile,
            Home home,
            Fetcher fetcher,
            Optional<Path> known) {
        if (problems.isEmpty()) {
            return dataset(file, sweepFile, home, fetcher, known);
        }
        List<Problem> all = new ArrayList<>(problems);
        if (toFetch(file, home).isEmpty()) {
            try {
                dataset(file, sweepFile, home, fetcher, known);
            } catch (SweepFileException e) {
                all.addAll(e.problems());
            }
        }
        all.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        throw new SweepFileException(all);
    }

    /**
     * The images of a sweep.
     *
     * @param folder where they are
     * @param dataset what was found there
     */
    public record Images(Path folder, Dataset dataset) {}

    /**
     * Finds and checks the images of a sweep, fetching them first where the file says so.
     *
     * @throws SweepFileException when they are not what the file says; the user's fault
     * @throws dev.graft.fetch.FetchException when they cannot be fetched or unpacked
     */
    public static Images dataset(SweepFile.Parsed file, Path sweepFile, Home home, Fetcher fetcher) {
        return dataset(file, sweepFile, home, fetcher, Optional.empty());
    }

    private static Images dataset(
            SweepFile.Parsed file, Path sweepFile, Home home, Fetcher fetcher, Optional<Path> known) {
        Path folder = ArchivedImages.folder(file, home, fetcher)
                .or(() -> known.filter(there -> Files.isDirectory(there) && !isBuiltin(file)))
                .orElseGet(() -> dataFolder(file, sweepFile, home));
        try {
            Sweep sweep = file.sweep();
            return new Images(
                    folder, ImageFolder.open(sweep.data(), folder, sweep.seed(), Optional.of(home.imageChecks())));
        } catch (DataException e) {
            String place = file.sweep().data().path().isEmpty() ? "data.url" : "data.path";
            throw new SweepFileException(List.of(file.at(place, String.valueOf(e.getMessage()))));
        }
    }

    /** Returns the address of images that are still to be fetched, or empty where nothing is. */
    public static Optional<String> toFetch(SweepFile.Parsed file, Home home) {
        return ArchivedImages.toFetch(file, home);
    }

    private static boolean isBuiltin(SweepFile.Parsed file) {
        return file.sweep().data().path().startsWith(BUILTIN);
    }

    private static Path dataFolder(SweepFile.Parsed file, Path sweepFile, Home home) {
        String path = file.sweep().data().path();
        if (!isBuiltin(file)) {
            return ImageFolder.resolve(path, Path.of("").toAbsolutePath(), folder(sweepFile));
        }
        if (!path.equals(BUILTIN + GARMENTS)) {
            throw new SweepFileException(
                    List.of(file.at("data.path", "must be a folder or " + BUILTIN + GARMENTS + ", but was " + path)));
        }
        Path folder = home.data().resolve(GARMENTS + "-v" + GarmentSet.VERSION);
        GarmentSet.ensure(folder);
        return folder;
    }

    /** Returns the bases whose weights {@code graft bases random} made up, so that results say nothing. */
    public List<String> madeUp() {
        return weights.keySet().stream()
                .filter(name -> catalogue.found(name).weights().origin() == WeightFile.Origin.PSEUDO_RANDOM)
                .sorted()
                .toList();
    }

    /** Returns the base of a pass or group, ready to give features. */
    public FrozenBase base(String name, int imageSize) {
        BaseWeights loaded = weights.get(name);
        if (loaded == null) {
            throw new IllegalArgumentException("no trial uses " + name);
        }
        return new FrozenBase(catalogue.entry(name).architecture(), loaded, imageSize);
    }

    /** Returns the value a group's trials share: the pooled end of the base, or the map at their cut. */
    public FeatureOutput output(FeatureGroup group) {
        FrozenBase base = base(group.base(), group.imageSize());
        return group.fineTuneDepth() == 0 ? base.headOutput(group.pooling()) : base.tailOutput(group.fineTuneDepth());
    }

    /** Returns every value a pass must yield: its groups' features, and what heads of tails train on first. */
    public List<FeatureOutput> outputs(FrozenPass pass) {
        FrozenBase base = base(pass.base(), pass.imageSize());
        List<FeatureOutput> outputs = new ArrayList<>();
        pass.headPoolings().forEach(pooling -> outputs.add(base.headOutput(pooling)));
        for (FeatureGroup group : pass.groups()) {
            FeatureOutput output = output(group);
            if (!outputs.contains(output)) {
                outputs.add(output);
            }
        }
        return outputs;
    }
}
