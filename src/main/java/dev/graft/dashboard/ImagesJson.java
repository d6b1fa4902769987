package dev.graft.dashboard;

import dev.graft.run.RecordedImages;
import dev.graft.run.RecordedImages.Found;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some predictions of a trial, chosen by {@code ?label=&predicted=&wrong=&sort=&limit=&cursor=}.
 *
 * @param images in the order that was asked for
 * @param total how many were chosen, on all pages
 * @param of how many there are
 * @param reason why no image can be shown; empty where they can
 * @param next what to pass as {@code cursor} for the next page; null on the last
 */
record ImagesJson(
        List<Image> images,
        int total,
        int of,
        String reason,
        @Nullable String next) {

    private static final int USUAL = 24;
    private static final int MOST = 240;

    /**
     * One image and what was made of it.
     *
     * @param position its place in the trial's predictions, which is its address
     * @param image the path below the data folder
     * @param label the class it is of
     * @param predicted the class it was taken for
     * @param confidence the probability of that class, in [0, 1]
     * @param labelProbability the probability of its own class, in [0, 1]
     * @param state {@code there}, {@code newer}, {@code missing} or {@code elsewhere}; the first two can be shown
     * @param reason what is to be said of it; empty where it is as it was
     */
    record Image(
            int position,
            String image,
            String label,
            String predicted,
            double confidence,
            double labelProbability,
            String state,
            String reason) {

        private static Image of(SweepRecord sweep, int position, Prediction prediction, Found found) {
            return new Image(
                    position,
                    prediction.image(),
                    sweep.classes().get(prediction.label()),
                    sweep.classes().get(prediction.predicted()),
                    prediction.confidence(),
                    prediction.labelProbability(),
                    found.state().word(),
                    found.reason());
        }
    }

    /**
     * Chooses what a request asks for.
     *
     * @throws BadRequestResponse when a parameter is none; the asker's fault
     */
    static ImagesJson of(Context request, SweepRecord sweep, List<Prediction> predictions, RecordedImages files) {
        Predicate<Prediction> wanted = wanted(request, sweep.classes());
        IntPredicate chosen = position -> wanted.test(predictions.get(position));
        List<Integer> positions = new ArrayList<>(
                IntStream.range(0, predictions.size()).filter(chosen).boxed().toList());
        Comparator<Integer> byConfidence =
                Comparator.comparingDouble(position -> predictions.get(position).confidence());
        switch (Routes.parameter(request, "sort", "confident")) {
            case "confident" -> positions.sort(byConfidence.reversed());
            case "doubtful" -> positions.sort(byConfidence);
            case "position" -> positions.sort(Comparator.naturalOrder());
            default ->
                throw new BadRequestResponse("sort must be confident, doubtful or position, but was "
                        + Routes.parameter(request, "sort", ""));
        }
        int from = Math.min(TrialPage.number(request, "cursor", 0, 0, Integer.MAX_VALUE), positions.size());
        int to = (int) Math.min(positions.size(), (long) from + TrialPage.number(request, "limit", USUAL, 1, MOST));
        return new ImagesJson(
                positions.subList(from, to).stream()
                        .map(position -> {
                            Prediction prediction = predictions.get(position);
                            return Image.of(sweep, position, prediction, files.find(prediction.image()));
                        })
                        .toList(),
                positions.size(),
                predictions.size(),
                files.reason(),
                to < positions.size() ? String.valueOf(to) : null);
    }

    private static Predicate<Prediction> wanted(Context request, List<String> classes) {
        Predicate<Prediction> wanted = prediction -> true;
        String label = Routes.parameter(request, "label", "");
        if (!label.isEmpty()) {
            int index = index("label", label, classes);
            wanted = wanted.and(prediction -> prediction.label() == index);
        }
        String predicted = Routes.parameter(request, "predicted", "");
        if (!predicted.isEmpty()) {
            int index = index("predicted", predicted, classes);
            wanted = wanted.and(prediction -> prediction.predicted() == index);
        }
        return switch (Routes.parameter(request, "wrong", "")) {
            case "" -> wanted;
            case "true" -> wanted.and(prediction -> prediction.label() != prediction.predicted());
            case "false" -> wanted.and(prediction -> prediction.label() == prediction.predicted());
            default ->
                throw new BadRequestResponse(
                        "wrong must be true or false, but was " + Routes.parameter(request, "wrong", ""));
        };
    }

    private static int index(String parameter, String name, List<String> classes) {
        int index = classes.indexOf(name);
        if (index < 0) {
            throw new BadRequestResponse(parameter + " must be a class of the sweep, but was " + name);
        }
        return index;
    }
}
