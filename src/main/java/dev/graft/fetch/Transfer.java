package dev.graft.fetch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** One attempt at a download: asks for what is missing of a part and appends what comes. */
final class Transfer {

    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
    /** How often the disk is looked at while the size is unknown. */
    private static final long LOOK_BYTES = 16L << 20;

    private final HttpClient client;
    private final Proxies proxies;
    private final Patience patience;
    private final InstantSource clock;
    private final FetchListener listener;
    private final Download download;
    private final URI address;
    private boolean answered;

    Transfer(
            HttpClient client,
            Proxies proxies,
            Patience patience,
            InstantSource clock,
            FetchListener listener,
            Download download,
            URI address) {
        this.client = client;
        this.proxies = proxies;
        this.patience = patience;
        this.clock = clock;
        this.listener = listener;
        this.download = download;
        this.address = address;
    }

    /**
     * Fetches until the part is whole.
     *
     * @throws BrokenTransferException when another attempt may do better
     * @throws FetchException when it would not
     * @throws IOException when the part cannot be written
     */
    void run(Part part) throws BrokenTransferException, IOException, InterruptedException {
        HttpResponse<BodyQueue> response = answer(part);
        try {
            receive(response, part);
        } finally {
            response.body().cancel();
        }
    }

    private void receive(HttpResponse<BodyQueue> response, Part part)
            throws BrokenTransferException, IOException, InterruptedException {
        int status = response.statusCode();
        HttpHeaders headers = response.headers();
        if (status == 206) {
            checkRange(headers, part);
        } else if (status == 200) {
            refuseWebPage(headers);
            part.restart(validator(headers), length(headers));
        } else if (status == 416) {
            part.restart("", OptionalLong.empty());
            throw new BrokenTransferException("the server knows no such range of the file");
        } else if (status == 408 || status == 429 || status >= 500) {
            throw new BrokenTransferException("the server answered " + status, retryAfter(headers));
        } else if (status == 407) {
            throw failure("the proxy " + proxies.shown(response.uri()).orElse("") + " wants to know who asks (407)"
                    + PROXY_PASSWORD);
        } else {
            throw failure("the server answered " + status
                    + (status == 404 || status == 410
                            ? " (there is no such file)"
                            : status == 401 || status == 403 ? " (it is not for everyone)" : ""));
        }
        OptionalLong total = part.total().isPresent() ? part.total() : download.bytes();
        if (download.bytes().isPresent()
                && total.getAsLong() != download.bytes().getAsLong()) {
            part.restart("", OptionalLong.empty());
            throw failure("the server announces " + total.getAsLong() + " bytes, but the file has "
                    + download.bytes().getAsLong());
        }
        if (total.isPresent()) {
            requireSpace(part, total.getAsLong() - part.size());
        }
        listener.started(download, part.size(), total);
        append(response.body(), part, total);
        if (total.isPresent() && part.size() < total.getAsLong()) {
            throw new BrokenTransferException(
                    "the connection ended after " + part.size() + " of " + total.getAsLong() + " bytes");
        }
    }

    private void append(BodyQueue body, Part part, OptionalLong total)
            throws BrokenTransferException, IOException, InterruptedException {
        long looked = part.size();
        while (true) {
            Optional<List<ByteBuffer>> piece;
            try {
                piece = body.next(patience.stall());
            } catch (IOException e) {
                throw new BrokenTransferException(
                        "the connection broke after " + part.size() + " bytes (" + reason(e) + ")");
            }
            if (piece.isEmpty()) {
                return;
            }
            for (ByteBuffer buffer : piece.get()) {
                if (total.isPresent() && part.size() + buffer.remaining() > total.getAsLong()) {
                    part.restart("", OptionalLong.empty());
                    throw failure("the server sends more than the " + total.getAsLong() + " bytes of the file");
                }
                part.write(buffer);
            }
            if (total.isEmpty() && part.size() - looked > LOOK_BYTES) {
                looked = part.size();
                requireSpace(part, 0);
            }
            listener.progress(download, part.size(), total);
        }
    }

