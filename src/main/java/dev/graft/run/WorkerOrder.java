package dev.graft.run;

import dev.graft.data.Dataset;
import dev.graft.data.LabelledImage;
import dev.graft.search.Trial;
import dev.graft.spec.Parameters;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a controller tells a worker. */
sealed interface WorkerOrder {

    /** Their names on the wire. */
    Wire<WorkerOrder> WIRE = new Wire<>(Map.ofEntries(
            Map.entry("prepare", Prepare.class), Map.entry("work", Work.class), Map.entry("stop", Stop.class)));

    /**
     * The first order: the sweep, and where everything is.
     *
     * @param fileName the sweep file's name
     * @param fileText its text
     * @param sweepFolder where the file lies, for weights beside it
     * @param weightFolders where official weights are looked for
     * @param weightDigests the digest that each base's weights must have
     * @param dataFolder where the images are
     * @param images the images, as the controller found them
     * @param features the folder of the feature store
     * @param cacheMaxBytes the most it may hold, 0 for no limit
     * @param results the results directory
     * @param threads for ONNX Runtime, and for decoding
     * @param trials all trials of the sweep that may be asked for
     */
    record Prepare(
            String fileName,
            String fileText,
            String sweepFolder,
            List<String> weightFolders,
            Map<String, String> weightDigests,
            String dataFolder,
            Images images,
            String features,
            long cacheMaxBytes,
            String results,
            int threads,
            List<Candidate> trials)
            implements WorkerOrder {}

    /**
     * Trials of one feature group, in this order.
     *
     * @param pass the place of their pass in the plan of all trials
     * @param group the place of their group in that pass
     * @param trials their numbers
     * @param alone those of them that are not to train with others
     * @param prefixBatch how many images go through the frozen base at once
     * @param sharing how many trials share the pass' cost
     */
    record Work(
            String sweepId,
            int pass,
            int group,
            List<Integer> trials,
            List<Integer> alone,
            int prefixBatch,
            int sharing)
            implements WorkerOrder {}

    /** Asks to end the running trial after its epoch, or the running pass after its batch, and to take no more. */
    record Stop() implements WorkerOrder {}

    /** A trial without what follows from the rest. */
    record Candidate(int number, Map<String, Object> assignment, long seed) {

        static Candidate of(Trial trial) {
            return new Candidate(trial.number(), trial.assignment(), trial.seed());
        }

        Trial trial() {
            return new Trial(number, assignment, Parameters.from(assignment), seed);
        }

        public Candidate {
            assignment = new LinkedHashMap<>(assignment);
        }
    }

    /** A data set. */
    record Images(List<String> classes, List<Image> train, List<Image> validation, String digest) {

        static Images of(Dataset dataset) {
            return new Images(
                    dataset.classes(), images(dataset.train()), images(dataset.validation()), dataset.digest());
        }

        private static List<Image> images(List<LabelledImage> images) {
            return images.stream()
                    .map(image -> new Image(image.path().toString(), image.name(), image.label()))
                    .toList();
        }

        Dataset dataset() {
            return new Dataset(classes, labelled(train), labelled(validation), List.of(), digest, List.of());
        }

        private static List<LabelledImage> labelled(List<Image> images) {
            return images.stream()
                    .map(image -> new LabelledImage(Path.of(image.path()), image.name(), image.label()))
                    .toList();
        }
    }

    /** An image. */
    record Image(String path, String name, int label) {}
}
