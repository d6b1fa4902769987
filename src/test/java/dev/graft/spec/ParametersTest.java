package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ParametersTest {

    @Nested
    class TypedParameters {

        @Test
        void haveTheDocumentedDefaults() {
            assertThat(Parameters.from(Map.of("base", "sprout")))
                    .isEqualTo(new TrialParameters(
                            "sprout",
                            224,
                            0.001,
                            0,
                            0,
                            List.of(),
                            "relu",
                            TrialParameters.Pooling.AVG,
                            TrialParameters.Optimizer.ADAM,
                            0,
                            0,
                            32,
                            TrialParameters.Schedule.CONSTANT,
                            10,
                            0.1,
                            TrialParameters.ClassWeights.NONE));
        }

        @Test
        void haveDefaultsThatDependOnTheOptimizer() {
            assertThat(Parameters.from(Map.of("base", "sprout", "optimizer", "sgd"))
                            .momentum())
                    .isEqualTo(0.9);
            assertThat(Parameters.from(Map.of("base", "sprout", "optimizer", "rmsprop"))
                            .momentum())
                    .isZero();
            assertThat(Parameters.from(Map.of("base", "sprout", "optimizer", "adamw"))
                            .weightDecay())
                    .isEqualTo(0.01);
            assertThat(Parameters.from(Map.of("base", "sprout", "optimizer", "adamw", "weight_decay", 0.0))
                            .weightDecay())
                    .isZero();
        }

        @Test
        void takeEveryValueOfTheAssignment() {
            assertThat(Parameters.from(Map.ofEntries(
                            Map.entry("base", "squeezenet"),
                            Map.entry("image_size", 64L),
                            Map.entry("learning_rate", 0.1),
                            Map.entry("dropout", 0.5),
                            Map.entry("fine_tune_depth", 2L),
                            Map.entry("dense_units", List.of(64L, 32L)),
                            Map.entry("activation", "gelu"),
                            Map.entry("pooling", "flatten"),
                            Map.entry("optimizer", "sgd"),
                            Map.entry("momentum", 0.5),
                            Map.entry("weight_decay", 0.2),
                            Map.entry("batch_size", 8L),
                            Map.entry("learning_rate_schedule", "cosine"),
                            Map.entry("step_every", 3L),
                            Map.entry("step_factor", 0.5),
                            Map.entry("class_weights", "balanced"))))
                    .isEqualTo(new TrialParameters(
                            "squeezenet",
                            64,
                            0.1,
                            0.5,
                            2,
                            List.of(64, 32),
                            "gelu",
                            TrialParameters.Pooling.FLATTEN,
                            TrialParameters.Optimizer.SGD,
                            0.5,
                            0.2,
                            8,
                            TrialParameters.Schedule.COSINE,
                            3,
                            0.5,
                            TrialParameters.ClassWeights.BALANCED));
        }

        @Test
        void surviveATripThroughJson() {
            assertThat(Parameters.from(Map.of("base", "sprout", "image_size", 64, "dropout", 0, "dense_units", 16)))
                    .isEqualTo(Parameters.from(
                            Map.of("base", "sprout", "image_size", 64L, "dropout", 0.0, "dense_units", List.of(16L))));
        }

        @Test
        void refuseWhatNoSweepFileCanHold() {
            assertThatIllegalArgumentException().isThrownBy(() -> Parameters.from(Map.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Parameters.from(Map.of("base", "sprout", "colour", "blue")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Parameters.from(Map.of("base", "sprout", "image_size", 64.5)));
        }
    }

    @Nested
    class Names {

        @Test
        void areThoseOfTheReference() {
            assertThat(Parameters.names())
                    .startsWith("base", "image_size", "learning_rate", "dropout", "fine_tune_depth")
                    .hasSize(16);
        }
    }
}
