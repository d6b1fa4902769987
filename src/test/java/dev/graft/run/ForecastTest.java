package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Catalogue;
import dev.graft.base.Network;
import dev.graft.plan.Estimates;
import dev.graft.plan.GroupWork;
import dev.graft.plan.GroupWork.Epochs;
import dev.graft.plan.HeadWork;
import dev.graft.plan.PassWork;
import dev.graft.plan.Plan;
import dev.graft.plan.Rates;
import dev.graft.run.WorkerEvent.Fault;
import dev.graft.search.Trial;
import dev.graft.spec.Parameters;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replays what workers told in a real sweep, on a clock of its own, and compares what was foreseen with what came. */
class ForecastTest {

    private static final Percentage CLOSE = Percentage.withPercentage(30);
    private static final double START = 3;

    private JsonNode recorded;
    private Plan plan;
    private List<PassWork> work;
    private final Set<Integer> open = new HashSet<>();
    private double now;
    private Forecast forecast;

    @BeforeEach
    void readTheRecord() throws IOException {
        try (InputStream in = ForecastTest.class.getResourceAsStream("recorded-sweep.json")) {
            recorded = new ObjectMapper().readTree(in);
        }
        List<Trial> trials = new ArrayList<>();
        for (JsonNode trial : recorded.path("trials")) {
            Map<String, Object> assignment = new LinkedHashMap<>();
            assignment.put("base", "mobilenet_v2");
            trial.path("parameters")
                    .properties()
                    .forEach(field -> assignment.put(
                            field.getKey(),
                            field.getValue().isInt()
                                    ? field.getValue().asInt()
                                    : (Object) field.getValue().asDouble()));
            trials.add(new Trial(trial.path("number").asInt(), assignment, Parameters.from(assignment), 1));
        }
        plan = Plan.of(trials);
        work = new ArrayList<>(
                plan.passes().stream().map(pass -> work(pass.imageSize(), 24)).toList());
        // Its pixels are kept by the first pass.
        work.set(1, work.get(1).decoding(0));
        begin(Rates.none(2));
    }

    private PassWork work(int size, int together) {
        Network network =
                new Catalogue(List.of()).entry("mobilenet_v2").architecture().network(size);
        long multiplyAdds = network.multiplyAdds(InputType.convolutional(size, size, 3));
        int train = recorded.path("train_images").asInt();
        int validation = recorded.path("validation_images").asInt();
        int most = recorded.path("most_epochs").asInt();
        int patience = recorded.path("patience").asInt();
        GroupWork group = new GroupWork(
                0,
                24,
                train,
                validation,
                false,
                new HeadWork(1280 * 128 + 128 * 10, 32, together),
                0,
                multiplyAdds,
                new Epochs(1, most, patience),
                new Epochs(2, 0, patience),
                17_000_000,
                false);
        return new PassWork(
                "mobilenet_v2", size, "out_relu", "data", train + validation, multiplyAdds, 17_000_000, List.of(group));
    }

    private void begin(Rates before) {
        now = 0;
        open.clear();
        recorded.path("trials").forEach(trial -> open.add(trial.path("number").asInt()));
        forecast = new Forecast(plan, work, before, 1, () -> Math.round(now * 1e9));
    }

    private void tell(WorkerEvent event) {
        event.tell(forecast.ear(1));
    }

    private OptionalDouble left() {
        return forecast.left(open::contains);
    }

    private void ready() {
        now += START;
        tell(new WorkerEvent.Ready(Map.of()));
    }

    private void runPass(int pass) {
        JsonNode told = recorded.path("passes").path(pass);
        now += told.path("seconds").asDouble();
        tell(new WorkerEvent.PassEnded(
                pass,
                told.path("decode_seconds").asDouble(),
                told.path("prefix_seconds").asDouble(),
                told.path("seconds").asDouble(),
                List.of(new WorkerEvent.Features("key", "cut", 1, 1, true))));
    }

    private static WorkerEvent epoch(int trial, int epoch) {
        return new WorkerEvent.EpochEnded(trial, new EpochRecord(epoch, 1, Map.of(), List.of()));
    }

    private void end(JsonNode trial, Map<String, Double> seconds) {
        int number = trial.path("number").asInt();
        open.remove(number);
        tell(new WorkerEvent.TrialEnded(number, TrialState.FINISHED, Fault.NONE, "", seconds, null));
    }

    /** The trials of a pass, in the order in which they would run now. */
    private List<JsonNode> group(int pass) {
        return plan.passes().get(pass).groups().get(0).trials().stream()
                .map(trial -> recorded.path("trials").path(trial.number() - 1))
                .toList();
    }

