package dev.graft.base;

import dev.graft.fetch.Download;
import dev.graft.fetch.Fetched;
import dev.graft.fetch.Fetcher;
import dev.graft.spec.BaseFacts;
import dev.graft.spec.BaseName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bases a sweep may name, and where their weights are found on this machine. */
public final class Catalogue implements BaseFacts {

    /** What made-up or converted weights are called: the base's name and this. */
    public static final String SAFETENSORS = ".safetensors";

    private static final Path WORKING_DIRECTORY = Path.of("");

    /**
     * One base.
     *
     * @param name the name that sweep files, trials and records use
     * @param architecture its network
     * @param weights the file with its weights
     */
    public record Entry(String name, Architecture architecture, WeightFile weights) {

        /** Says whether the weights ship with Graft. */
        public boolean embedded() {
            return weights.embedded();
        }

        /** Returns where the weights come from. */
        public String source() {
            return weights.source();
        }

        /** Returns the weights' licence. */
        public String licence() {
            return weights.licence();
        }

        /** Returns how many blocks {@code fine_tune_depth} may count. */
        public int blocks() {
            return Catalogue.blocks(architecture);
        }
    }

    /** Known once asked for: to count blocks, a network is written down. */
    private static final Map<String, Facts> FACTS = new ConcurrentHashMap<>();

    private final List<Path> folders;
    private final List<Path> ownFolders;
    private final Optional<Fetcher> fetcher;

    /**
     * Looks for weight files in the given folders, in this order, and fetches none.
     *
     * @param folders folders that hold official files under their official names; they need not exist
     */
    public Catalogue(List<Path> folders) {
        this(folders, List.of(WORKING_DIRECTORY), Optional.empty());
    }

    /** Does the same, but fetches what is missing, into the last folder, when it is needed. */
    public Catalogue(List<Path> folders, Fetcher fetcher) {
        this(folders, List.of(WORKING_DIRECTORY), Optional.of(fetcher));
    }

    private Catalogue(List<Path> folders, List<Path> ownFolders, Optional<Fetcher> fetcher) {
        this.folders = List.copyOf(folders);
        this.ownFolders = List.copyOf(ownFolders);
        this.fetcher = fetcher;
    }

    /** Returns where official weights are looked for, in this order. */
    public List<Path> folders() {
        return folders;
    }

    /** Returns a catalogue that looks for weights of users' own also in a folder: that of the sweep file naming them. */
    public Catalogue beside(Path folder) {
        return new Catalogue(folders, List.of(WORKING_DIRECTORY, folder), fetcher);
    }

    @Override
    public List<String> names() {
        return List.copyOf(Architectures.names());
    }

    /** Returns every base with official weights, every width, by name. */
    public List<Entry> entries() {
        return Architectures.official().stream()
                .map(architecture -> entry(architecture.name()))
                .sorted(Comparator.comparing(Entry::name))
                .toList();
    }

    @Override
    public Optional<Facts> find(String name) {
        return Architectures.names().contains(name)
                ? Optional.of(FACTS.computeIfAbsent(name, Catalogue::facts))
                : Optional.empty();
    }

    private static Facts facts(String name) {
        Architecture architecture = Architectures.of(name, 1).orElseThrow();
        return new Facts(architecture.minimumSize(), blocks(architecture), Architectures.officialAlphas(name));
    }

    private static int blocks(Architecture architecture) {
        return architecture.network(architecture.minimumSize()).blocks().size();
    }

    /**
     * Returns the base of a name that a checked sweep file holds; see {@link BaseName}.
     *
     * @throws IllegalArgumentException when there is no such base; a bug, since sweep files are checked
     */
    public Entry entry(String name) {
        BaseName parts = BaseName.parse(name);
        Architecture architecture = Architectures.of(parts.architecture(), parts.alpha())
                .orElseThrow(() -> new IllegalArgumentException("there is no base " + name));
        WeightFile weights = parts.weights()
                .map(WeightFile::own)
                .or(() -> WeightFiles.of(architecture.name()))
                .orElseThrow(() -> new IllegalArgumentException("there are no official weights of " + name));
        return new Entry(name, architecture, weights);
    }

    /** Returns the base of a name with the weights that are on this machine, which may stand in for the official ones. */
    public Entry found(String name) {
        Entry entry = entry(name);
        return weightFile(entry)
                .filter(file -> !file.endsWith(entry.weights().fileName()))
                .map(file -> new Entry(name, entry.architecture(), WeightFile.standIn(file)))
                .orElse(entry);
    }

