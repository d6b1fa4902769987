package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.plan.Plan;
import dev.graft.run.WorkQueue.Piece;
import dev.graft.search.Trial;
import dev.graft.spec.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

    /** Two sizes, two depths each: passes 0 (trials 1 to 4) and 1 (5 to 8), groups of two trials. */
    private static final List<Trial> TRIALS = List.of(
            trial(1, 32, 0),
            trial(2, 32, 0),
            trial(3, 32, 1),
            trial(4, 32, 1),
            trial(5, 64, 0),
            trial(6, 64, 0),
            trial(7, 64, 1),
            trial(8, 64, 1));

    private static Trial trial(int number, int size, int depth) {
        Map<String, Object> assignment =
                Map.of("base", "sprout", "image_size", size, "fine_tune_depth", depth, "dropout", number / 100.0);
        return new Trial(number, assignment, Parameters.from(assignment), 1);
    }

    private static WorkQueue queue(int workers) {
        return new WorkQueue(Plan.of(TRIALS), trial -> true, workers);
    }

    @Test
    void oneWorkerGetsGroupAfterGroup() {
        WorkQueue queue = queue(1);
        assertThat(queue.next()).contains(new Piece(0, 0, List.of(1, 2), true));
        queue.ready(0);
        assertThat(queue.next()).contains(new Piece(0, 1, List.of(3, 4), false));
        assertThat(queue.next()).contains(new Piece(1, 0, List.of(5, 6), true));
    }

    @Test
    void nobodyElseBeginsOnAPassThatRuns() {
        WorkQueue queue = queue(2);
        assertThat(queue.next().orElseThrow().pass()).isZero();
        assertThat(queue.next().orElseThrow().pass()).isEqualTo(1);
        assertThat(queue.next()).isEmpty();
        queue.ready(1);
        assertThat(queue.next()).contains(new Piece(1, 0, List.of(6), false));
    }

    @Test
    void whatADeadWorkerLeftComesFirstAndItsPassBeginsAgain() {
        WorkQueue queue = queue(1);
        Piece piece = queue.next().orElseThrow();
        queue.giveBack(piece, Set.of(1, 2));
        assertThat(queue.next()).contains(piece);
        queue.ready(0);
        queue.giveBack(piece, Set.of(2));
        assertThat(queue.next()).contains(new Piece(0, 0, List.of(2), false));
    }

    @Test
    void aPassWithoutFeaturesIsDropped() {
        WorkQueue queue = queue(1);
        queue.next();
        assertThat(queue.drop(0)).containsExactly(3, 4);
        assertThat(queue.next().orElseThrow().pass()).isEqualTo(1);
    }

    @Test
    void trialsThatHaveEndedAreLeftOut() {
        WorkQueue queue = new WorkQueue(Plan.of(TRIALS), trial -> trial.number() > 6, 1);
        assertThat(queue.next()).contains(new Piece(1, 1, List.of(7, 8), true));
        assertThat(queue.isEmpty()).isTrue();
    }

    /** Workers that die at random: every trial is handed out until it has ended once, and none after that. */
    @RepeatedTest(200)
    void everyTrialEndsExactlyOnce(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        int workers = random.nextInt(1, 4);
        WorkQueue queue = queue(workers);
        List<Integer> ended = new ArrayList<>();
        List<Piece> held = new ArrayList<>();
        while (ended.size() < TRIALS.size()) {
            while (held.size() < workers) {
                Optional<Piece> next = queue.next();
                if (next.isEmpty()) {
                    break;
                }
                held.add(next.get());
            }
            assertThat(held).as("something is always under way").isNotEmpty();
            Piece piece = held.remove(random.nextInt(held.size()));
            int done = random.nextInt(piece.trials().size() + 1);
            if (!piece.begins() || random.nextInt(3) > 0) {
                queue.ready(piece.pass());
                ended.addAll(piece.trials().subList(0, done));
                queue.giveBack(
                        piece,
                        Set.copyOf(piece.trials().subList(done, piece.trials().size())));
            } else {
                queue.giveBack(piece, Set.copyOf(piece.trials()));
            }
        }
        assertThat(ended).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(queue.isEmpty()).isTrue();
    }
}
