package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.plan.Estimates.Choice;
import dev.graft.plan.GroupWork.Epochs;
import dev.graft.plan.RateKey.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EstimatesTest {

    private static final HeadWork HEAD = new HeadWork(165_120, 32, 24);

    private static GroupWork heads(int trials) {
        return new GroupWork(
                0,
                trials,
                3000,
                300,
                false,
                HEAD,
                0,
                300_000_000,
                new Epochs(1, 20, 3),
                new Epochs(2, 0, 3),
                17_000_000,
                false);
    }

    private static GroupWork tails(int trials, long bytes) {
        return new GroupWork(
                2,
                trials,
                3000,
                300,
                false,
                new HeadWork(165_120, 32, 1),
                50_000_000,
                250_000_000,
                new Epochs(1, 20, 3),
                new Epochs(2, 10, 3),
                bytes,
                false);
    }

    private static PassWork pass(long images, GroupWork... groups) {
        return new PassWork("mobilenet_v2", 224, "out_relu", "data", images, 300_000_000, 17_000_000, List.of(groups));
    }

    private static double seconds(PassWork pass) {
        return Estimates.sweep(List.of(pass), Rates.none(2), 1).seconds();
    }

    /** Any work at any rates. */
    private static final class Drawn {

        private final SplittableRandom random;

        Drawn(RepetitionInfo repetition) {
            random = new SplittableRandom(repetition.getCurrentRepetition());
        }

        GroupWork group() {
            int depth = random.nextInt(3);
            return new GroupWork(
                    depth,
                    random.nextInt(30),
                    random.nextInt(1, 5000),
                    random.nextInt(1, 500),
                    random.nextInt(4) == 0,
                    new HeadWork(random.nextInt(1, 1_000_000), random.nextInt(1, 200), random.nextInt(1, 30)),
                    depth * 20_000_000L,
                    300_000_000,
                    new Epochs(1, random.nextInt(1, 30), random.nextInt(3)),
                    new Epochs(2, depth == 0 ? 0 : random.nextInt(1, 30), random.nextInt(3)),
                    random.nextLong(1, 1L << 34),
                    random.nextBoolean());
        }

        PassWork pass() {
            List<GroupWork> groups = new ArrayList<>();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                groups.add(group());
            }
            return new PassWork(
                    "base " + random.nextInt(3),
                    random.nextInt(32, 300),
                    "cut",
                    "data",
                    random.nextInt(1, 6000),
                    random.nextLong(1, 1L << 32),
                    random.nextInt(3) == 0 ? 0 : random.nextLong(1, 1L << 34),
                    groups);
        }

        Rates rates() {
            Map<RateKey, Double> measured = new HashMap<>();
            for (Kind kind : Kind.values()) {
                if (random.nextBoolean()) {
                    measured.put(
                            new RateKey(kind, "base " + random.nextInt(3), random.nextInt(1, 300), "cut"),
                            kind == Kind.EPOCHS ? random.nextDouble(0.01, 1) : random.nextDouble(1e-12, 1e-2));
                }
            }
            return new Rates(measured, random.nextInt(1, 8));
        }
    }

    @Nested
    class Sums {

        @RepeatedTest(100)
        void areThoseOfTheirParts(RepetitionInfo repetition) {
            Drawn drawn = new Drawn(repetition);
            PassWork pass = drawn.pass();
            Rates rates = drawn.rates();
            double parts = Estimates.pass(pass, rates).seconds();
            for (GroupWork group : pass.groups()) {
                parts += Estimates.group(pass, group, rates).seconds();
            }
            parts += pass.trials() == 0 ? 0 : Estimates.start(rates).seconds();
            Estimate sweep = Estimates.sweep(List.of(pass), rates, 1);
            assertThat(sweep.seconds()).isCloseTo(parts, within(1e-6 * parts + 1e-9));
            assertThat(sweep.start()
                            + sweep.decode()
                            + sweep.prefix()
                            + sweep.head()
                            + sweep.tail()
                            + sweep.validation()
                            + sweep.other())
                    .isEqualTo(sweep.seconds());
            assertThat(sweep.roughPart()).isBetween(0.0, 1.0);
            assertThat(sweep.bytes()).isEqualTo(pass.needed() ? pass.bytes() : 0);
        }

        @Test
        void ofNothingAreNothing() {
            assertThat(Estimates.sweep(List.of(), Rates.none(2), 1)).isEqualTo(Estimate.NONE);
            assertThat(seconds(pass(3000, heads(0)))).isZero();
        }

        @Test
        void leaveOutAPassWhoseFeaturesAreThere() {
            PassWork stored = new PassWork("b", 64, "cut", "data", 3000, 1_000_000, 0, List.of(heads(3)));
            assertThat(Estimates.pass(stored, Rates.none(2))).isEqualTo(Estimate.NONE);
        }
    }

    @Nested
    class MoreWork {

        @RepeatedTest(100)
        void neverTakesLess(RepetitionInfo repetition) {
            Drawn drawn = new Drawn(repetition);
            PassWork pass = drawn.pass();
            Rates rates = drawn.rates();
            GroupWork group = drawn.group();
            double before = Estimates.group(pass, group, rates).seconds();
            assertThat(Estimates.group(pass, group.with(group.trials() + 1, group.trainImages()), rates)
                            .seconds())
                    .as("trials")
                    .isGreaterThan(before);
            assertThat(Estimates.group(pass, group.with(group.trials(), 2 * group.trainImages()), rates)
                            .seconds())
                    .as("images")
                    .isGreaterThanOrEqualTo(before);
            PassWork larger = new PassWork(
                    pass.base(),
                    pass.imageSize(),
                    pass.cut(),
                    pass.data(),
                    2 * pass.images(),
                    pass.multiplyAdds(),
                    pass.bytes(),
                    pass.groups());
            assertThat(Estimates.pass(larger, rates).seconds())
                    .isGreaterThanOrEqualTo(Estimates.pass(pass, rates).seconds());
        }

        @RepeatedTest(30)
        void ofEpochsNeverTakesLess(RepetitionInfo repetition) {
            Drawn drawn = new Drawn(repetition);
            Rates rates = drawn.rates();
            for (int patience = 0; patience < 3; patience++) {
                double last = 0;
                for (int most = 1; most < 40; most++) {
                    double epochs = Estimates.epochs(new Epochs(1, most, patience), rates);
                    assertThat(epochs).isBetween(Math.max(1, last), (double) most);
                    last = epochs;
                }
            }
        }

        @Test
        void takesMoreInAnyPart() {
            double few = seconds(pass(3000, heads(12)));
            assertThat(seconds(pass(6000, heads(12)))).isGreaterThan(few);
            assertThat(seconds(pass(3000, heads(24)))).isGreaterThan(few);
            assertThat(seconds(pass(3000, heads(12), tails(1, 1000)))).isGreaterThan(few);
        }
    }

    @Test
    void severalWorkersDivideTheTrials() {
        PassWork pass = pass(3000, tails(8, 1000));
        Estimate one = Estimates.sweep(List.of(pass), Rates.none(2), 1);
        Estimate four = Estimates.sweep(List.of(pass), Rates.none(2), 4);
        assertThat(four.tail()).isEqualTo(one.tail() / 4);
        assertThat(four.prefix()).isEqualTo(one.prefix());
    }

    @Test
    void whatNothingMeasuredStandsBehindIsRough() {
        PassWork pass = pass(3000, heads(24));
        assertThat(Estimates.pass(pass, Rates.none(2)).isRough()).isTrue();
        assertThat(Estimates.group(pass, heads(24), Rates.none(2)).isRough()).isTrue();
        Rates measured = new Rates(
                Map.of(
                        pass.prefixKey(), 1e-10,
                        HEAD.key(Kind.HEAD), 1e-10,
                        HEAD.key(Kind.HEAD_VALIDATION), 1e-10),
                2);
        assertThat(Estimates.pass(pass, measured).isRough()).isFalse();
        assertThat(Estimates.group(pass, heads(24), measured).isRough()).isFalse();
    }

    @Nested
    class StoringOrComputingAnew {

        @Test
        void storesSmallFeatures() {
            Choice choice = Estimates.choice(pass(3000, heads(24)), heads(24), 1L << 40, Rates.none(2));
            assertThat(choice.cache()).isTrue();
            assertThat(choice.storing()).isLessThan(choice.recomputing());
        }

        @Test
        void computesAnewWhatDoesNotFit() {
            GroupWork large = tails(4, 1L << 33);
            Choice choice = Estimates.choice(pass(3000, large), large, 1L << 30, Rates.none(2));
            assertThat(choice.fits()).isFalse();
            assertThat(choice.cache()).isFalse();
        }

        @Test
        void computesAnewWhatTakesLongerToReadThanToCompute() {
            Rates fast = new Rates(
                    Map.of(
                            new RateKey(Kind.PREFIX, "mobilenet_v2", 224, "out_relu"), 1e-13,
                            new RateKey(Kind.DECODE, "data", 224, ""), 1e-5),
                    2);
            GroupWork large = tails(4, 1L << 36);
            Choice choice = Estimates.choice(pass(3000, large), large, Long.MAX_VALUE, fast);
            assertThat(choice.fits()).isTrue();
            assertThat(choice.cache()).isFalse();
            assertThat(choice.recomputing()).isLessThan(choice.storing());
        }
    }
}
