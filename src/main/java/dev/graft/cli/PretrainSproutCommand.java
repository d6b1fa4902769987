package dev.graft.cli;

import dev.graft.base.Architecture;
import dev.graft.base.Catalogue;
import dev.graft.base.Safetensors;
import dev.graft.data.ImageDecoder;
import dev.graft.data.SourceTask;
import dev.graft.train.Pretraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft pretrain-sprout}: makes the weights of the base that ships with Graft. */
@Command(
        name = "pretrain-sprout",
        hidden = true,
        description = "Pretrain the small base that ships with Graft on its drawn source task.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class PretrainSproutCommand implements Callable<Integer> {

    private static final int SIZE = 48;

    @Spec
    private CommandSpec spec;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "the safetensors file to write")
    private Path to;

    @Option(names = "--epochs", defaultValue = "11", description = "default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--images", defaultValue = "200", description = "per class (default: ${DEFAULT-VALUE})")
    private int images;

    @Option(names = "--seed", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
    private long seed;

    @Override
    public Integer call() throws IOException {
        Architecture architecture = new Catalogue(List.of()).entry("sprout").architecture();
        Pretraining.Source source = new Pretraining.Source() {
            @Override
            public int classes() {
                return SourceTask.classes().size();
            }

            @Override
            public void read(int label, long index, float[] into, int offset) {
                float[] pixels = new float[3 * SIZE * SIZE];
                ImageDecoder.toTensor(SourceTask.draw(label, index, SIZE), SIZE, pixels, 0);
                architecture.preprocessing().apply(pixels, 0, SIZE * SIZE);
                System.arraycopy(pixels, 0, into, offset, pixels.length);
            }
        };
        var weights = Pretraining.run(
                architecture,
                SIZE,
                source,
                images,
                epochs,
                seed,
                (epoch, line) -> spec.commandLine().getErr().println("epoch " + epoch + " of " + epochs + ": " + line));
        Safetensors.write(
                to,
                weights,
                Map.of(
                        "task",
                        "drawn source task, version " + SourceTask.VERSION,
                        "made_by",
                        "graft pretrain-sprout --epochs " + epochs + " --images " + images + " --seed " + seed,
                        "licence",
                        "Apache-2.0"));
        return ExitCode.OK;
    }
}
