package dev.graft.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A fetch in a process of its own, with an environment of its own; prints what came of it. */
final class ChildFetch {

    private ChildFetch() {}

    static Process start(URI address, Path target, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildFetch.class.getName(),
                        address.toString(),
                        target.toString())
                .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    public static void main(String[] arguments) {
        Download download = new Download(URI.create(arguments[0]), OptionalLong.empty(), Optional.empty(), "");
        try {
            Fetched fetched = new Fetcher(
                            WebAccess.of(System.getenv(), false), InstantSource.system(), FetchListener.SILENT)
                    .fetch(download, Path.of(arguments[1]));
            System.out.println(fetched.fetched() ? "fetched" : "there");
        } catch (FetchException e) {
            System.out.println(e.getMessage());
        }
    }
}
