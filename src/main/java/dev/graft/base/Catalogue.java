package dev.graft.base;

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
     * @param weightFile the official file's name, or a class-path resource for an embedded base
     * @param embedded whether the weights ship with Graft
     * @param source where the weights come from
     * @param licence the weights' licence
     */
    public record Entry(Architecture architecture, String weightFile, boolean embedded, String source, String licence) {

        /** Returns the name a sweep file uses. */
        public String name() {
            return architecture.name();
        }
    }

    private static final List<Entry> ENTRIES = List.of(
            new Entry(
                    new MobileNetV2(1),
                    "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
                    false,
                    "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/",
                    "Apache-2.0"),
            new Entry(
                    new Sprout(),
                    "/dev/graft/base/sprout.safetensors",
                    true,
                    "pretrained by Graft: graft pretrain-sprout",
                    "Apache-2.0"),
            new Entry(
                    new SqueezeNet(),
                    "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5",
                    false,
                    "https://github.com/rcmalli/keras-squeezenet/releases/download/v1.0/",
                    "MIT; the Caffe model it was converted from: BSD"));

    private final Map<String, Entry> byName = new TreeMap<>();
    private final Map<String, Facts> facts = new TreeMap<>();
    private final List<Path> folders;

    /**
     * Looks for weight files in the given folders, in this order.
     *
     * @param folders folders that hold official files under their official names; they need not exist
     */
    public Catalogue(List<Path> folders) {
        this.folders = List.copyOf(folders);
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
                        .map(folder -> folder.resolve(entry.weightFile()))
                        .filter(Files::isRegularFile)
                        .findFirst();
    }

    /**
     * Loads and checks a base's weights.
     *
     * @throws WeightException when the file is missing, telling where to put it, or wrong
     */
    public BaseWeights load(String name) {
        Entry entry = entry(name);
        if (entry.embedded()) {
            return BaseWeights.embedded(entry.architecture(), entry.weightFile());
        }
        Path file = weightFile(entry).orElseThrow(() -> new WeightException(missing(entry)));
        return BaseWeights.read(entry.architecture(), file);
    }

    /** Says what to do about missing weights. */
    public String missing(Entry entry) {
        return "the weights of " + entry.name() + " are not on this machine: get " + entry.weightFile() + " from "
                + entry.source() + " and put it into one of: "
                + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                + " (or name its folder with --weights DIR)";
    }
}