    /** Trains one after the other, as it was; epochs of a trial are taken to be equally long. */
    private void runTrial(JsonNode trial) {
        tell(new WorkerEvent.TrialStarted(trial.path("number").asInt(), "", false));
        double seconds = trial.path("ended").asDouble() - trial.path("started").asDouble();
        int epochs = trial.path("epochs").asInt();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            now += seconds / epochs;
            tell(epoch(trial.path("number").asInt(), epoch));
        }
        end(
                trial,
                Map.of(
                        "head", trial.path("seconds").path("head").asDouble(),
                        "validation", trial.path("seconds").path("validation").asDouble()));
    }

    private double seconds(int pass) {
        return recorded.path("passes").path(pass).path("seconds").asDouble()
                + group(pass).stream()
                        .mapToDouble(trial -> trial.path("ended").asDouble()
                                - trial.path("started").asDouble())
                        .sum();
    }

    @Test
    void theSecondGroupOfTheBenchmarkIsForeseenWithinThirtyPerCentAfterTheFirst() {
        ready();
        runPass(0);
        group(0).forEach(this::runTrial);
        assertThat(left().orElseThrow()).isCloseTo(seconds(1), CLOSE);
    }

    @Test
    void itsPassIsForeseenAsWellAndItsTrialsLess() {
        ready();
        runPass(0);
        group(0).forEach(this::runTrial);
        Rates rates = forecast.rates();
        double pass = recorded.path("passes").path(1).path("seconds").asDouble();
        assertThat(Estimates.pass(work.get(1), rates).seconds()).isCloseTo(pass, CLOSE);
        assertThat(Estimates.group(work.get(1), work.get(1).groups().get(0), rates)
                        .seconds())
                // The first heads of a worker are slower than all others, until Java has compiled what they run.
                .isBetween(0.7 * (seconds(1) - pass), 2 * (seconds(1) - pass));
    }

    @Test
    void theNextSweepIsForeseenFromTheLast() {
        ready();
        runPass(0);
        group(0).forEach(this::runTrial);
        runPass(1);
        group(1).forEach(this::runTrial);
        Rates known = Rates.none(2).smoothed(forecast.measured());
        assertThat(forecast.measured()).as("told once").isEmpty();
        double truth = START + seconds(0) + seconds(1);
        assertThat(Estimates.sweep(work, known, 1).seconds()).isCloseTo(truth, CLOSE);
        begin(known);
        assertThat(left().orElseThrow()).isCloseTo(truth, CLOSE);
    }

    /** As heads will that train together: an epoch of all, then the next; the time is shared. */
    @Test
    void headsThatTrainTogetherAreForeseenAsWell() {
        ready();
        runPass(0);
        runTogether(0);
        double foreseen = left().orElseThrow();
        double then = now;
        runPass(1);
        runTogether(1);
        assertThat(foreseen).isCloseTo(now - then, CLOSE);
    }

    private void runTogether(int pass) {
        List<JsonNode> running = new ArrayList<>(group(pass));
        Map<Integer, Double> shares = new LinkedHashMap<>();
        running.forEach(trial -> {
            shares.put(trial.path("number").asInt(), 0.0);
            tell(new WorkerEvent.TrialStarted(trial.path("number").asInt(), "", false));
        });
        for (int epoch = 1; !running.isEmpty(); epoch++) {
            double seconds = 0.5 + 0.1 * running.size();
            now += seconds;
            for (JsonNode trial : List.copyOf(running)) {
                int number = trial.path("number").asInt();
                shares.merge(number, seconds / running.size(), Double::sum);
                tell(epoch(number, epoch));
            }
            int ended = epoch;
            List<JsonNode> stopped = running.stream()
                    .filter(trial -> trial.path("epochs").asInt() == ended)
                    .toList();
            stopped.forEach(trial -> {
                tell(new WorkerEvent.Heartbeat(0));
                end(trial, Map.of("head", shares.get(trial.path("number").asInt())));
            });
            running.removeAll(stopped);
        }
    }

    @Nested
    class WhatIsShown {

        @Test
        void isNothingBeforeAnythingIsKnown() {
            assertThat(left()).isEmpty();
            ready();
            assertThat(left()).isEmpty();
            tell(new WorkerEvent.PassProgress(0, 32, 3409));
            assertThat(left()).isEmpty();
        }

        @Test
        void isNothingWhereNoTrialIsLeft() {
            open.clear();
            assertThat(left()).isEmpty();
        }

        @Test
        void neverJumpsNorFallsBelowNothing() {
            ready();
            double last = Double.NaN;
            double lastTime = 0;
            runPass(0);
            for (JsonNode trial : group(0)) {
                runTrial(trial);
                for (int tick = 0; tick < 3; tick++) {
                    now += 0.25;
                    OptionalDouble left = left();
                    if (left.isPresent()) {
                        assertThat(left.getAsDouble()).isNotNegative();
                        if (tick > 0 && !Double.isNaN(last)) {
                            // A tick of a quarter of a second moves it by a small part of what is left.
                            assertThat(left.getAsDouble()).isCloseTo(last, within(0.07 * last + 2 * (now - lastTime)));
                        }
                        last = left.getAsDouble();
                        lastTime = now;
                    }
                }
            }
            assertThat(last).isPositive();
        }

        @ParameterizedTest
        @ValueSource(doubles = {1, 100, 10_000})
        void countsDownWhileNobodySaysAnything(double silence) {
            ready();
            runPass(0);
            group(0).forEach(ForecastTest.this::runTrial);
            double before = left().orElseThrow();
            now += silence;
            assertThat(left().orElseThrow()).isPositive().isLessThan(before);
        }
    }

    @Test
    void trialsThatAreTakenOverOrFailCostNothing() {
        ready();
        runPass(0);
        group(0).forEach(this::runTrial);
        double all = left().orElseThrow();
        group(1).stream()
                .skip(12)
                .forEach(trial -> open.remove(trial.path("number").asInt()));
        tell(new WorkerEvent.WorkEnded());
        now += 2;
        assertThat(left().orElseThrow()).isLessThan(all - 2);
    }

    @Test
    void aPassIsForeseenFromItsOwnPace() {
        ready();
        tell(new WorkerEvent.PassProgress(0, 1, 1000));
        now += 10;
        tell(new WorkerEvent.PassProgress(0, 101, 1000));
        open.removeIf(number -> number > 1);
        // Most of what is left is the pass: 90 seconds; the trial's time is guessed.
        assertThat(left().orElseThrow()).isBetween(90.0, 150.0);
    }
}
