package sharewalk.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.StopReason;
import sharewalk.elf.TestElf;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.WalkFault;

/// A guest program as a list of steps, the first at the entry point of [TestElf].
public final class Script {
    private static final long ENTRY = TestElf.TEXT + 0x400;

    private final GuestIsa isa;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    /// One instruction: changes registers, and may stop the hart.
    public interface Step {
        /// Carries the step out; the pc is that of the next one already.
        @Nullable
        StopReason run(ScriptedCpu cpu);
    }

    /// Creates an empty script.
    public Script(GuestIsa isa) {
        this.isa = isa;
    }

    @Nullable
    StopReason step(long virtAddr, ScriptedCpu cpu) {
        long index = (virtAddr - ENTRY) / 4;
        return index >= 0 && index < steps.size()
                ? steps.get((int) index).run(cpu)
                : new StopReason.IllegalInstruction();
    }

    /// Adds a step that may stop.
    @CanIgnoreReturnValue
    public Script add(Step step) {
        steps.add(step);
        return this;
    }

    /// Adds a step that does not stop.
    @CanIgnoreReturnValue
    public Script run(Consumer<ScriptedCpu> step) {
        return add(cpu -> {
            step.accept(cpu);
            return null;
        });
    }

    /// Returns the address of a label, for steps that run later.
    public long addressOf(String label) {
        return ENTRY + Objects.requireNonNull(labels.get(label)) * 4L;
    }

    /// Names the next step.
    @CanIgnoreReturnValue
    public Script label(String label) {
        labels.put(label, steps.size());
        return this;
    }

    /// Adds a jump.
    @CanIgnoreReturnValue
    public Script jump(String label) {
        return run(cpu -> cpu.setPc(addressOf(label)));
    }

    /// Adds a jump that is taken where the last call returned 0.
    @CanIgnoreReturnValue
    public Script ifZero(String label) {
        return run(cpu -> {
            if (cpu.general(isa.returnRegister()) == 0) {
                cpu.setPc(addressOf(label));
            }
        });
    }

    /// Adds a system call.
    @CanIgnoreReturnValue
    public Script call(SystemCall call, long... arguments) {
        return callWith(call, _ -> arguments);
    }

    /// Adds a system call whose arguments are made when it runs.
    @CanIgnoreReturnValue
    public Script callWith(SystemCall call, Function<ScriptedCpu, long[]> arguments) {
        return add(cpu -> {
            int number = isa.equals(GuestIsa.RISCV64) ? call.riscvNumber() : call.x86Number();
            cpu.setGeneral(isa.syscallNumberRegister(), number);
            long[] values = arguments.apply(cpu);
            for (int i = 0; i < values.length; i++) {
                cpu.setGeneral(isa.argumentRegister(i), values[i]);
            }
            return new StopReason.SystemCall();
        });
    }

    /// Adds a check of what the last call returned.
    @CanIgnoreReturnValue
    public Script expect(long result) {
        int line = steps.size();
        return run(cpu -> assertThat(cpu.general(isa.returnRegister()))
                .as("result at step " + line)
                .isEqualTo(result));
    }

    /// Adds an access that faults where the page table says so.
    @CanIgnoreReturnValue
    public Script access(TestKernel kernel, long virtAddr, AccessType access) {
        return add(cpu -> kernel.isAccessible(virtAddr, access)
                ? null
                : new StopReason.PageFault(virtAddr, access, WalkFault.NOT_PRESENT));
    }

    /// Adds the end of the process.
    @CanIgnoreReturnValue
    public Script exit(int code) {
        return call(SystemCall.EXIT_GROUP, code);
    }
}
