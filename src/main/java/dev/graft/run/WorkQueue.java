package dev.graft.run;

import dev.graft.plan.FrozenPass;
import dev.graft.plan.Plan;
import dev.graft.plan.Turn;
import dev.graft.search.Trial;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The trials that wait, in the order of their groups' turns, and which of them a free worker gets: one feature group at a time. While
 * one worker runs a pass of the frozen base, no other begins on that pass; it would only wait for the same features.
 * Several workers share a group in pieces. For one thread.
 */
final class WorkQueue {

    private enum PassState {
        NEW,
        RUNNING,
        READY
    }

    /** A pass with its groups' waiting trials. */
    private static final class WaitingPass {

        private final List<Deque<Integer>> groups = new ArrayList<>();
        private PassState state = PassState.NEW;
    }

    /**
     * Trials of one group.
     *
     * @param pass the place of their pass in the plan
     * @param group the place of their group in the pass
     * @param trials their numbers, in order; at least one
     * @param begins whether the pass' features are still to be had
     */
    record Piece(int pass, int group, List<Integer> trials, boolean begins) {}

    private final List<WaitingPass> passes = new ArrayList<>();

    /** The groups in the order in which they are handed out. */
    private final List<Turn> order;

    private final int workers;

    /** Lines trials up in the plan's order. */
    WorkQueue(Plan plan, Predicate<Trial> waits, int workers) {
        this(plan, Turn.of(plan), waits, workers);
    }

    /**
     * Lines trials up.
     *
     * @param turns every group of the plan, once
     * @param waits says which trials of the plan wait
     */
    WorkQueue(Plan plan, List<Turn> turns, Predicate<Trial> waits, int workers) {
        this.workers = workers;
        this.order = new ArrayList<>(turns);
        for (FrozenPass pass : plan.passes()) {
            WaitingPass waiting = new WaitingPass();
            pass.groups()
                    .forEach(group -> waiting.groups.add(new ArrayDeque<>(group.trials().stream()
                            .filter(waits)
                            .map(Trial::number)
                            .toList())));
            passes.add(waiting);
        }
    }

    /** Takes what a free worker is to do next; empty where nothing can be begun now. */
    Optional<Piece> next() {
        for (Turn turn : order) {
            WaitingPass pass = passes.get(turn.pass());
            Deque<Integer> waiting = pass.groups.get(turn.group());
            if (pass.state != PassState.RUNNING && !waiting.isEmpty()) {
                int size = (waiting.size() + workers - 1) / workers;
                List<Integer> trials = new ArrayList<>();
                while (trials.size() < size) {
                    trials.add(waiting.remove());
                }
                boolean begins = pass.state == PassState.NEW;
                pass.state = begins ? PassState.RUNNING : pass.state;
                return Optional.of(new Piece(turn.pass(), turn.group(), List.copyOf(trials), begins));
            }
        }
        return Optional.empty();
    }

    /** Says that a pass' features are there; false where that was known. */
    boolean ready(int pass) {
        boolean news = passes.get(pass).state != PassState.READY;
        passes.get(pass).state = PassState.READY;
        return news;
    }

    /** Puts trials back in front of the others of their group, and their pass back to the start if it was running. */
    void giveBack(Piece piece, Set<Integer> trials) {
        WaitingPass pass = passes.get(piece.pass());
        List<Integer> back = piece.trials().stream().filter(trials::contains).toList();
        for (int i = back.size() - 1; i >= 0; i--) {
            pass.groups.get(piece.group()).addFirst(back.get(i));
        }
        if (pass.state == PassState.RUNNING) {
            pass.state = PassState.NEW;
        }
    }

    /** Lets all other passes go before one. */
    void defer(int pass) {
        List<Turn> deferred = order.stream().filter(turn -> turn.pass() == pass).toList();
        order.removeAll(deferred);
        order.addAll(deferred);
    }

    /** Takes all waiting trials of a pass away. */
    List<Integer> drop(int pass) {
        List<Integer> dropped = new ArrayList<>();
        passes.get(pass).groups.forEach(group -> {
            dropped.addAll(group);
            group.clear();
        });
        return dropped;
    }

    /** Says whether no trial waits. */
    boolean isEmpty() {
        return passes.stream().flatMap(pass -> pass.groups.stream()).allMatch(Deque::isEmpty);
    }

    /** Returns how many trials of a pass wait. */
    int waiting(int pass) {
        return passes.get(pass).groups.stream().mapToInt(Deque::size).sum();
    }
}
