package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private final FakeReader reader = new FakeReader();

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void refusesToServeOthersWithoutAToken(String host) {
        assertThatThrownBy(() -> Dashboard.start(reader, host, 0, Optional.empty()))
                .isInstanceOf(DashboardException.class)
                .hasMessageContaining("unless a token is set, but was " + host);
    }

    @Test
    void refusesABlankToken() {
        assertThatThrownBy(() -> Dashboard.start(reader, "localhost", 0, Optional.of(" ")))
                .isInstanceOf(DashboardException.class)
                .hasMessage("the token must not be blank");
    }

    @Test
    void refusesAHostThatIsNotThere() {
        assertThatThrownBy(() -> Dashboard.start(reader, "no such host", 0, Optional.empty()))
                .isInstanceOf(DashboardException.class)
                .hasMessageContaining("but was no such host");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:9000, 200",
        "LOCALHOST, 200",
        "127.0.0.1:80, 200",
        "[::1]:8080, 200",
        "evil.example, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example:80, 403",
    })
    void answersToTheNamesOfThisMachineOnly(String host, int status) throws IOException {
        try (Dashboard dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty())) {
            assertThat(statusWithHost(dashboard.port(), host)).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 127.0.0.1:80, 200",
        "0.0.0.0, '192.168.1.7', 200",
        "0.0.0.0, '[fe80::1]:8080', 200",
        "0.0.0.0, localhost, 200",
        "0.0.0.0, sweeps.example, 200",
        "0.0.0.0, SWEEPS.example:443, 200",
        "0.0.0.0, evil.example, 403",
        "0.0.0.0, 127.0.0.1.evil.example, 403",
        "0.0.0.0, 1.2.3.4.5, 403",
        "127.0.0.1, sweeps.example, 200",
        "127.0.0.1, 192.168.1.7, 403"
    })
    void answersElsewhereToAddressesAndNamesThatWereAllowed(String at, String host, int status) throws IOException {
        try (Dashboard dashboard =
                Dashboard.start(Content.of(reader), at, 0, Optional.of("s3cret"), List.of("sweeps.example"))) {
            assertThat(RawRequest.status(
                            dashboard.port(),
                            "GET /api/v1/sweeps HTTP/1.1",
                            "Host: " + host,
                            "Authorization: Bearer s3cret"))
                    .isEqualTo(status);
        }
    }

    /** 405 is what a request gets that may change something, since there is nothing to change yet. */
    @ParameterizedTest
    @CsvSource({
        "POST, 'Origin: http://localhost:9', 405",
        "POST, 'Origin: https://LOCALHOST:9', 405",
        "POST, 'Sec-Fetch-Site: same-origin', 405",
        "POST, 'X-Nothing: 1', 403",
        "POST, 'Origin: http://localhost:10', 403",
        "POST, 'Origin: http://evil.example', 403",
        "POST, 'Origin: http://localhost:9.evil.example', 403",
        "POST, 'Origin: null', 403",
        "POST, 'Sec-Fetch-Site: cross-site', 403",
        "POST, 'Sec-Fetch-Site: same-site', 403",
        "POST, 'Sec-Fetch-Site: none', 403",
        "PUT, 'Origin: http://evil.example', 403",
        "PATCH, 'Origin: http://evil.example', 403",
        "DELETE, 'Origin: http://evil.example', 403",
        "GET, 'Origin: http://evil.example', 200",
        "GET, 'Sec-Fetch-Site: same-origin', 200",
        "GET, 'Sec-Fetch-Site: none', 200",
        "GET, 'Sec-Fetch-Site: cross-site', 403",
        "GET, 'Sec-Fetch-Site: same-site', 403"
    })
    void takesChangesFromItsOwnPagesOnly(String method, String header, int status) throws IOException {
        try (Dashboard dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty())) {
            assertThat(RawRequest.status(
                            dashboard.port(), method + " /api/v1/sweeps HTTP/1.1", "Host: localhost:9", header))
                    .isEqualTo(status);
        }
    }

    @Test
    void doesNotBelieveTheOriginOfAPageThatSaysItIsFromElsewhere() throws IOException {
        try (Dashboard dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty())) {
            assertThat(RawRequest.status(
                            dashboard.port(),
                            "POST /api/v1/sweeps HTTP/1.1",
                            "Host: localhost",
                            "Origin: http://evil.example",
                            "Sec-Fetch-Site: same-origin"))
                    .isEqualTo(403);
        }
    }

    @Nested
    class WithAToken {

        @Test
        void takesChangesFromProgramsThatShowIt() throws IOException {
            try (Dashboard dashboard = start()) {
                String request = "POST /api/v1/sweeps HTTP/1.1";
                assertThat(RawRequest.status(
                                dashboard.port(), request, "Host: localhost", "Authorization: Bearer s3cret"))
                        .isEqualTo(405);
                // A cookie comes along with the requests of any page.
                String cookie = "Cookie: graft-token-" + dashboard.port() + "=s3cret";
                assertThat(RawRequest.status(dashboard.port(), request, "Host: localhost", cookie))
                        .isEqualTo(403);
                assertThat(RawRequest.status(
                                dashboard.port(), "GET /api/v1/sweeps HTTP/1.1", "Host: localhost", cookie))
                        .isEqualTo(200);
            }
        }

        private final HttpClient client = HttpClient.newHttpClient();

        @Test
        void asksForIt() throws Exception {
            try (Dashboard dashboard = start()) {
                for (String path : new String[] {"/", "/app.js", "/api/v1/sweeps", "/api/v1/events", "/?token=wrong"}) {
                    HttpResponse<String> answer = send(dashboard, path, "", "");
                    assertThat(answer.statusCode()).as(path).isEqualTo(401);
                    assertThat(answer.body()).contains("needs its token");
                }
            }
        }

        @Test
        void takesItAsAHeader() throws Exception {
            try (Dashboard dashboard = start()) {
                assertThat(send(dashboard, "/api/v1/sweeps", "Authorization", "Bearer s3cret")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(send(dashboard, "/api/v1/sweeps", "Authorization", "Bearer s3cre")
                                .statusCode())
                        .isEqualTo(401);
            }
        }

        @Test
        void takesItOnceInTheAddressAndThenAsACookie() throws Exception {
            try (Dashboard dashboard = start()) {
                HttpResponse<String> first = send(dashboard, "/?token=s3cret", "", "");
                assertThat(first.statusCode()).isEqualTo(303);
                assertThat(first.headers().firstValue("Location").orElse(""))
                        .endsWith("/")
                        .doesNotContain("s3cret");
                String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
                assertThat(cookie).contains("HttpOnly", "SameSite=Lax");

                assertThat(send(dashboard, "/", "Cookie", cookie.substring(0, cookie.indexOf(';')))
                                .statusCode())
                        .isEqualTo(200);
            }
        }

        private Dashboard start() {
            return Dashboard.start(reader, "0.0.0.0", 0, Optional.of("s3cret"));
        }

        private HttpResponse<String> send(Dashboard dashboard, String path, String header, String value)
                throws Exception {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + path));
            if (!header.isEmpty()) {
                request.header(header, value);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static int statusWithHost(int port, String host) throws IOException {
        return RawRequest.status(port, "GET /api/v1/sweeps HTTP/1.1", "Host: " + host);
    }
}
