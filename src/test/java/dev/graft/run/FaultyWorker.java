package dev.graft.run;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Unsafe;

/**
 * A real worker that, having told of a certain event, comes to harm. The properties: {@code fault} says how, {@code
 * fault.after} is what the event's JSON contains, {@code fault.count} a file with a byte for each time it happened, and
 * {@code fault.times} how often it may.
 */
public final class FaultyWorker {

    private FaultyWorker() {}

    /** Runs. */
    public static void main(String[] args) {
        OutputStream events = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        Worker.run(System.in, new Faulty(events), () -> Runtime.getRuntime().halt(0));
    }

    private static final class Faulty extends OutputStream {

        private final OutputStream events;

        Faulty(OutputStream events) {
            this.events = events;
        }

        @Override
        public void write(int b) throws IOException {
            events.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean now = new String(bytes, offset, length, StandardCharsets.UTF_8)
                    .contains(System.getProperty("fault.after", "nothing of the kind"));
            if (now && System.getProperty("fault", "").equals("noise")) {
                events.write("a library says hello, without an end of line".getBytes(StandardCharsets.UTF_8));
            }
            events.write(bytes, offset, length);
            events.flush();
            if (now) {
                comeToHarm(events);
            }
        }
    }

    private static void comeToHarm(OutputStream events) throws IOException {
        Path count = Path.of(System.getProperty("fault.count"));
        if (Files.exists(count) && Files.size(count) >= Integer.getInteger("fault.times", 1)) {
            return;
        }
        Files.write(count, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        switch (System.getProperty("fault")) {
            case "segfault" -> unsafe().putAddress(0, 0);
            case "exit" -> Runtime.getRuntime().halt(7);
            case "heap" -> {
                List<byte[]> all = new ArrayList<>();
                while (true) {
                    all.add(new byte[1 << 24]);
                }
            }
            case "garble" ->
                events.write("\u001e{\"kind\":\"trial_ended\",\"mess hello\n".getBytes(StandardCharsets.UTF_8));
            case "hoard" -> WorkerEvent.WIRE.write(events, new WorkerEvent.Heartbeat(Long.MAX_VALUE));
            case "stop" ->
                new ProcessBuilder(
                                "kill",
                                "-STOP",
                                String.valueOf(ProcessHandle.current().pid()))
                        .inheritIO()
                        .start();
            default -> {
                // Noise has been made.
            }
        }
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
