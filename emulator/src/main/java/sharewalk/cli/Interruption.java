package sharewalk.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The user's wish to end a run early (Ctrl-C, or a signal to terminate): what was measured is still reported.
///
/// The virtual machine goes down by itself then; it is held back until the report is out, or for a few seconds if the
/// run does not come to its end.
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch reported = new CountDownLatch(1);
    private final Thread hook = new Thread(this::holdBack, "interruption");
    private volatile boolean requested;

    private Interruption() {}

    /// Returns a listener that works until it is closed.
    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void holdBack() {
        requested = true;
        try {
            boolean ignored = reported.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns whether the run is to end.
    boolean requested() {
        return requested;
    }

    @Override
    public void close() {
        reported.countDown();
        if (!requested) {
            try {
                boolean ignored = Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The virtual machine has begun to go down since; the hook finds everything reported.
                requested = true;
            }
        }
    }
}
