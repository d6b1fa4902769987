package dev.graft.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WriteLockTest {

    private static final Runnable NOT_WAITING = () -> {
        throw new AssertionError("it is free");
    };

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("file");
    }

    /** Says whether another thread gets the lock; gives it back at once. */
    private boolean freeForAnotherThread() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(() -> {
                        Optional<WriteLock> lock = WriteLock.tryTake(file());
                        if (lock.isPresent()) {
                            lock.get().close();
                        }
                        return lock.isPresent();
                    })
                    .get();
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void isHeldByOneThreadAtATime() throws Exception {
        try (WriteLock lock = WriteLock.take(file(), NOT_WAITING)) {
            assertThat(freeForAnotherThread()).isFalse();
            try (WriteLock other = WriteLock.take(folder.resolve("other"), NOT_WAITING)) {
                assertThat(other).isNotSameAs(lock);
            }
        }
        assertThat(freeForAnotherThread()).isTrue();
    }

    @Test
    void isNotTakenTwiceByOneThread() throws Exception {
        try (WriteLock lock = WriteLock.tryTake(file()).orElseThrow()) {
            assertThat(WriteLock.tryTake(file())).isEmpty();
            assertThatThrownBy(() -> WriteLock.take(file(), NOT_WAITING)).isInstanceOf(IllegalStateException.class);
            assertThat(freeForAnotherThread()).isFalse();
            assertThat(lock).isNotNull();
        }
        assertThat(freeForAnotherThread()).isTrue();
    }

    @Test
    void isWaitedForOnlyAsLongAsItIsWanted() throws Exception {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (WriteLock lock = WriteLock.take(file(), NOT_WAITING)) {
            assertThat(lock).isNotNull();
            assertThat(thread.submit(() ->
                                    WriteLock.take(file(), told::incrementAndGet, () -> asked.incrementAndGet() == 3))
                            .get())
                    .isEmpty();
        } finally {
            thread.shutdown();
        }
        assertThat(told).hasValue(1);
        assertThat(asked).hasValue(3);
        assertThat(freeForAnotherThread()).isTrue();
    }

    @Test
    void canBeLookedAtWithoutATrace() throws Exception {
        assertThat(WriteLock.isHeld(file())).isFalse();
        assertThat(WriteLock.isHeld(folder.resolve("none/file"))).isFalse();
        assertThat(folder).isEmptyDirectory();
        try (WriteLock lock = WriteLock.take(file(), NOT_WAITING)) {
            assertThat(WriteLock.isHeld(file())).isTrue();
            assertThat(freeForAnotherThread()).isFalse();
            assertThat(lock).isNotNull();
        }
        assertThat(WriteLock.isHeld(file())).isFalse();
        assertThat(freeForAnotherThread()).isTrue();
    }

    @Test
    void isFreeAgainWhenItsProcessDies() throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, out) -> {
            asked.countDown();
            never.await();
        })) {
            Process child = ChildFetch.start(server.address("/a"), file(), Map.of());
            try {
                asked.await();
                assertThat(WriteLock.tryTake(file())).isEmpty();
                assertThat(WriteLock.take(file(), () -> {}, () -> true)).isEmpty();
                assertThat(WriteLock.tryTake(file())).isEmpty();
            } finally {
                child.destroyForcibly();
            }
            child.waitFor();
            WriteLock.tryTake(file()).orElseThrow().close();
            WriteLock.take(file(), NOT_WAITING).close();
        }
    }
}
