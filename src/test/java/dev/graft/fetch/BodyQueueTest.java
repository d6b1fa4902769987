package dev.graft.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyQueueTest {

    private static final Duration STALL = Duration.ofSeconds(10);

    private final BodyQueue body = new BodyQueue();

    @Test
    void doesNotEndWithAPieceThatHoldsNothing() throws IOException, InterruptedException {
        List<ByteBuffer> bytes = List.of(ByteBuffer.wrap(new byte[] {1, 2}));
        body.onNext(List.of());
        body.onNext(List.of(ByteBuffer.allocate(0)));
        body.onNext(bytes);
        body.onComplete();
        assertThat(body.next(STALL)).contains(bytes);
        assertThat(body.next(STALL)).isEmpty();
    }

    @Test
    void saysThatItBroke() {
        body.onError(new IOException("gone"));
        assertThatThrownBy(() -> body.next(STALL))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
    }
}
