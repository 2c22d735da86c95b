package sharewalk.experiment;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.Kernel;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.share.CallingTask;

/// The task a kernel works for, as sharing designs see it.
record CurrentTask(Kernel kernel) implements CallingTask {
    @Override
    public long id() {
        Task task = kernel.currentTask();
        return task == null ? 0 : task.tid();
    }

    @Override
    public @Nullable OpenFile file(int descriptor) {
        Task task = kernel.currentTask();
        return task == null ? null : task.process().files().get(descriptor);
    }
}
