package dev.graft.dashboard;

import dev.graft.run.SweepDeletion;
import dev.graft.run.SweepDeletion.Freed;
import dev.graft.track.AnnotationException;
import dev.graft.track.DiskFullException;
import dev.graft.track.StoreException;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialAnnotation;
import dev.graft.track.UnknownSweepException;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people say of sweeps and trials, and what they delete. */
final class AnnotationRoutes {

    private static final Logger log = LoggerFactory.getLogger(AnnotationRoutes.class);

    /** Longer notes are refused by the record, and need no preview. */
    private static final int LONGEST_PREVIEW = 100_000;

    private final TrackReader reader;
    private final Optional<Path> results;
    private final InstantSource clock;

    AnnotationRoutes(Content content, InstantSource clock) {
        this.reader = content.reader();
        this.results = content.results();
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.recorded("/sweeps/{id}/annotation", this::annotation);
        routes.add(HandlerType.PATCH, "/sweeps/{id}", this::changeSweep);
        routes.add(HandlerType.PATCH, "/trials/{id}", this::changeTrial);
        routes.add(HandlerType.GET, "/sweeps/{id}/deletion", this::preview);
        routes.add(HandlerType.DELETE, "/sweeps/{id}", this::delete);
        routes.add(HandlerType.POST, "/notes/preview", AnnotationRoutes::previewNotes);
    }

    private void annotation(Context request) {
        SweepRecord sweep = reader.sweep(request.pathParam("id"));
        SweepAnnotation annotation = reader.sweepAnnotations().getOrDefault(sweep.id(), SweepAnnotation.NONE);
        Answers.json(request, AnnotationJson.of(sweep, annotation));
    }

    private void changeSweep(Context request) {
        Path directory = changeable();
        SweepRecord sweep = reader.sweep(request.pathParam("id"));
        RequestBody body = RequestBody.of(request, Set.of("name", "notes", "tags", "archived"));
        Optional<String> name = body.text("name");
        Optional<String> notes = body.text("notes");
        Optional<List<String>> tags = body.texts("tags");
        Optional<Boolean> archived = body.flag("archived");
        body.check();
        SweepAnnotation now = written(() -> Tracking.annotations(directory)
                .annotate(
                        sweep.id(),
                        present -> new SweepAnnotation(
                                name.orElse(present.name()),
                                notes.orElse(present.notes()),
                                tags.orElse(present.tags()),
                                archived.orElse(present.archived()))));
        Answers.json(request, AnnotationJson.of(sweep, now));
    }

    private void changeTrial(Context request) {
        Path directory = changeable();
        String id = TrialRoutes.named(reader, request).id();
        RequestBody body = RequestBody.of(request, Set.of("pinned", "hidden"));
        Optional<Boolean> pinned = body.flag("pinned");
        Optional<Boolean> hidden = body.flag("hidden");
        body.check();
        TrialAnnotation now = written(() -> Tracking.annotations(directory)
                .annotateTrial(
                        id,
                        present ->
                                new TrialAnnotation(pinned.orElse(present.pinned()), hidden.orElse(present.hidden()))));
        Answers.json(request, now);
    }

    private void preview(Context request) {
        Answers.json(request, DeletionJson.of(SweepDeletion.preview(changeable(), request.pathParam("id"))));
    }

    private void delete(Context request) {
        Path directory = changeable();
        // Its whole id: what is gone for good is not guessed.
        String id = request.pathParam("id");
        if (!reader.sweep(id).id().equals(id)) {
            throw new BadRequestResponse("a sweep is deleted by its whole id, but this was " + id);
        }
        Optional<String> obstacle = SweepDeletion.preview(directory, id).obstacle();
        if (obstacle.isPresent()) {
            throw new ConflictResponse("this sweep cannot be deleted now: " + obstacle.get());
        }
        Freed freed = written(() -> SweepDeletion.delete(directory, id, clock));
        log.info("sweep {} was deleted", id);
        Answers.json(request, DeletionJson.of(freed));
    }

    private static void previewNotes(Context request) {
        RequestBody body = RequestBody.of(request, Set.of("notes"));
        String notes = body.text("notes").orElse("");
        body.check();
        if (notes.length() > LONGEST_PREVIEW) {
            throw new BadRequestResponse(
                    "notes must have at most " + LONGEST_PREVIEW + " characters, but had " + notes.length());
        }
        Answers.json(request, Map.of("notes_html", NotesHtml.of(notes)));
    }

    private Path changeable() {
        return results.orElseThrow(() -> new ForbiddenResponse(
                "this record is shown without its results directory, so nothing in it can be" + " changed"));
    }

    /** Tells failures to write from failures to read. */
    private static <T> T written(Supplier<T> change) {
        try {
            return change.get();
        } catch (UnknownSweepException e) {
            throw e;
        } catch (AnnotationException e) {
            throw new BadRequestResponse(String.join("\n", e.problems()));
        } catch (StoreException e) {
            log.warn("a change could not be kept: {}", e.getMessage());
            HttpStatus status =
                    e instanceof DiskFullException ? HttpStatus.INSUFFICIENT_STORAGE : HttpStatus.SERVICE_UNAVAILABLE;
            throw new HttpResponseException(status.getCode(), String.valueOf(e.getMessage()));
        }
    }
}
