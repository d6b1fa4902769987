package dev.graft.dashboard;

import dev.graft.export.BusyException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Answers that take long, worked out one at a time, once for equal questions of those who may wait, and kept as far as
 * they were used last. A question must hold all that its answer depends on, so that an answer is right
 * whenever its question is asked again. Safe for use by several threads.
 */
final class WorkedOut<Q, A> {

    /** Who works and who waits; others must not take all threads of the server by waiting. */
    private static final int MOST_AT_ONCE = 3;

    private final String busy;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Semaphore turn = new Semaphore(1, true);

    private final Object lock = new Object();
    private final Map<Q, A> known;
    private final Map<Q, CompletableFuture<Optional<A>>> underWay = new HashMap<>();

    /**
     * Keeps answers.
     *
     * @param most how many
     * @param busy what to tell those who ask when several ask already
     */
    WorkedOut(int most, String busy) {
        this.known = new LatestUsed<>(most);
        this.busy = busy;
    }

    /**
     * Returns the answer to a question. A failure is for the one whose work it was: nothing is kept of it, and others
     * who waited for the answer try themselves.
     *
     * @param work finds the answer
     * @throws BusyException when several are at it already, or when the thread is interrupted while it waits
     */
    A of(Q question, Supplier<A> work) {
        Optional<A> answer = known(question);
        if (answer.isPresent()) {
            return answer.get();
        }
        if (!places.tryAcquire()) {
            throw new BusyException(busy);
        }
        try {
            while (answer.isEmpty()) {
                CompletableFuture<Optional<A>> mine = new CompletableFuture<>();
                CompletableFuture<Optional<A>> others;
                synchronized (lock) {
                    others = underWay.putIfAbsent(question, mine);
                }
                answer = others == null ? Optional.of(find(question, work, mine)) : others.get();
            }
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the dashboard is ending");
        } catch (ExecutionException e) {
            throw new IllegalStateException("who works out an answer tells others only that there is none", e);
        } finally {
            places.release();
        }
    }

    private Optional<A> known(Q question) {
        synchronized (lock) {
            return Optional.ofNullable(known.get(question));
        }
    }

    private A find(Q question, Supplier<A> work, CompletableFuture<Optional<A>> told) throws InterruptedException {
        Optional<A> found = Optional.empty();
        try {
            turn.acquire();
            try {
                // Others may have found it between the first look and now.
                A answer = known(question).orElseGet(work);
                found = Optional.of(answer);
                return answer;
            } finally {
                turn.release();
            }
        } finally {
            synchronized (lock) {
                found.ifPresent(answer -> known.put(question, answer));
                underWay.remove(question);
            }
            told.complete(found);
        }
    }
}
