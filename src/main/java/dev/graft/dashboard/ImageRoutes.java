package dev.graft.dashboard;

import dev.graft.data.DataException;
import dev.graft.data.Thumbnail;
import dev.graft.export.BusyException;
import dev.graft.run.RecordedImages;
import dev.graft.run.RecordedImages.Found;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a trial predicted of which images, and the images themselves, small. */
final class ImageRoutes {

    private static final int USUAL_SIDE = 256;
    private static final int LEAST_SIDE = 16;
    private static final int MOST_SIDE = 1024;

    /** Pages of images are asked for one after the other; those of the trials looked at last are at hand. */
    private static final int TRIALS_KEPT = 4;

    private final TrackReader reader;
    private final Thumbnails thumbnails = new Thumbnails();
    private final Map<String, List<Prediction>> predicted = new LatestUsed<>(TRIALS_KEPT);

    ImageRoutes(TrackReader reader) {
        this.reader = reader;
    }

    void addTo(Routes routes) {
        // Not as the record alone has them: files come and go without it.
        routes.add(HandlerType.GET, "/trials/{id}/images", this::images);
        routes.add(HandlerType.GET, "/trials/{id}/images/{position}", this::image);
    }

    private void images(Context request) {
        request.header("Graft-Version", Long.toString(reader.version()));
        TrialRecord trial = TrialRoutes.named(reader, request);
        SweepRecord sweep = reader.sweep(trial.sweepId());
        Answers.json(request, ImagesJson.of(request, sweep, predictions(trial), RecordedImages.of(sweep)));
    }

    private void image(Context request) {
        TrialRecord trial = TrialRoutes.named(reader, request);
        List<Prediction> predictions = predictions(trial);
        int side = TrialPage.number(request, "size", USUAL_SIDE, LEAST_SIDE, MOST_SIDE);
        Prediction prediction = predictions.get(position(request, predictions.size()));
        Found found = RecordedImages.of(reader.sweep(trial.sweepId())).find(prediction.image());
        if (!found.state().hasFile()) {
            throw new NotFoundResponse(prediction.image() + ": " + found.reason());
        }
        String tag =
                "\"" + Integer.toHexString(Objects.hash(found.file(), found.bytes(), found.modified(), side)) + "\"";
        if (tag.equals(request.header("If-None-Match"))) {
            request.status(HttpStatus.NOT_MODIFIED);
            return;
        }
        try {
            byte[] image = thumbnails.of(found, side);
            request.header("Cache-Control", "private, no-cache");
            request.header("ETag", tag);
            request.contentType(Thumbnail.TYPE).result(image);
        } catch (DataException e) {
            Answers.error(request, HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(e.getMessage()));
        } catch (BusyException e) {
            busy(request, e);
        }
    }

    /** Answers that it is worth asking again soon. */
    static void busy(Context request, BusyException e) {
        request.header("Retry-After", "1");
        Answers.error(request, HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
    }

    private static int position(Context request, int count) {
        String text = request.pathParam("position");
        try {
            int position = Integer.parseInt(text);
            if (position >= 0 && position < count) {
                return position;
            }
        } catch (NumberFormatException e) {
            throw new BadRequestResponse("an image is named by its position, a whole number from 0, but was " + text);
        }
        throw new NotFoundResponse(
                count == 0
                        ? "the trial has no predictions"
                        : "there is no image " + text + "; the positions are 0 to " + (count - 1));
    }

    private List<Prediction> predictions(TrialRecord trial) {
        // Those of others may still come, or come anew.
        if (trial.state() != TrialState.FINISHED) {
            return reader.predictions(trial.id());
        }
        synchronized (predicted) {
            List<Prediction> known = predicted.get(trial.id());
            if (known != null) {
                return known;
            }
        }
        List<Prediction> read = reader.predictions(trial.id());
        synchronized (predicted) {
            predicted.put(trial.id(), read);
        }
        return read;
    }
}
