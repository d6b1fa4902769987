package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.export.BusyException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every step waits for what it needs, however long that takes; the limit is for those that would wait for ever. */
@Timeout(60)
class WorkedOutTest {

    private final WorkedOut<String, Object> answers = new WorkedOut<>(2, "several are at it");
    private final AtomicInteger begun = new AtomicInteger();
    private final List<Asker> askers = new ArrayList<>();

    @AfterEach
    void endAll() {
        askers.forEach(asker -> asker.thread.interrupt());
    }

    /** Somebody who asks, in a thread of their own. */
    private static final class Asker {
        private final FutureTask<Object> task;
        private final Thread thread;

        private Asker(Callable<Object> question) {
            task = new FutureTask<>(question);
            thread = new Thread(task, "asker");
            thread.setDaemon(true);
            thread.start();
        }

        Object answer() throws Exception {
            return task.get();
        }

        void awaitWaiting() throws InterruptedException {
            while (thread.getState() != Thread.State.WAITING) {
                assertThat(thread.isAlive()).as("still asking").isTrue();
                Thread.sleep(1);
            }
        }
    }

    private Asker ask(String question, Supplier<Object> work) {
        Asker asker = new Asker(() -> answers.of(question, work));
        askers.add(asker);
        return asker;
    }

    /** Asks, and returns when the answer is waited for. */
    private Asker askWaiting(String question, Supplier<Object> work) throws InterruptedException {
        Asker asker = ask(question, work);
        asker.awaitWaiting();
        return asker;
    }

    private Object counted() {
        begun.incrementAndGet();
        return new Object();
    }

    /** Work that goes on until it is told to end. */
    private final class Work implements Supplier<Object> {
        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private boolean fails;

        @Override
        public Object get() {
            begun.incrementAndGet();
            started.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("cut short", e);
            }
            if (fails) {
                throw new IllegalStateException("it went wrong");
            }
            return new Object();
        }

        void finish() {
            end.countDown();
        }

