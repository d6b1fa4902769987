package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.plan.Plan;
import dev.graft.plan.Turn;
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

    private static final Plan PLAN = Plan.of(TRIALS);

    private static WorkQueue queue(int workers) {
        return new WorkQueue(PLAN, trial -> true, workers);
    }

    /** The trials of a group in the order in which they run. */
    private static List<Integer> group(int pass, int group) {
        return PLAN.passes().get(pass).groups().get(group).trials().stream()
                .map(Trial::number)
                .toList();
    }

    @Test
    void oneWorkerGetsGroupAfterGroup() {
        WorkQueue queue = queue(1);
        assertThat(queue.next()).contains(new Piece(0, 0, group(0, 0), true));
        queue.ready(0);
        assertThat(queue.next()).contains(new Piece(0, 1, group(0, 1), false));
        assertThat(queue.next()).contains(new Piece(1, 0, group(1, 0), true));
    }

    @Test
    void groupsComeInTheOrderOfTheirTurns() {
        List<Turn> turns = List.of(new Turn(1, 0), new Turn(0, 1), new Turn(1, 1), new Turn(0, 0));
        WorkQueue queue = new WorkQueue(PLAN, turns, trial -> true, 1);
        for (Turn turn : turns) {
            Piece piece = queue.next().orElseThrow();
            assertThat(new Turn(piece.pass(), piece.group())).isEqualTo(turn);
            queue.ready(piece.pass());
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aPassThatIsDeferredComesAfterAllOthers() {
        WorkQueue queue = queue(1);
        queue.defer(0);
        assertThat(queue.next()).contains(new Piece(1, 0, group(1, 0), true));
    }

    @Test
    void nobodyElseBeginsOnAPassThatRuns() {
        WorkQueue queue = queue(2);
        assertThat(queue.next().orElseThrow().pass()).isZero();
        assertThat(queue.next().orElseThrow().pass()).isEqualTo(1);
        assertThat(queue.next()).isEmpty();
        queue.ready(1);
        assertThat(queue.next()).contains(new Piece(1, 0, group(1, 0).subList(1, 2), false));
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
        assertThat(queue.drop(0)).isEqualTo(group(0, 1));
        assertThat(queue.next().orElseThrow().pass()).isEqualTo(1);
    }

    @Test
    void trialsThatHaveEndedAreLeftOut() {
        WorkQueue queue = new WorkQueue(PLAN, trial -> trial.number() > 6, 1);
        assertThat(queue.next()).contains(new Piece(1, 1, group(1, 1), true));
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
