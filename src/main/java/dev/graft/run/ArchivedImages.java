package dev.graft.run;

import dev.graft.data.DataException;
import dev.graft.data.ImageFolder;
import dev.graft.fetch.Checksum;
import dev.graft.fetch.Download;
import dev.graft.fetch.Fetcher;
import dev.graft.spec.SweepData.Archive;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The images that a sweep file names by the address of an archive: fetched once, kept by the archive's digest. */
final class ArchivedImages {

    private ArchivedImages() {}

    /** Returns the address of images that are still to be fetched, or empty where nothing is. */
    static Optional<String> toFetch(SweepFile.Parsed file, Home home) {
        return file.sweep()
                .data()
                .archive()
                .filter(archive -> !Files.isDirectory(root(archive, home)))
                .map(Archive::url);
    }

    /**
     * Returns the folder with the images, fetching and unpacking the archive where it is not there; empty where the
     * sweep file names none.
     *
     * @throws SweepFileException when the archive lacks the folder that the file names; the user's fault
     * @throws dev.graft.fetch.FetchException when the archive cannot be fetched or unpacked
     */
    static Optional<Path> folder(SweepFile.Parsed file, Home home, Fetcher fetcher) {
        return file.sweep().data().archive().map(archive -> {
            Path root = root(archive, home);
            fetcher.fetchUnpacked(
                    new Download(
                            URI.create(archive.url()),
                            OptionalLong.empty(),
                            Optional.of(Checksum.sha256(archive.sha256())),
                            ""),
                    root);
            String path = file.sweep().data().path();
            return path.isEmpty() ? unwrapped(root) : inside(file, root, path);
        });
    }

    private static Path root(Archive archive, Home home) {
        return home.data().resolve(archive.sha256());
    }

    /**
     * Returns the only folder at the top, whatever files lie beside it, or the top itself. A folder train/ alone is a
     * layout of its own.
     */
    private static Path unwrapped(Path root) {
        List<Path> folders = names(root).stream()
                .map(root::resolve)
                .filter(Files::isDirectory)
                .toList();
        return folders.size() == 1 && !folders.get(0).getFileName().toString().equalsIgnoreCase("train")
                ? folders.get(0)
                : root;
    }

    private static Path inside(SweepFile.Parsed file, Path root, String path) {
        Path named = root.resolve(path.replace('\\', '/')).normalize();
        if (!named.startsWith(root) || !Files.isDirectory(named)) {
            List<String> names = names(root);
            String top = String.join(", ", names.subList(0, Math.min(10, names.size())));
            throw new SweepFileException(List.of(file.at(
                    "data.path", "must be a folder of the archive, but was " + path + "; at its top are " + top)));
        }
        return named;
    }

    /** Returns what is at the top but for what image folders never hold, such as a Mac's {@code ._} files. */
    private static List<String> names(Path root) {
        try (Stream<Path> top = Files.list(root)) {
            return top.map(place -> place.getFileName().toString())
                    .filter(name -> !ImageFolder.ignores(name))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(root + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }
}
