package dev.graft.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final byte[] BYTES = bytes(1, 300_000);
    private static final byte[] OTHER = bytes(2, 300_000);

    @TempDir
    Path folder;

    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Checksum sha256(byte[] bytes) {
        return new Checksum(Checksum.Algorithm.SHA_256, digest("SHA-256", bytes));
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Download download(URI address) {
        return new Download(address, OptionalLong.empty(), Optional.empty(), "");
    }

    private static Download checked(URI address) {
        return new Download(address, OptionalLong.of(BYTES.length), Optional.of(sha256(BYTES)), "");
    }

    private Fetcher fetcher() {
        return fetcher(Map.of(), false, 3);
    }

    private Fetcher fetcher(Map<String, String> environment, boolean offline, int attempts) {
        FetchListener listener = new FetchListener() {
            @Override
            public void retrying(Download download, String reason) {
                told.add(reason);
            }

            @Override
            public void otherSize(Download download, Path file, long bytes) {
                told.add(file + " has " + bytes + " bytes");
            }

            @Override
            public void progress(Download download, long done, OptionalLong total) {
                if (total.isPresent()) {
                    assertThat(done).isLessThanOrEqualTo(total.getAsLong());
                }
            }
        };
        return new Fetcher(
                WebAccess.of(environment, offline),
                new Patience(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        attempts),
                () -> NOW,
                pauses::add,
                listener,
                ArchiveLimits.USUAL);
    }

    private Path target() {
        return folder.resolve("weights/file.h5");
    }

    private List<String> files() throws IOException {
        if (!Files.isDirectory(target().getParent())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(target().getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private void assertRefused(Download download, String... words) throws IOException {
        assertThatThrownBy(() -> fetcher().fetch(download, target()))
                .isInstanceOf(FetchException.class)
                .hasMessageContaining(download.address().toString())
                .hasMessageContainingAll(words);
        assertThat(target()).doesNotExist();
    }

    @Nested
    class AFileThatComes {

        @Test
        void isPlacedWhenItsDigestIsRight() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                Fetched fetched = fetcher().fetch(checked(server.address("/a")), target());
                assertThat(fetched).isEqualTo(new Fetched(target(), BYTES.length, sha256(BYTES), true, true));
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(files()).containsExactly("file.h5");
            }
        }

        @Test
        void isCheckedAgainstAnMd5WhereThatIsAllThereIs() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                Checksum md5 = Checksum.md5(digest("MD5", BYTES));
                Download download = new Download(server.address("/a"), OptionalLong.empty(), Optional.of(md5), "");
                assertThat(fetcher().fetch(download, target()).checksum()).isEqualTo(md5);
            }
        }

        @Test
        void isNotFetchedAgain() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                fetcher().fetch(checked(server.address("/a")), target());
                Fetched again = fetcher().fetch(checked(server.address("/a")), target());
                assertThat(again.fetched()).isFalse();
                assertThat(again.checked()).isTrue();
                assertThat(server.requests()).hasSize(1);
            }
        }

        @Test
        void hasItsDigestRecordedWhereNoneIsPublished() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                Fetched fetched = fetcher().fetch(download(server.address("/a")), target());
                assertThat(fetched.checked()).isFalse();
                assertThat(fetched.checksum()).isEqualTo(sha256(BYTES));
                assertThat(files()).containsExactly("file.h5", "file.h5.sha256");
                assertThat(fetcher().check(download(server.address("/a")), target()))
                        .contains(new Fetched(target(), BYTES.length, sha256(BYTES), true, false));
                Files.write(target(), OTHER);
                assertThatThrownBy(() -> fetcher().check(download(server.address("/a")), target()))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContainingAll(
                                sha256(BYTES).hex(), sha256(OTHER).hex());
                assertThat(target()).hasBinaryContent(OTHER);
            }
        }

        @Test
        void mayBeEmpty() throws IOException {
            try (RawServer server = RawServer.of(new byte[0])) {
                assertThat(fetcher()
                                .fetch(download(server.address("/a")), target())
                                .bytes())
                        .isZero();
                assertThat(target()).hasBinaryContent(new byte[0]);
            }
        }

        @Test
        void mayComeInChunksOfUnknownNumber() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", "Transfer-Encoding: chunked");
                for (int i = 0; i < BYTES.length; i += 100_000) {
                    out.write((Integer.toHexString(100_000) + "\r\n").getBytes(UTF_8));
                    out.write(BYTES, i, 100_000);
                    out.write("\r\n".getBytes(UTF_8));
                }
                out.write("0\r\n\r\n".getBytes(UTF_8));
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void mayLieBehindARedirect() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                if (request.target().equals("/a")) {
                    RawServer.head(out, "302 Found", "Location: /b?c=d", "Content-Length: 0");
                } else {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                }
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(server.requests().get(1).target()).isEqualTo("/b?c=d");
            }
        }
    }

    @Nested
    class ATransferThatBreaks {

        /** Sends the first half of the first answer, and everything that is asked for afterwards. */
        private RawServer breaksOnce(RawServer.Answer afterwards) {
            int[] count = {0};
            return new RawServer((request, out) -> {
                if (count[0]++ == 0) {
                    RawServer.head(out, "200 OK", "ETag: \"v1\"", "Content-Length: " + BYTES.length);
                    out.write(BYTES, 0, BYTES.length / 2);
                } else {
                    afterwards.to(request, out);
                }
            });
        }

        @Test
        void goesOnWhereItBroke() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> RawServer.range(out, request, BYTES, "\"v1\""))) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests().get(1).headers())
                        .containsEntry("if-range", "\"v1\"")
                        .containsKey("range");
                assertThat(server.requests().get(1).from()).isBetween(1, BYTES.length / 2);
                assertThat(pauses).containsExactly(Duration.ofSeconds(1));
            }
        }

        @Test
        void goesOnInALaterProcess() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> RawServer.range(out, request, BYTES, "\"v1\""))) {
                assertThatThrownBy(() -> fetcher(Map.of(), false, 1).fetch(checked(server.address("/a")), target()))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContaining("is kept");
                assertThat(files()).containsExactly("file.h5.part", "file.h5.part.info");
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(server.requests().get(1).from()).isPositive();
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(files()).containsExactly("file.h5");
            }
        }

        /** Sends the first 100 bytes in a chunked answer that tells no size, then as it is told. */
        private RawServer breaksInChunks(RawServer.Answer afterwards) {
            int[] count = {0};
            return new RawServer((request, out) -> {
                if (count[0]++ == 0) {
                    RawServer.head(out, "200 OK", "ETag: \"v1\"", "Transfer-Encoding: chunked");
                    out.write("64\r\n".getBytes(UTF_8));
                    out.write(BYTES, 0, 100);
                    out.write("\r\n".getBytes(UTF_8));
                } else {
                    afterwards.to(request, out);
                }
            });
        }

        @Test
        void isNotWholeWhereARangeEndsBeforeTheFile() throws IOException {
            try (RawServer server = breaksInChunks((request, out) -> {
                int from = request.from();
                int to = Math.min(BYTES.length, from + 100_000);
                RawServer.head(
                        out,
                        "206 Partial Content",
                        "ETag: \"v1\"",
                        "Content-Length: " + (to - from),
                        "Content-Range: bytes " + from + "-" + (to - 1) + "/" + BYTES.length);
                out.write(BYTES, from, to - from);
            })) {
                fetcher().fetch(download(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests())
                        .extracting(RawServer.Request::from)
                        .containsExactly(0, 100, 100_100, 200_100);
            }
        }

        @Test
        void remembersTheSizeThatOnlyARangeTold() throws IOException {
            try (RawServer server = breaksInChunks((request, out) -> {
                int from = request.from();
                RawServer.head(
                        out,
                        "206 Partial Content",
                        "ETag: \"v1\"",
                        "Content-Length: 200",
                        "Content-Range: bytes " + from + "-" + (from + 199) + "/" + BYTES.length);
                out.write(BYTES, from, 200);
            })) {
                Download download = download(server.address("/a"));
                assertThatThrownBy(() -> fetcher(Map.of(), false, 2).fetch(download, target()))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContaining("after 300 of 300000 bytes");
                assertThat(files()).containsExactly("file.h5.part", "file.h5.part.info");
                assertThat(folder.resolve("weights/file.h5.part.info"))
                        .content()
                        .contains("total=300000");
            }
        }

        @Test
        void beginsAgainWhereNothingTellsTheSize() throws IOException {
            try (RawServer server = breaksInChunks((request, out) -> {
                if (request.from() > 0) {
                    RawServer.head(
                            out,
                            "206 Partial Content",
                            "ETag: \"v1\"",
                            "Content-Length: 200",
                            "Content-Range: bytes 100-299/*");
                    out.write(BYTES, 100, 200);
                } else {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                }
            })) {
                fetcher().fetch(download(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests())
                        .extracting(RawServer.Request::from)
                        .containsExactly(0, 100, 0);
            }
        }

        @Test
        void beginsAgainWhereTheServerIgnoresRanges() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> {
                RawServer.head(out, "200 OK", "ETag: \"v1\"", "Content-Length: " + BYTES.length);
                out.write(BYTES);
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(server.requests().get(1).from()).isPositive();
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void beginsAgainWhereTheFileHasChanged() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> RawServer.range(out, request, OTHER, "\"v2\""))) {
                fetcher().fetch(download(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(OTHER);
            }
        }

        @Test
        void isNotFooledByAServerThatJoinsVersions() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> {
                if (request.from() > 0) {
                    int from = request.from();
                    RawServer.head(
                            out,
                            "206 Partial Content",
                            "ETag: \"v2\"",
                            "Content-Range: bytes " + from + "-" + (OTHER.length - 1) + "/" + OTHER.length,
                            "Content-Length: " + (OTHER.length - from));
                    out.write(OTHER, from, OTHER.length - from);
                } else {
                    RawServer.range(out, request, OTHER, "\"v2\"");
                }
            })) {
                fetcher().fetch(download(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(OTHER);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"bytes 7-299999/300000", "bytes 0-299999/300000", "", "lines 3"})
        void isNotFooledByAnotherRange(String range) throws IOException {
            try (RawServer server = breaksOnce((request, out) -> {
                if (request.from() > 0) {
                    RawServer.head(out, "206 Partial Content", "Content-Range: " + range, "Content-Length: 9");
                    out.write(OTHER, 0, 9);
                } else {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                }
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void beginsAgainWhereTheServerKnowsNoSuchRange() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> {
                if (request.from() > 0) {
                    RawServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
                } else {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                }
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @ParameterizedTest
        @CsvSource({"W/\"v1\",", ",", ",'Sat, 21 Nov 2026 10:00:00 GMT'"})
        void goesOnOnlyWithSomethingThatTellsVersions(String tag, String date) throws IOException {
            List<String> headers = new ArrayList<>(List.of("Content-Length: " + BYTES.length));
            if (tag != null) {
                headers.add("ETag: " + tag);
            }
            if (date != null) {
                headers.add("Last-Modified: " + date);
            }
            int[] count = {0};
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", headers.toArray(String[]::new));
                out.write(BYTES, 0, count[0]++ == 0 ? BYTES.length / 2 : BYTES.length);
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(server.requests().get(1).headers().get("if-range")).isEqualTo(date);
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void throwsAwayThePartOfAnotherAddress() throws IOException {
            try (RawServer first = breaksOnce((request, out) -> out.close());
                    RawServer second = RawServer.of(BYTES)) {
                assertThatThrownBy(() -> fetcher(Map.of(), false, 1).fetch(checked(first.address("/a")), target()))
                        .isInstanceOf(FetchException.class);
                assertThat(files()).contains("file.h5.part");
                fetcher().fetch(checked(second.address("/a")), target());
                assertThat(second.requests().get(0).from()).isZero();
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void throwsAwayAPartThatTurnsOutWrong() throws IOException {
            try (RawServer server = breaksOnce((request, out) -> RawServer.range(out, request, BYTES, "\"v1\""))) {
                assertThatThrownBy(() -> fetcher(Map.of(), false, 1).fetch(checked(server.address("/a")), target()))
                        .isInstanceOf(FetchException.class);
                Path part = folder.resolve("weights/file.h5.part");
                Files.write(part, Arrays.copyOf(OTHER, (int) Files.size(part)));
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests()).hasSize(3);
            }
        }

        @Test
        void survivesADamagedNote() throws IOException {
            Files.createDirectories(target().getParent());
            Files.write(folder.resolve("weights/file.h5.part"), OTHER);
            Files.write(folder.resolve("weights/file.h5.part.info"), new byte[] {(byte) 0xff, '\\', 'u', 'x'});
            try (RawServer server = RawServer.of(BYTES)) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void isGivenUpAfterSomeAttempts() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", "ETag: \"v1\"", "Content-Length: " + BYTES.length);
                out.write(BYTES, 0, 10);
            })) {
                assertRefused(checked(server.address("/a")), "the connection", "after 10", "3 times in a row");
                assertThat(server.requests()).hasSize(3);
                assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
            }
        }

        @Test
        void isTriedAsLongAsItBringsSomething() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                int from = request.from();
                int to = Math.min(BYTES.length, from + 70_000);
                RawServer.head(
                        out,
                        from == 0 ? "200 OK" : "206 Partial Content",
                        "ETag: \"v1\"",
                        "Content-Length: " + (BYTES.length - from),
                        "Content-Range: bytes " + from + "-" + (BYTES.length - 1) + "/" + BYTES.length);
                out.write(BYTES, from, to - from);
            })) {
                fetcher(Map.of(), false, 2).fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests()).hasSizeGreaterThan(3);
            }
        }

        @Test
        void isGivenUpWhereHalvesComeAgainAndAgain() throws IOException {
            int[] count = {0};
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", "Content-Length: " + BYTES.length);
                out.write(BYTES, 0, count[0]++ % 2 == 0 ? 200_000 : 100_000);
            })) {
                assertRefused(checked(server.address("/a")), "3 times in a row");
            }
        }

        @Test
        void isBrokenOffWhenNothingComes() throws IOException {
            CountDownLatch never = new CountDownLatch(1);
            int[] count = {0};
            try (RawServer server = new RawServer((request, out) -> {
                if (count[0]++ == 0) {
                    RawServer.head(out, "200 OK", "ETag: \"v1\"", "Content-Length: " + BYTES.length);
                    out.write(BYTES, 0, 1000);
                    out.flush();
                    never.await();
                }
                RawServer.range(out, request, BYTES, "\"v1\"");
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(told.get(0)).contains("nothing came for 2 seconds");
            }
        }

        @Test
        void isBrokenOffWhenThereIsNoAnswer() throws IOException {
            CountDownLatch never = new CountDownLatch(1);
            try (RawServer server = new RawServer((request, out) -> never.await())) {
                assertThatThrownBy(() -> fetcher(Map.of(), false, 1).fetch(checked(server.address("/a")), target()))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContaining("no answer from 127.0.0.1 within 2 seconds");
            }
        }
    }

    @Nested
    class APartThatIsWhole {

        /** Leaves what a process leaves that dies before it gives the file its name. */
        private void leave(byte[] bytes, URI address, long total) throws IOException {
            Files.createDirectories(target().getParent());
            Files.write(folder.resolve("weights/file.h5.part"), bytes);
            Files.writeString(
                    folder.resolve("weights/file.h5.part.info"),
                    "address=" + address.toString().replace(":", "\\:") + "\nvalidator=\"v1\"\ntotal=" + total + "\n");
        }

        @Test
        void isNotFetchedAgain() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                URI address = server.address("/a");
                for (Download download : List.of(checked(address), download(address))) {
                    leave(BYTES, address, BYTES.length);
                    Fetched fetched = fetcher().fetch(download, target());
                    assertThat(fetched.checksum()).isEqualTo(sha256(BYTES));
                    assertThat(target()).hasBinaryContent(BYTES);
                    Files.delete(target());
                }
                assertThat(server.requests()).isEmpty();
            }
        }

        @Test
        void isFetchedAgainWhereItIsWrong() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                URI address = server.address("/a");
                leave(OTHER, address, OTHER.length);
                fetcher().fetch(checked(address), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests()).hasSize(1);
            }
        }

        @Test
        void isFetchedAgainWhereTheFileHasAnotherSize() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                URI address = server.address("/a");
                leave(new byte[7], address, 7);
                fetcher().fetch(new Download(address, OptionalLong.of(BYTES.length), Optional.empty(), ""), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void isFetchedAgainWhereItIsTooLong() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                URI address = server.address("/a");
                leave(Arrays.copyOf(BYTES, BYTES.length + 1), address, BYTES.length);
                fetcher().fetch(download(address), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests().get(0).from()).isZero();
            }
        }
    }

    @Nested
    class AServerThatLies {

        @Test
        void announcingAnotherSizeThanTheFileHas() throws IOException {
            try (RawServer server = RawServer.of(Arrays.copyOf(BYTES, 1000))) {
                assertRefused(checked(server.address("/a")), "announces 1000 bytes, but the file has 300000");
                assertThat(files()).isEmpty();
                assertThat(server.requests()).hasSize(1);
            }
        }

        @Test
        void sendingWithoutEnd() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", "ETag: \"v1\"");
                while (true) {
                    out.write(BYTES);
                }
            })) {
                assertRefused(checked(server.address("/a")), "sends more than the 300000 bytes");
                assertThat(files()).isEmpty();
            }
        }

        @Test
        void announcingMoreThanItSends() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", "Content-Length: 400000");
                out.write(BYTES);
            })) {
                assertRefused(download(server.address("/a")), "the connection");
            }
        }

        @Test
        void announcingMoreThanTheDiskHolds() throws IOException {
            try (RawServer server = new RawServer(
                    (request, out) -> RawServer.head(out, "200 OK", "Content-Length: 900000000000000000"))) {
                assertRefused(download(server.address("/a")), "900000000000000000 bytes more", "are free");
            }
        }

        @Test
        void sendingTheWrongFile() throws IOException {
            try (RawServer server = RawServer.of(OTHER)) {
                assertRefused(
                        checked(server.address("/a")),
                        sha256(BYTES).toString(),
                        sha256(OTHER).toString(),
                        "it was deleted");
                assertThat(files()).isEmpty();
            }
        }

        @Test
        void sendingALoginPage() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {
                RawServer.head(out, "200 OK", "Content-Type: text/html; charset=utf-8", "Content-Length: 6");
                out.write("<html>".getBytes(UTF_8));
            })) {
                assertRefused(download(server.address("/a")), "a web page instead of the file");
                assertThat(files()).isEmpty();
            }
        }
    }

    @Nested
    class AnAnswerThatIsNoFile {

        private RawServer answering(String status, String... headers) {
            return new RawServer((request, out) -> RawServer.head(out, status, headers));
        }

        @ParameterizedTest
        @CsvSource({"404 Not Found, there is no such file", "403 Forbidden, not for everyone", "418 Teapot, 418"})
        void isFinal(String status, String words) throws IOException {
            try (RawServer server = answering(status, "Content-Length: 0")) {
                assertRefused(checked(server.address("/a")), status.substring(0, 3), words);
                assertThat(server.requests()).hasSize(1);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"500 Oops", "503 Busy", "429 Slow", "408 Timeout"})
        void isTriedAgainWhereThatMayHelp(String status) throws IOException {
            int[] count = {0};
            try (RawServer server = new RawServer((request, out) -> {
                if (count[0]++ < 2) {
                    RawServer.head(out, status, "Content-Length: 0");
                } else {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                }
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
                assertThat(told.get(0)).contains(status.substring(0, 3));
            }
        }

        @ParameterizedTest
        @CsvSource({"7, 7", "'Sun, 22 Nov 2026 10:00:09 GMT', 9", "'Sun, 22 Nov 2026 09:00:00 GMT', 0", "soon, 1"})
        void isWaitedForAsTheServerAsks(String header, int seconds) throws IOException {
            int[] count = {0};
            try (RawServer server = new RawServer((request, out) -> {
                if (count[0]++ == 0) {
                    RawServer.head(out, "429 Slow", "Retry-After: " + header, "Content-Length: 0");
                } else {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                }
            })) {
                fetcher().fetch(checked(server.address("/a")), target());
                assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
            }
        }

        @Test
        void isGivenUpWhereTheServerAsksForTooMuch() throws IOException {
            try (RawServer server = answering("503 Busy", "Retry-After: 3600", "Content-Length: 0")) {
                assertRefused(checked(server.address("/a")), "503", "3600 seconds");
                assertThat(pauses).isEmpty();
            }
        }

        @Test
        void isGivenUpWhereItGoesRoundInCircles() throws IOException {
            try (RawServer server = answering("301 Moved", "Location: /a", "Content-Length: 0")) {
                assertRefused(checked(server.address("/a")), "redirected more than 10 times");
                assertThat(server.requests()).hasSize(11);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "https://a.example/f, http://b.example/f, from https to http",
            "http://a.example/f, ftp://b.example/f, not on the web",
            "http://a.example/f, file:///etc/passwd, not on the web",
            "http://a.example/f, 'http://b.example/a b', no address",
            "http://a.example/f, , does not say where"
        })
        void isNotFollowedToWhereItMustNotLead(URI from, String to, String words) {
            assertThatThrownBy(() -> Transfer.next(download(from), from, from, Optional.ofNullable(to)))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining(words);
        }
    }

    @Nested
    class AServerThatTalksNonsense {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "nonsense\r\n\r\n",
                    "HTTP/1.1 two hundred\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc",
                    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
                    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
                    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc",
                    "HTTP/1.1 200 OK\r\nbad header\r\n\r\nabc",
                    "HTTP/1.1 302 Found\r\nLocation: ::\r\nContent-Length: 0\r\n\r\n"
                })
        void isRefused(String answer) throws IOException {
            try (RawServer server = new RawServer((request, out) -> out.write(answer.getBytes(UTF_8)))) {
                assertRefused(checked(server.address("/a")), "cannot be fetched");
            }
        }
    }

    @Nested
    class AServerOutOfReach {

        @Test
        void refuses() throws IOException {
            int port;
            try (ServerSocket socket = new ServerSocket(0)) {
                port = socket.getLocalPort();
            }
            assertRefused(download(URI.create("http://127.0.0.1:" + port + "/a")), "127.0.0.1 refuses connections");
            assertThat(pauses).isEmpty();
        }

        @Test
        void isUnknown() throws IOException {
            assertRefused(
                    download(URI.create("http://nowhere.invalid/a")), "the host nowhere.invalid is unknown", "network");
        }

        @Test
        void speaksNoTls() throws IOException {
            try (RawServer server = new RawServer((request, out) -> out.write("hello\r\n".getBytes(UTF_8)))) {
                assertRefused(
                        download(URI.create("https://127.0.0.1:" + server.port() + "/a")), "no secure connection");
            }
        }

        @Test
        void closesAtOnce() throws IOException {
            try (RawServer server = new RawServer((request, out) -> {})) {
                assertRefused(download(server.address("/a")), "broke", "3 times in a row");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"ftp://example.org/a", "file:///etc/passwd", "http:/a"})
        void isNotOnTheWeb(String address) throws IOException {
            assertRefused(download(URI.create(address)), "no http or https address");
        }
    }

    @Nested
    class Offline {

        @Test
        void nothingIsFetchedAndTheMessageSaysWhy() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                for (Fetcher offline : List.of(
                        fetcher(Map.of(), true, 3),
                        fetcher(Map.of("GRAFT_OFFLINE", "1"), false, 3),
                        fetcher(Map.of("GRAFT_OFFLINE", "true"), false, 3))) {
                    assertThatThrownBy(() -> offline.fetch(
                                    new Download(
                                            server.address("/a"),
                                            OptionalLong.empty(),
                                            Optional.empty(),
                                            "Put it there by hand."),
                                    target()))
                            .isInstanceOf(FetchException.class)
                            .hasMessageContainingAll("--offline", "GRAFT_OFFLINE", "Put it there by hand.");
                }
                assertThat(server.requests()).isEmpty();
                fetcher(Map.of("GRAFT_OFFLINE", "0"), false, 3).fetch(checked(server.address("/a")), target());
            }
        }

        @Test
        void whatIsThereIsUsed() throws IOException {
            Files.createDirectories(target().getParent());
            Files.write(target(), BYTES);
            Fetched there = fetcher(Map.of(), true, 3).fetch(checked(URI.create("https://example.org/a")), target());
            assertThat(there.fetched()).isFalse();
        }
    }

    @Nested
    class AMirror {

        @Test
        void keepsThePath() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                Download download = checked(URI.create("https://official.example/x/y.h5?a=b"));
                Fetcher mirrored =
                        fetcher(Map.of("GRAFT_MIRROR", server.address("/copy/").toString()), false, 3);
                mirrored.fetchOfficial(download, target());
                assertThat(server.requests().get(0).target()).isEqualTo("/copy/x/y.h5?a=b");
            }
        }

        @Test
        void isNamedWhenItFails() throws IOException {
            try (RawServer server = new RawServer((request, out) -> RawServer.head(out, "404 Not Found"))) {
                Download download = checked(URI.create("https://official.example/x"));
                Fetcher mirrored =
                        fetcher(Map.of("GRAFT_MIRROR", server.address("").toString()), false, 3);
                assertThatThrownBy(() -> mirrored.fetchOfficial(download, target()))
                        .hasMessageContainingAll(
                                server.address("/x").toString(), "the mirror of https://official.example/x");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"example.org", "ftp://example.org", "https://", "https://example.org/?q", "https://a b/"})
        void mustBeAnAddress(String mirror) {
            assertThatThrownBy(() -> WebAccess.of(Map.of("GRAFT_MIRROR", mirror), false)
                            .mirrored(URI.create("https://official.example/x")))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("GRAFT_MIRROR must be");
        }
    }

    @Nested
    class AProxy {

        private static final String USER =
                "Basic " + Base64.getEncoder().encodeToString("me:p@ss+word".getBytes(UTF_8));

        @ParameterizedTest
        @ValueSource(strings = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        void isAskedForOtherHosts(String variable) throws IOException {
            try (RawServer proxy = RawServer.of(BYTES)) {
                fetcher(Map.of(variable, "127.0.0.1:" + proxy.port()), false, 3)
                        .fetch(checked(URI.create("http://files.example/a")), target());
                assertThat(proxy.requests().get(0).target()).isEqualTo("http://files.example/a");
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void isToldUserAndPasswordWhenItAsks() throws IOException {
            try (RawServer proxy = new RawServer((request, out) -> {
                if (USER.equals(request.headers().get("proxy-authorization"))) {
                    RawServer.range(out, request, BYTES, "\"v1\"");
                } else {
                    RawServer.head(
                            out,
                            "407 Proxy Authentication Required",
                            "Proxy-Authenticate: Basic realm=\"office\"",
                            "Content-Length: 0");
                }
            })) {
                fetcher(Map.of("http_proxy", "http://me:p%40ss+word@127.0.0.1:" + proxy.port()), false, 3)
                        .fetch(checked(URI.create("http://files.example/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }

        @Test
        void thatIsNotThereIsNamed() throws IOException {
            int port;
            try (ServerSocket socket = new ServerSocket(0)) {
                port = socket.getLocalPort();
            }
            for (String scheme : List.of("http", "https")) {
                Download download = checked(URI.create(scheme + "://files.example/a"));
                Fetcher refused = fetcher(Map.of("all_proxy", "127.0.0.1:" + port), false, 3);
                assertThatThrownBy(() -> refused.fetch(download, target()))
                        .hasMessageContaining(": the proxy 127.0.0.1:" + port + " refuses connections");
                Fetcher unknown = fetcher(Map.of("all_proxy", "proxy.invalid:3128"), false, 3);
                assertThatThrownBy(() -> unknown.fetch(download, target()))
                        .hasMessageContaining(": the proxy proxy.invalid:3128 is unknown");
            }
        }

        @Test
        void thatWantsAPasswordSaysSo() throws IOException {
            try (RawServer proxy = new RawServer((request, out) -> RawServer.head(
                    out,
                    "407 Proxy Authentication Required",
                    "Proxy-Authenticate: Basic realm=\"office\"",
                    "Content-Length: 0"))) {
                Fetcher fetcher = fetcher(Map.of("http_proxy", "127.0.0.1:" + proxy.port()), false, 3);
                assertThatThrownBy(() -> fetcher.fetch(checked(URI.create("http://files.example/a")), target()))
                        .hasMessageContainingAll("the proxy 127.0.0.1:" + proxy.port(), "USER:PASSWORD");
            }
        }

        /** In a process of its own: Java decides once whether proxies of secure connections get passwords. */
        @Test
        void ofSecureConnectionsIsToldUserAndPasswordToo() throws IOException, InterruptedException {
            try (RawServer proxy = new RawServer((request, out) -> RawServer.head(
                    out,
                    USER.equals(request.headers().get("proxy-authorization"))
                            ? "403 Not Today"
                            : "407 Proxy Authentication Required",
                    "Proxy-Authenticate: Basic realm=\"office\"",
                    "Content-Length: 0"))) {
                String named = "http://me:p%40ss+word@127.0.0.1:" + proxy.port();
                Process child =
                        ChildFetch.start(URI.create("https://files.example/a"), target(), Map.of("HTTPS_PROXY", named));
                String said = new String(child.getInputStream().readAllBytes(), UTF_8);
                assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(said)
                        .contains("https://files.example/a cannot be fetched")
                        .doesNotContain("p@ss", "p%40ss");
                assertThat(proxy.requests()).anySatisfy(request -> {
                    assertThat(request.method()).isEqualTo("CONNECT");
                    assertThat(request.target()).isEqualTo("files.example:443");
                    assertThat(request.headers()).containsEntry("proxy-authorization", USER);
                });
            }
        }

        @ParameterizedTest
        @CsvSource({
            "files.example, false",
            ".example, false",
            "*.example, false",
            "other.example, true",
            "'other.example, files.example:80', false",
            "files.example:8080, true",
            "*, false",
            "les.example, true"
        })
        void isPassedByWhereNoProxySaysSo(String noProxy, boolean proxied) {
            Proxies proxies = Proxies.of(Map.of("http_proxy", "proxy.example:3128", "no_proxy", noProxy));
            assertThat(proxies.shown(URI.create("http://files.example/a")).isPresent())
                    .isEqualTo(proxied);
        }

        @Test
        void isPassedByForThisMachine() {
            Proxies proxies = Proxies.of(Map.of("http_proxy", "proxy.example:3128"));
            assertThat(proxies.shown(URI.create("http://127.0.0.1:99/a"))).isEmpty();
            assertThat(proxies.shown(URI.create("http://localhost/a"))).isEmpty();
            assertThat(proxies.shown(URI.create("http://files.example/a"))).contains("proxy.example:3128");
            assertThat(proxies.shown(URI.create("https://files.example/a"))).isEmpty();
        }

        @Test
        void ofJavasPropertiesComesFirst() {
            System.setProperty("https.proxyHost", "java.example");
            System.setProperty("https.proxyPort", "3129");
            try {
                Proxies proxies = Proxies.of(Map.of("https_proxy", "proxy.example:3128"));
                assertThat(proxies.shown(URI.create("https://files.example/a"))).contains("java.example:3129");
            } finally {
                System.clearProperty("https.proxyHost");
                System.clearProperty("https.proxyPort");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"socks5://me:secret@proxy:1080", "http://me:secret@", "://", "http://a b"})
        void mustBeOneThatCanBeUsed(String value) {
            Download download = checked(URI.create("https://files.example/a"));
            assertThatThrownBy(() ->
                            fetcher(Map.of("https_proxy", value), false, 3).fetch(download, target()))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("https_proxy must be http://")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        }

        @Test
        void thatCannotBeUsedDoesNotMatterWhereItIsNotAsked() throws IOException {
            Map<String, String> environment = Map.of(
                    "ALL_PROXY", "socks5://proxy:1080", "https_proxy", "proxy.example:3128", "no_proxy", "a.example");
            Proxies proxies = Proxies.of(environment);
            assertThat(proxies.shown(URI.create("https://files.example/a"))).contains("proxy.example:3128");
            assertThat(proxies.shown(URI.create("http://a.example/a"))).isEmpty();
            assertThatThrownBy(() -> proxies.shown(URI.create("http://files.example/a")))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("all_proxy must be http://");
            try (RawServer server = RawServer.of(BYTES)) {
                fetcher(environment, false, 3).fetch(checked(server.address("/a")), target());
                assertThat(target()).hasBinaryContent(BYTES);
            }
        }
    }

    @Nested
    @Timeout(120)
    class TwoAtOnce {

        @Test
        void threadsFetchOnce() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            try (RawServer server = new RawServer((request, out) -> {
                asked.countDown();
                go.await();
                RawServer.range(out, request, BYTES, "\"v1\"");
            })) {
                Download download = checked(server.address("/a"));
                CountDownLatch waits = new CountDownLatch(1);
                FetchListener listener = new FetchListener() {
                    @Override
                    public void waiting(Download waited) {
                        waits.countDown();
                    }
                };
                Fetcher second = new Fetcher(new WebAccess(false, Map.of()), () -> NOW, listener);
                Fetcher first = new Fetcher(new WebAccess(false, Map.of()), () -> NOW, FetchListener.SILENT);
                ExecutorService threads = Executors.newFixedThreadPool(2);
                Future<Fetched> one = threads.submit(() -> first.fetch(download, target()));
                asked.await();
                Future<Fetched> two = threads.submit(() -> second.fetch(download, target()));
                waits.await();
                go.countDown();
                assertThat(one.get().fetched()).isTrue();
                assertThat(two.get().fetched()).isFalse();
                assertThat(server.requests()).hasSize(1);
                threads.shutdown();
            }
        }

        @Test
        void processesFetchOnce() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            try (RawServer server = new RawServer((request, out) -> {
                asked.countDown();
                go.await();
                RawServer.range(out, request, BYTES, "\"v1\"");
            })) {
                Process child = ChildFetch.start(server.address("/a"), target(), Map.of());
                asked.await();
                FetchListener listener = new FetchListener() {
                    @Override
                    public void waiting(Download download) {
                        go.countDown();
                    }
                };
                Fetched here = new Fetcher(new WebAccess(false, Map.of()), () -> NOW, listener)
                        .fetch(download(server.address("/a")), target());
                assertThat(new String(child.getInputStream().readAllBytes(), UTF_8))
                        .isEqualTo("fetched\n");
                assertThat(here.fetched()).isFalse();
                assertThat(target()).hasBinaryContent(BYTES);
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @Nested
    @Timeout(120)
    class AThreadThatIsInterrupted {

        @AfterEach
        void isSo() {
            assertThat(Thread.interrupted()).isTrue();
        }

        @Test
        void writesNoFurther() throws IOException {
            try (RawServer server = RawServer.of(BYTES)) {
                Thread.currentThread().interrupt();
                assertRefused(download(server.address("/a")), "stopped");
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void unpacksNoFurther(boolean zip) throws IOException {
            FetchListener interrupting = new FetchListener() {
                @Override
                public void ended(Download download, Fetched file) {
                    Thread.currentThread().interrupt();
                }
            };
            try (RawServer server = RawServer.of(zip ? Archives.zip("a") : Archives.tgz(Map.of("a", new byte[1])))) {
                Download download = download(server.address("/z"));
                Fetcher fetcher = new Fetcher(new WebAccess(false, Map.of()), () -> NOW, interrupting);
                assertThatThrownBy(() -> fetcher.fetchUnpacked(download, folder.resolve("data/key")))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContainingAll(download.shown(), "stopped");
                assertThat(folder.resolve("data/key")).doesNotExist();
                assertThat(folder.resolve("data/key.archive")).exists();
            }
        }

        @Test
        void waitsForNoOtherThread() throws Exception {
            Thread waiting = Thread.currentThread();
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            ExecutorService threads = Executors.newSingleThreadExecutor();
            try (RawServer server = new RawServer((request, out) -> {
                asked.countDown();
                go.await();
                RawServer.range(out, request, BYTES, "\"v1\"");
            })) {
                Download download = checked(server.address("/a"));
                Future<Fetched> other = threads.submit(
                        () -> new Fetcher(new WebAccess(false, Map.of()), () -> NOW, FetchListener.SILENT)
                                .fetch(download, target()));
                asked.await();
                FetchListener interrupting = new FetchListener() {
                    @Override
                    public void waiting(Download waited) {
                        waiting.interrupt();
                    }
                };
                Fetcher fetcher = new Fetcher(new WebAccess(false, Map.of()), () -> NOW, interrupting);
                try {
                    assertThatThrownBy(() -> fetcher.fetch(download, target()))
                            .isInstanceOf(FetchException.class)
                            .hasMessageContaining("stopped");
                } finally {
                    go.countDown();
                    boolean interrupted = Thread.interrupted();
                    assertThat(other.get().fetched()).isTrue();
                    if (interrupted) {
                        waiting.interrupt();
                    }
                }
            } finally {
                threads.shutdown();
            }
        }

        @Test
        void waitsForNoOtherProcess() throws Exception {
            Thread waiting = Thread.currentThread();
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            try (RawServer server = new RawServer((request, out) -> {
                asked.countDown();
                never.await();
            })) {
                Process child = ChildFetch.start(server.address("/a"), target(), Map.of());
                try {
                    asked.await();
                    FetchListener interrupting = new FetchListener() {
                        @Override
                        public void waiting(Download waited) {
                            waiting.interrupt();
                        }
                    };
                    Fetcher fetcher = new Fetcher(new WebAccess(false, Map.of()), () -> NOW, interrupting);
                    assertThatThrownBy(() -> fetcher.fetch(download(server.address("/a")), target()))
                            .isInstanceOf(FetchException.class)
                            .hasMessageContaining("stopped");
                } finally {
                    child.destroyForcibly();
                }
            }
        }
    }

    @Nested
    class AFileThatIsThere {

        @Test
        void butWrongStaysAndIsNamed() throws IOException {
            Files.createDirectories(target().getParent());
            Files.write(target(), OTHER);
            assertThatThrownBy(() -> fetcher().fetch(checked(URI.create("https://example.org/a")), target()))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContainingAll(
                            target().toString(),
                            sha256(BYTES).toString(),
                            sha256(OTHER).toString(),
                            "remove it");
            assertThat(target()).hasBinaryContent(OTHER);
        }

        @Test
        void cannotBeWrittenWhereAFolderIsInTheWay() throws IOException {
            Files.createDirectories(target().resolve("in the way"));
            Files.writeString(
                    folder.resolve("weights/file.h5.sha256"), sha256(OTHER).hex() + "  file.h5\n");
            try (RawServer server = RawServer.of(BYTES)) {
                Download download = download(server.address("/a"));
                assertThatThrownBy(() -> fetcher().fetch(download, target()))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContainingAll(target().toString(), "cannot be written");
                // Its digest is recorded before the file is there, so that no old one is held against it.
                assertThat(folder.resolve("weights/file.h5.sha256"))
                        .hasContent(sha256(BYTES).hex() + "  file.h5\n");
                FolderTree.delete(target());
                fetcher().fetch(download, target());
                assertThat(fetcher().check(download, target()).orElseThrow().checked())
                        .isTrue();
                assertThat(server.requests()).hasSize(1);
            }
        }

        @Test
        void isUsedWithAWarningWhereItsSizeIsNotThePublishedOne() throws IOException {
            Files.createDirectories(target().getParent());
            Files.write(target(), new byte[7]);
            URI address = URI.create("https://example.org/a");
            Download sized = new Download(address, OptionalLong.of(8), Optional.empty(), "");
            assertThat(fetcher().fetch(sized, target()).checked()).isFalse();
            assertThat(told).containsExactly(target() + " has 7 bytes");
            told.clear();
            fetcher().fetch(new Download(address, OptionalLong.of(7), Optional.empty(), ""), target());
            assertThat(told).isEmpty();
        }

        @Test
        void cannotBeWrittenWhereAFileIsInTheWay() throws IOException {
            Files.writeString(folder.resolve("weights"), "a file");
            assertThatThrownBy(() -> fetcher().fetch(checked(URI.create("https://example.org/a")), target()))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContainingAll(target().toString(), "cannot be written");
        }
    }
}