        void fail() {
            fails = true;
            end.countDown();
        }
    }

    /** Asks, and returns when the answer is being worked out. */
    private Asker askWorking(String question, Work work) throws InterruptedException {
        Asker asker = ask(question, work);
        work.started.await();
        return asker;
    }

    @Nested
    class EqualQuestions {

        @Test
        void askedOneAfterTheOtherAreWorkedOutOnce() {
            Object answer = answers.of("a", WorkedOutTest.this::counted);
            assertThat(answers.of("a", WorkedOutTest.this::counted)).isSameAs(answer);
            assertThat(begun).hasValue(1);
        }

        @Test
        void askedAtTheSameTimeAreWorkedOutOnce() throws Exception {
            Work work = new Work();
            Asker first = askWorking("a", work);
            Asker second = askWaiting("a", WorkedOutTest.this::counted);
            Asker third = askWaiting("a", WorkedOutTest.this::counted);
            work.finish();
            assertThat(first.answer()).isSameAs(second.answer()).isSameAs(third.answer());
            assertThat(begun).hasValue(1);
        }

        @Test
        void doNotWaitForOthersThatWereAskedBetween() throws Exception {
            Work work = new Work();
            Work other = new Work();
            Asker first = askWorking("a", work);
            Asker between = askWaiting("b", other);
            Asker second = askWaiting("a", WorkedOutTest.this::counted);
            work.finish();
            assertThat(second.answer()).isSameAs(first.answer());
            other.finish();
            assertThat(between.answer()).isNotSameAs(first.answer());
        }

        @Test
        void areWorkedOutAnewWhenOthersWereUsedLater() {
            Object oldest = answers.of("a", WorkedOutTest.this::counted);
            Object kept = answers.of("b", WorkedOutTest.this::counted);
            answers.of("c", WorkedOutTest.this::counted);
            assertThat(answers.of("b", WorkedOutTest.this::counted)).isSameAs(kept);
            assertThat(answers.of("a", WorkedOutTest.this::counted)).isNotSameAs(oldest);
            assertThat(begun).hasValue(4);
        }
    }

    @Nested
    class DifferentQuestions {

        @Test
        void areWorkedOutOneAtATime() throws Exception {
            Work work = new Work();
            Asker first = askWorking("a", work);
            Asker second = askWaiting("b", WorkedOutTest.this::counted);
            assertThat(begun).hasValue(1);
            work.finish();
            assertThat(second.answer()).isNotSameAs(first.answer());
            assertThat(begun).hasValue(2);
        }

        @Test
        void areRefusedWhenSeveralAreAsked() throws Exception {
            Object known = answers.of("known", Object::new);
            Work work = new Work();
            Asker first = askWorking("a", work);
            Asker second = askWaiting("a", WorkedOutTest.this::counted);
            Asker third = askWaiting("b", WorkedOutTest.this::counted);
            assertThatThrownBy(() -> answers.of("c", WorkedOutTest.this::counted))
                    .isInstanceOf(BusyException.class)
                    .hasMessage("several are at it");
            // What is known takes nobody's place.
            assertThat(answers.of("known", WorkedOutTest.this::counted)).isSameAs(known);
            work.finish();
            first.answer();
            second.answer();
            third.answer();
            assertThat(answers.of("c", WorkedOutTest.this::counted)).isNotNull();
        }
    }

    @Nested
    class AFailure {

        @Test
        void isNotKept() {
            assertThatThrownBy(() -> answers.of("a", () -> {
                        throw new IllegalStateException("it went wrong");
                    }))
                    .hasMessage("it went wrong");
            // As often as one likes: no place is lost.
            for (int i = 0; i < 5; i++) {
                String question = "a" + i;
                assertThatThrownBy(() -> answers.of(question, () -> {
                            throw new StackOverflowError("too deep");
                        }))
                        .isInstanceOf(StackOverflowError.class);
            }
            Object answer = answers.of("a", WorkedOutTest.this::counted);
            assertThat(answers.of("a", WorkedOutTest.this::counted)).isSameAs(answer);
            assertThat(begun).hasValue(1);
        }

        @Test
        void letsThoseTryWhoWaited() throws Exception {
            Work work = new Work();
            Asker first = askWorking("a", work);
            Asker second = askWaiting("a", WorkedOutTest.this::counted);
            Asker third = askWaiting("a", WorkedOutTest.this::counted);
            work.fail();
            assertThatThrownBy(first::answer)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("it went wrong");
            assertThat(second.answer()).isSameAs(third.answer());
            assertThat(begun).hasValue(2);
        }
    }

    @Nested
    class Interruption {

        @Test
        void takesAwayWhoWaitsForAnotherAndNotTheWork() throws Exception {
            Work work = new Work();
            Asker first = askWorking("a", work);
            Asker second = askWaiting("a", WorkedOutTest.this::counted);
            second.thread.interrupt();
            assertThatThrownBy(second::answer).hasRootCauseInstanceOf(BusyException.class);
            // Its place is free again: two can wait beside the first.
            Asker third = askWaiting("a", WorkedOutTest.this::counted);
            Asker fourth = askWaiting("a", WorkedOutTest.this::counted);
            work.finish();
            assertThat(first.answer()).isSameAs(third.answer()).isSameAs(fourth.answer());
            assertThat(begun).hasValue(1);
        }

        @Test
        void ofWhoWaitsForATurnLetsThoseTryWhoAskTheSame() throws Exception {
            Work work = new Work();
            askWorking("a", work);
            Asker leading = askWaiting("b", WorkedOutTest.this::counted);
            Asker following = askWaiting("b", WorkedOutTest.this::counted);
            leading.thread.interrupt();
            assertThatThrownBy(leading::answer).hasRootCauseInstanceOf(BusyException.class);
            assertThat(begun).hasValue(1);
            work.finish();
            assertThat(following.answer()).isNotNull();
            assertThat(begun).hasValue(2);
        }

        @Test
        void ofWhoWorksLetsThoseTryWhoAskTheSame() throws Exception {
            Asker working = askWorking("a", new Work());
            Asker waiting = askWaiting("a", WorkedOutTest.this::counted);
            working.thread.interrupt();
            assertThatThrownBy(working::answer).hasRootCauseInstanceOf(InterruptedException.class);
            assertThat(waiting.answer()).isNotNull();
            assertThat(begun).hasValue(2);
        }

        @Test
        void staysKnownToTheThread() throws Exception {
            askWorking("a", new Work());
            FutureTask<Boolean> stillInterrupted = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> answers.of("b", WorkedOutTest.this::counted))
                        .isInstanceOf(BusyException.class);
                return Thread.currentThread().isInterrupted();
            });
            new Thread(stillInterrupted).start();
            assertThat(stillInterrupted.get()).isTrue();
        }
    }
}
