package dev.graft.dashboard;

import dev.graft.analysis.WilsonInterval;
import dev.graft.data.DataException;
import dev.graft.data.Thumbnail;
import dev.graft.export.BundleArchive;
import dev.graft.export.BusyException;
import dev.graft.export.ExportException;
import dev.graft.export.ModelExporter.Step;
import dev.graft.export.TrialBundles;
import dev.graft.export.TrialBundles.Predicted;
import dev.graft.export.TrialBundles.State;
import dev.graft.export.TrialBundles.Status;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The model of a trial: its export, its card, its bundle, and what it makes of an image. */
final class ModelRoutes {

    private static final String NOT_HERE =
            "models cannot be exported from this page: it shows a record without its results directory";

    private static final String DISPOSITION = "Content-Disposition";

    /** Each takes a thread for as long as its reader takes to read. */
    private static final int MOST_DOWNLOADS = 4;

    private final TrackReader reader;
    private final Optional<TrialBundles> bundles;
    private final Semaphore downloads = new Semaphore(MOST_DOWNLOADS);

    ModelRoutes(TrackReader reader, Optional<TrialBundles> bundles) {
        this.reader = reader;
        this.bundles = bundles;
    }

    /**
     * Where a trial's bundle stands.
     *
     * @param state {@code none}, {@code exporting}, {@code ready} or {@code failed}
     * @param possible whether an export may be asked for
     * @param reason why it failed, or why none may be asked for; empty otherwise
     * @param step what is being done, from 1; 0 while it waits, and where nothing is done
     * @param steps all that is done, in order
     * @param ahead how many others are made before it
     * @param folder where the bundle is, or will be; empty where none can be
     * @param bytes the size of its files
     * @param notes what to know of it
     * @param card the model card as HTML; null before the bundle is there
     * @param test what the test images gave; null before the bundle is there, and where there were none
     */
    record ModelJson(
            String state,
            boolean possible,
            String reason,
            int step,
            List<String> steps,
            int ahead,
            String folder,
            long bytes,
            List<String> notes,
            @Nullable String card,
            @Nullable TestJson test) {}

    /** The accuracy on the images kept aside for the test, and where it lies with 95 % confidence. */
    record TestJson(long images, double accuracy, double low, double high) {

        static TestJson of(TrialBundles.TestFigure test) {
            WilsonInterval interval = WilsonInterval.of(Math.round(test.accuracy() * test.images()), test.images());
            return new TestJson(test.images(), test.accuracy(), interval.low(), interval.high());
        }
    }

    /**
     * What a trial's model makes of an image.
     *
     * @param classes all classes, the likeliest first
     * @param width the image's width in pixels, upright
     * @param height its height
     * @param seen what the network was given of it, as an address that holds the picture itself
     */
    record PredictedJson(List<TrialBundles.Likelihood> classes, int width, int height, String seen) {}

    private interface Answer {
        void of(TrialRecord trial, TrialBundles all, Context request) throws IOException;
    }

    void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/trials/{id}/model", this::state);
        routes.add(HandlerType.POST, "/trials/{id}/model", request -> answer(request, ModelRoutes::begin));
        routes.add(HandlerType.GET, "/trials/{id}/model/bundle.zip", request -> answer(request, this::bundle));
        routes.add(HandlerType.POST, "/trials/{id}/model/predict", request -> answer(request, ModelRoutes::predict));
    }

    private void state(Context request) throws IOException {
        TrialRecord trial = TrialRoutes.named(reader, request);
        if (bundles.isEmpty()) {
            Answers.json(
                    request, new ModelJson("none", false, NOT_HERE, 0, List.of(), 0, "", 0, List.of(), null, null));
            return;
        }
        answer(request, (named, all, asked) -> Answers.json(asked, json(all, trial, all.status(trial))));
    }

    private void answer(Context request, Answer answer) throws IOException {
        TrialRecord trial = TrialRoutes.named(reader, request);
        if (bundles.isEmpty()) {
            Answers.error(request, HttpStatus.CONFLICT, NOT_HERE);
            return;
        }
        try {
            answer.of(trial, bundles.get(), request);
        } catch (ExportException e) {
            Answers.error(request, HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
        } catch (DataException e) {
            Answers.error(request, HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(e.getMessage()));
        } catch (BusyException e) {
            ImageRoutes.busy(request, e);
        }
    }

    private static ModelJson json(TrialBundles all, TrialRecord trial, Status status) {
        return new ModelJson(
                status.state().word(),
                status.state() == State.FAILED
                        || (status.state() == State.NONE && status.reason().isEmpty()),
                status.reason(),
                status.step().map(step -> step.ordinal() + 1).orElse(0),
                Stream.of(Step.values()).map(Step::words).toList(),
                status.ahead(),
                status.folder().toString(),
                status.bytes(),
                status.notes(),
                status.state() == State.READY ? NotesHtml.of(all.card(trial.id())) : null,
                all.test(trial).map(TestJson::of).orElse(null));
    }

    private static void begin(TrialRecord trial, TrialBundles all, Context request) {
        request.status(HttpStatus.ACCEPTED);
        Answers.json(request, json(all, trial, all.begin(trial)));
    }

    private void bundle(TrialRecord trial, TrialBundles all, Context request) throws IOException {
        if (all.status(trial).state() != State.READY) {
            throw new ExportException("trial " + trial.id() + " has no bundle yet; export it first");
        }
        if (!downloads.tryAcquire()) {
            throw new BusyException("several bundles are being downloaded already; ask again when one is done");
        }
        try (BundleArchive archive = all.archive(trial.id())) {
            send(request, trial.id(), archive);
        } finally {
            downloads.release();
        }
    }

    /**
     * Answers with an archive, and with its length: a reader notices if the end does not come.
     *
     * @throws ExportException when its files could not be read before anything was sent
     * @throws IOException when they could not be read later, or the reader has gone
     */
    static void send(Context request, String trialId, BundleArchive archive) throws IOException {
        HttpServletResponse response = request.res();
        response.setContentType("application/zip");
        response.setContentLengthLong(archive.bytes());
        response.setHeader(DISPOSITION, "attachment; filename=\"" + trialId + ".zip\"");
        try {
            archive.writeTo(request.outputStream());
        } catch (IOException e) {
            if (response.isCommitted()) {
                throw e;
            }
            // An error is no file to be saved, nor does it begin with one.
            response.resetBuffer();
            response.setContentLengthLong(-1);
            response.setHeader(DISPOSITION, null);
            throw new ExportException("the bundle of trial " + trialId + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void predict(TrialRecord trial, TrialBundles all, Context request) {
        Predicted predicted = all.predict(trial.id(), request.bodyAsBytes());
        Answers.json(
                request,
                new PredictedJson(
                        predicted.classes(),
                        predicted.width(),
                        predicted.height(),
                        "data:" + Thumbnail.TYPE + ";base64,"
                                + Base64.getEncoder().encodeToString(predicted.seen())));
    }
}