    /** Follows redirects to an answer; on the way, secure addresses never lead to insecure ones. */
    private HttpResponse<BodyQueue> answer(Part part) throws BrokenTransferException, InterruptedException {
        URI at = address;
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            HttpResponse<BodyQueue> response = send(at, part);
            answered = true;
            if (!REDIRECTS.contains(response.statusCode())) {
                return response;
            }
            response.body().cancel();
            at = next(download, address, at, response.headers().firstValue("Location"));
        }
        throw failure("it is redirected more than " + MOST_REDIRECTS + " times, last to " + Download.shown(at));
    }

    /** Returns where a redirect leads, if it may. */
    static URI next(Download download, URI address, URI from, Optional<String> location) {
        if (location.isEmpty()) {
            throw Fetcher.failure(download, address, "it is redirected, but the server does not say where");
        }
        URI to;
        try {
            to = from.resolve(location.get());
        } catch (IllegalArgumentException e) {
            throw Fetcher.failure(download, address, "it is redirected to " + location.get() + ", which is no address");
        }
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (to.getHost() == null || !(secure || scheme.equals("http"))) {
            throw Fetcher.failure(
                    download, address, "it is redirected to " + Download.shown(to) + ", which is not on the web");
        }
        if ("https".equalsIgnoreCase(from.getScheme()) && !secure) {
            throw Fetcher.failure(
                    download,
                    address,
                    "it is redirected from https to http, " + Download.shown(to) + ", which anyone could change");
        }
        return to;
    }

    private HttpResponse<BodyQueue> send(URI at, Part part) throws BrokenTransferException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at).header("User-Agent", "graft").header("Accept-Encoding", "identity");
        Optional<String> validator = part.validator();
        if (part.size() > 0 && validator.isPresent()) {
            request.header("Range", "bytes=" + part.size() + "-").header("If-Range", validator.get());
        }
        // Here rather than in the client, which would not pass on what is wrong with a proxy.
        proxies.select(at);
        // Not the request's own timeout: from Java 26 on, that counts the body too, which may take hours.
        CompletableFuture<HttpResponse<BodyQueue>> answer = client.sendAsync(request.build(), info -> new BodyQueue());
        try {
            return answer.get(patience.stall().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new BrokenTransferException("no answer from " + at.getHost() + " within "
                    + patience.stall().toSeconds() + " seconds");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException io) {
                throw unreachable(at, io);
            }
            // From Java's client, when the answer's headers are none.
            throw failure("the server's answer cannot be understood (" + cause + ")");
        }
    }

    private static final String PROXY_PASSWORD =
            "; name user and password as in https_proxy=http://USER:PASSWORD@HOST:PORT";

    /** Tells failures that another attempt may mend from those that the user must. */
    private BrokenTransferException unreachable(URI at, IOException e) {
        String via =
                proxies.shown(at).map(proxy -> " through the proxy " + proxy).orElse("");
        String who = at.getHost() + via;
        String asked = via.isEmpty() ? at.getHost() : via.substring(" through ".length());
        String message = String.valueOf(e.getMessage());
        if (!answered && (e instanceof SSLException || e.getCause() instanceof SSLException)) {
            throw failure("no secure connection to " + who + ": " + reason(e)
                    + "; where a proxy reads along, Java's trust store must know its certificate");
        }
        if (message.contains("Tunnel failed")
                || message.contains("authentication")
                || message.contains("credentials")) {
            throw failure("the proxy" + via.replace(" through the proxy", "") + " does not let it through (" + message
                    + ")" + PROXY_PASSWORD);
        }
        String said;
        if (e instanceof HttpConnectTimeoutException) {
            said = asked + " cannot be reached within " + patience.connect().toSeconds() + " seconds";
        } else if (e instanceof ConnectException && hasCause(e, UnresolvedAddressException.class)) {
            said = (via.isEmpty() ? "the host " : "") + asked + " is unknown; is there a network?";
        } else if (e instanceof ConnectException) {
            said = asked + " refuses connections";
        } else {
            return new BrokenTransferException("the connection to " + who + " broke (" + reason(e) + ")");
        }
        if (!answered) {
            // It never worked: better said at once than after a minute of pauses.
            throw failure(said);
        }
        return new BrokenTransferException(said);
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    private void checkRange(HttpHeaders headers, Part part) throws BrokenTransferException, IOException {
        Matcher range = RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
        boolean fits = range.matches() && Long.parseLong(range.group(1)) == part.size() && part.size() > 0;
        OptionalLong total = fits && !range.group(2).equals("*")
                ? OptionalLong.of(Long.parseLong(range.group(2)))
                : OptionalLong.empty();
        if (total.isPresent()) {
            fits = total.getAsLong() > part.size()
                    && (part.total().isEmpty() || part.total().equals(total));
        }
        String validator = validator(headers);
        if (fits && !validator.isEmpty()) {
            fits = part.validator().orElse("").equals(validator);
        }
        if (!fits) {
            part.restart("", OptionalLong.empty());
            throw new BrokenTransferException("the server went on with another part or version of the file");
        }
        if (part.total().isEmpty()) {
            if (total.isPresent()) {
                part.learn(total.getAsLong());
            } else if (download.bytes().isEmpty()) {
                // The end of this range need not be the end of the file.
                part.restart("", OptionalLong.empty());
                throw new BrokenTransferException("the server does not say how long the file is");
            }
        }
    }

    /** A strong ETag, or the date of the last change; weak ETags promise too little for joining bytes. */
    private static String validator(HttpHeaders headers) {
        return headers.firstValue("ETag")
                .filter(tag -> tag.startsWith("\""))
                .or(() -> headers.firstValue("Last-Modified"))
                .orElse("");
    }

    private static OptionalLong length(HttpHeaders headers) {
        return headers.firstValue("Content-Length")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    private void refuseWebPage(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/html")) {
            throw failure("the server sent a web page instead of the file; is there a login page in between?");
        }
    }

    private void requireSpace(Part part, long bytes) throws IOException {
        Optional<String> shortage = DiskSpace.shortage(part.file(), bytes);
        if (shortage.isPresent()) {
            throw failure("it " + shortage.get());
        }
    }

    private Optional<Duration> retryAfter(HttpHeaders headers) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            Duration wait = Duration.between(clock.instant(), at);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private FetchException failure(String reason) {
        return Fetcher.failure(download, address, reason);
    }
}
