package dev.graft.fetch;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, handed over piece by piece. Unlike a stream, waiting for the next piece has a limit. At most
 * one piece is under way at a time.
 */
final class BodyQueue implements BodySubscriber<BodyQueue> {

    /** Pieces of the body; after the last there are none, and one with a failure says that it broke. */
    private record Piece(
            List<ByteBuffer> buffers,
            boolean last,
            @Nullable Throwable failure) {}

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (!subscription.complete(given)) {
            given.cancel();
            return;
        }
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        pieces.add(new Piece(List.copyOf(buffers), false, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), true, null));
    }

    /**
     * Waits for the next piece.
     *
     * @return the piece, or empty at the end
     * @throws IOException when the connection broke, or nothing came for that long
     */
    Optional<List<ByteBuffer>> next(Duration stall) throws IOException, InterruptedException {
        Piece piece;
        do {
            piece = pieces.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
            if (piece == null) {
                throw new IOException("nothing came for " + stall.toSeconds() + " seconds");
            }
            if (piece.failure() != null) {
                throw new IOException(String.valueOf(piece.failure().getMessage()), piece.failure());
            }
            if (piece.last()) {
                return Optional.empty();
            }
            subscription.thenAccept(given -> given.request(1));
        } while (piece.buffers().stream().noneMatch(ByteBuffer::hasRemaining));
        return Optional.of(piece.buffers());
    }

    /** Wants no more of it; the connection is closed. */
    void cancel() {
        subscription.thenAccept(Flow.Subscription::cancel);
    }
}
