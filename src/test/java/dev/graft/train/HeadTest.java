package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.graft.base.Network;
import dev.graft.spec.Parameters;
import dev.graft.spec.TrialParameters;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeadTest {

    private static final int CLASSES = 7;

    private static TrialParameters parameters(List<Integer> denseUnits, String pooling) {
        return Parameters.from(Map.of("base", "sprout", "dense_units", denseUnits, "pooling", pooling));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void isCountedAsDeeplearning4jDoes(List<Integer> denseUnits, String pooling, long features) {
        TrialParameters parameters = parameters(denseUnits, pooling);
        long inDeeplearning4j = Head.finished(parameters, CLASSES)
                .graph(Network.assigned(), InputType.convolutional(3, 3, 40))
                .numParams();
        assertThat(Head.weights(parameters, features, CLASSES)).isEqualTo(inDeeplearning4j);
    }

    private static Stream<Arguments> heads() {
        return Stream.of(
                arguments(List.of(), "avg", 40),
                arguments(List.of(64), "max", 40),
                arguments(List.of(32, 16), "avg", 40),
                arguments(List.of(8), "flatten", 3 * 3 * 40));
    }

    @Test
    void withoutDenseLayersIsTheClassifierAlone() {
        assertThat(Head.weights(parameters(List.of(), "avg"), 1280, 5)).isEqualTo(1280 * 5 + 5);
    }
}