    /** Returns where weights of a user's own lie, as the name says, or empty for official ones. */
    public Optional<Path> ownWeights(String name) {
        return BaseName.parse(name).weights().map(own -> {
            List<Path> places = ownFolders.stream()
                    .map(folder -> folder.resolve(own).toAbsolutePath().normalize())
                    .toList();
            return places.stream().filter(Files::exists).findFirst().orElse(places.get(0));
        });
    }

    /**
     * Returns the file with a base's official weights, or empty where it is embedded or missing: the official file, or one
     * called {@code NAME.safetensors}.
     */
    public Optional<Path> weightFile(Entry entry) {
        return entry.embedded()
                ? Optional.empty()
                : folders.stream()
                        .flatMap(folder -> Stream.of(
                                folder.resolve(entry.weights().fileName()), folder.resolve(entry.name() + SAFETENSORS)))
                        .filter(Files::isRegularFile)
                        .findFirst();
    }

    /**
     * Loads and checks a base's weights, fetching them first where they are missing.
     *
     * @throws WeightException when the file is missing and must not be fetched, telling where to put it, or is wrong
     * @throws dev.graft.fetch.FetchException when it cannot be fetched
     */
    public BaseWeights load(String name) {
        Entry entry = entry(name);
        Optional<Path> own = ownWeights(name);
        if (own.isPresent()) {
            return BaseWeights.read(entry.architecture(), own.get());
        }
        if (entry.embedded()) {
            return BaseWeights.embedded(entry.architecture(), entry.weights().fileName());
        }
        Optional<Path> file = weightFile(entry);
        if (file.isPresent()) {
            official(entry, file.get());
            return BaseWeights.read(entry.architecture(), file.get());
        }
        return fetch(entry);
    }

    /** Checks that a file of the official name is the official one, as far as anyone can tell. */
    private Optional<Fetched> official(Entry entry, Path file) {
        return file.endsWith(entry.weights().fileName())
                ? fetcher.flatMap(f -> f.check(download(entry), file))
                : Optional.empty();
    }

    /**
     * Makes sure that the weights of a base are in one of the folders, and right as far as anyone can tell.
     *
     * @return the file, or empty for an embedded base, and for a file that is there where nothing is fetched or checked
     * @throws WeightException when the file is missing and must not be fetched
     * @throws dev.graft.fetch.FetchException when it cannot be fetched, or the file that is there is not the official one
     */
    public Optional<Fetched> pull(String name) {
        Entry entry = entry(name);
        if (entry.embedded()) {
            return Optional.empty();
        }
        Optional<Path> there = folders.stream()
                .map(folder -> folder.resolve(entry.weights().fileName()))
                .filter(Files::isRegularFile)
                .findFirst();
        if (there.isPresent()) {
            return official(entry, there.get());
        }
        Fetched fetched = download(fetcher.orElseThrow(() -> new WeightException(missing(entry))), entry);
        readFetched(entry, fetched);
        return Optional.of(fetched);
    }

    private BaseWeights fetch(Entry entry) {
        return readFetched(entry, download(fetcher.orElseThrow(() -> new WeightException(missing(entry))), entry));
    }

    private Fetched download(Fetcher from, Entry entry) {
        Path folder = folders.get(folders.size() - 1);
        return from.fetchOfficial(
                download(entry), folder.resolve(entry.weights().fileName()));
    }

    /** Reads a file that was fetched just now; one without a published digest may be anything, a web page for example. */
    private BaseWeights readFetched(Entry entry, Fetched fetched) {
        try {
            return BaseWeights.read(entry.architecture(), fetched.file());
        } catch (WeightException e) {
            fetcher.ifPresent(f -> f.discard(fetched.file()));
            throw new WeightException(
                    "what came from " + download(entry).shown() + " was removed again: " + e.getMessage(), e);
        }
    }

    private Download download(Entry entry) {
        WeightFile file = entry.weights();
        return new Download(file.address().orElseThrow(), file.bytes(), file.checksum(), missing(entry));
    }

    /** Says what to do about missing weights. */
    public String missing(Entry entry) {
        WeightFile file = entry.weights();
        String address = file.address().map(Object::toString).orElse(file.source());
        return "the weights of " + entry.name() + " are not on this machine: get " + address
                + (address.endsWith("/" + file.fileName()) ? "" : ", call it " + file.fileName() + ",")
                + " and put it into one of: "
                + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                + " (or name its folder with --weights DIR)";
    }
}
