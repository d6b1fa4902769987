package dev.graft.base;

import dev.graft.fetch.Download;
import dev.graft.fetch.Fetched;
import dev.graft.fetch.Fetcher;
import dev.graft.spec.BaseFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The bases a sweep may name, and where their weights are found on this machine. */
public final class Catalogue implements BaseFacts {

    /**
     * One base.
     *
     * @param architecture its network
     * @param weights the official file with its weights
     */
    public record Entry(Architecture architecture, WeightFile weights) {

        static Entry of(Architecture architecture) {
            return new Entry(architecture, WeightFiles.of(architecture.name()).orElseThrow());
        }

        /** Returns the name a sweep file uses. */
        public String name() {
            return architecture.name();
        }

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
    }

    private static final List<Entry> ENTRIES =
            List.of(Entry.of(new MobileNetV2()), Entry.of(new Sprout()), Entry.of(new SqueezeNet()));

    private final Map<String, Entry> byName = new TreeMap<>();
    private final Map<String, Facts> facts = new TreeMap<>();
    private final List<Path> folders;
    private final Optional<Fetcher> fetcher;

    /**
     * Looks for weight files in the given folders, in this order, and fetches none.
     *
     * @param folders folders that hold official files under their official names; they need not exist
     */
    public Catalogue(List<Path> folders) {
        this(folders, Optional.empty());
    }

    /** Does the same, but fetches what is missing, into the last folder, when it is needed. */
    public Catalogue(List<Path> folders, Fetcher fetcher) {
        this(folders, Optional.of(fetcher));
    }

    private Catalogue(List<Path> folders, Optional<Fetcher> fetcher) {
        this.folders = List.copyOf(folders);
        this.fetcher = fetcher;
        ENTRIES.forEach(entry -> {
            byName.put(entry.name(), entry);
            facts.put(entry.name(), facts(entry.architecture()));
        });
    }

    @Override
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    @Override
    public Optional<Facts> find(String name) {
        return Optional.ofNullable(facts.get(name));
    }

    private static Facts facts(Architecture architecture) {
        int size = Math.max(224, architecture.minimumSize());
        return new Facts(
                architecture.minimumSize(), architecture.network(size).blocks().size());
    }

    /** Returns the entry of a known name. */
    public Entry entry(String name) {
        Entry entry = byName.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("there is no base " + name);
        }
        return entry;
    }

    /** Returns the file with a base's weights, or empty where it is embedded or missing. */
    public Optional<Path> weightFile(Entry entry) {
        return entry.embedded()
                ? Optional.empty()
                : folders.stream()
                        .map(folder -> folder.resolve(entry.weights().fileName()))
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
        if (entry.embedded()) {
            return BaseWeights.embedded(entry.architecture(), entry.weights().fileName());
        }
        Path file = weightFile(entry)
                .orElseGet(() -> fetch(entry)
                        .orElseThrow(() -> new WeightException(missing(entry)))
                        .file());
        return BaseWeights.read(entry.architecture(), file);
    }

    /**
     * Makes sure that the weights of a base are in one of the folders, and right as far as anyone can tell.
     *
     * @return the file, or empty for an embedded base
     * @throws WeightException when the file is missing and must not be fetched
     * @throws dev.graft.fetch.FetchException when it cannot be fetched, or the file that is there is not the official one
     */
    public Optional<Fetched> pull(String name) {
        Entry entry = entry(name);
        if (entry.embedded()) {
            return Optional.empty();
        }
        Optional<Path> there = weightFile(entry);
        if (there.isPresent() && fetcher.isPresent()) {
            return fetcher.get().check(download(entry), there.get());
        }
        return Optional.of(fetch(entry).orElseThrow(() -> new WeightException(missing(entry))));
    }

    private Optional<Fetched> fetch(Entry entry) {
        Path folder = folders.get(folders.size() - 1);
        return fetcher.map(f ->
                f.fetchOfficial(download(entry), folder.resolve(entry.weights().fileName())));
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
