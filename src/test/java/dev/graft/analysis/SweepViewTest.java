package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepViewTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void isExactlyThisJson() throws Exception {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("learning_rate", 1e-5);
        parameters.put("base", "vgg16");
        parameters.put("dense_units", List.of(256, 128));
        List<TrialRecord> trials =
                List.of(Samples.trial(1, TrialState.FINISHED, parameters, 0.875), Samples.trial(2, TrialState.WAITING));
        FeatureGroupRecord group =
                new FeatureGroupRecord("f00d", "vgg16", 150, "block5_pool", 100, 4096, true, 0, Double.NaN);
        String json = JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(SweepView.of(Samples.sweep("val_accuracy", "maximize"), trials, List.of(group)));
        assertThat(json.replace("\r\n", "\n")).isEqualTo("""
                        {
                          "id" : "k3v9x2ab",
                          "name" : "clothing",
                          "state" : "running",
                          "reason" : "",
                          "method" : "grid",
                          "metric" : "val_accuracy",
                          "goal" : "maximize",
                          "file_name" : "sweeps/clothing.yaml",
                          "created_at" : "2026-01-02T03:04:05.678Z",
                          "ended_at" : null,
                          "frozen_passes" : 1,
                          "frozen_passes_saved" : 3,
                          "classes" : [ "dress", "hat" ],
                          "trials" : [ {
                            "id" : "k3v9x2ab-1",
                            "number" : 1,
                            "rank" : 1,
                            "state" : "finished",
                            "reason" : "",
                            "parameters" : {
                              "learning_rate" : 1.0E-5,
                              "base" : "vgg16",
                              "dense_units" : [ 256, 128 ]
                            },
                            "seed" : 42,
                            "best" : {
                              "epoch" : 2,
                              "metrics" : {
                                "val_accuracy" : 0.875,
                                "val_loss" : null
                              }
                            },
                            "last" : {
                              "epoch" : 2,
                              "metrics" : {
                                "val_accuracy" : 0.875,
                                "val_loss" : null
                              }
                            },
                            "epochs" : 3,
                            "kept_epoch" : 2,
                            "attempts" : 1,
                            "seconds" : 4.5,
                            "timings" : {
                              "total" : 4.5
                            },
                            "model_weights" : null,
                            "cache" : {
                              "hit" : true
                            },
                            "feature_group" : "f00d",
                            "started_at" : null,
                            "ended_at" : null,
                            "run_key" : "",
                            "same_as" : null
                          }, {
                            "id" : "k3v9x2ab-2",
                            "number" : 2,
                            "rank" : null,
                            "state" : "waiting",
                            "reason" : "",
                            "parameters" : { },
                            "seed" : 42,
                            "best" : null,
                            "last" : null,
                            "epochs" : 0,
                            "kept_epoch" : 0,
                            "attempts" : 0,
                            "seconds" : null,
                            "timings" : { },
                            "model_weights" : null,
                            "cache" : {
                              "hit" : false
                            },
                            "feature_group" : "",
                            "started_at" : null,
                            "ended_at" : null,
                            "run_key" : "",
                            "same_as" : null
                          } ],
                          "feature_groups" : [ {
                            "key" : "f00d",
                            "base" : "vgg16",
                            "image_size" : 150,
                            "cut" : "block5_pool",
                            "images" : 100,
                            "bytes" : 4096,
                            "cache" : {
                              "hit" : true
                            },
                            "decode_seconds" : 0.0,
                            "prefix_seconds" : null
                          } ],
                          "best_trial" : "k3v9x2ab-1",
                          "provenance" : { }
                        }""");
    }

    @Test
    void hasNullWhereANumberIsNotFinite() throws Exception {
        Map<String, Object> parameters = Map.of(
                "list",
                Arrays.asList(1.0, Double.NaN, null),
                "map",
                Map.of("x", Double.NEGATIVE_INFINITY),
                "f",
                Float.NaN);
        SweepView view = SweepView.of(
                Samples.sweep("val_accuracy", "maximize"),
                List.of(Samples.trial(1, TrialState.FINISHED, parameters, Double.POSITIVE_INFINITY)),
                List.of());
        JsonNode trial = JSON.readTree(JSON.writeValueAsString(view)).at("/trials/0");
        assertThat(trial.at("/parameters/list").toString()).isEqualTo("[1.0,null,null]");
        assertThat(trial.at("/parameters/map").toString()).isEqualTo("{\"x\":null}");
        assertThat(trial.at("/parameters/f").isNull()).isTrue();
        assertThat(trial.at("/best/metrics/val_accuracy").isNull()).isTrue();
    }

    @Test
    void hasNoBestTrialWhileNoneHasFinished() {
        SweepView view = SweepView.of(
                Samples.sweep("val_accuracy", "maximize"),
                List.of(Samples.trial(1, TrialState.RUNNING, 0.5)),
                List.of());
        assertThat(view.bestTrial()).isNull();
    }
}
