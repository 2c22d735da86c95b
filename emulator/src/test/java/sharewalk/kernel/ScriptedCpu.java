package sharewalk.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.CodeImage;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.CpuContext;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.InvalidationScope;

/// A hart whose instructions are steps of a script, four bytes apart.
public final class ScriptedCpu implements Cpu {
    private final GuestIsa isa;
    private final int hart;
    private final Script script;
    private final List<InvalidationScope> invalidated = new ArrayList<>();
    private State state;
    private long instructions;
    private CounterMap counters = CounterMap.all(new Counters());

    /// All that a saved context holds.
    private record State(long pc, long threadPointer, long flags, List<Long> general, List<Byte> floats) {}

    private static final class SavedState implements CpuContext {
        private @Nullable State state;

        @Override
        public void close() {
            state = null;
        }
    }

    /// Creates a hart with all registers zero.
    public ScriptedCpu(GuestIsa isa, int hart, Script script) {
        this.isa = isa;
        this.hart = hart;
        this.script = script;
        state = zero();
    }

    private State zero() {
        return new State(0, 0, 0x202, zeros(isa.generalRegisters(), 0L), zeros(isa.floatStateBytes(), (byte) 0));
    }

    private static <T> List<T> zeros(int count, T zero) {
        return new ArrayList<>(Collections.nCopies(count, zero));
    }

    @Override
    public StopReason run(long budget) {
        long end = instructions + budget;
        while (instructions < end) {
            long at = state.pc;
            setPc(at + 4);
            @Nullable StopReason stop = script.step(at, this);
            boolean retired = stop == null || stop instanceof StopReason.SystemCall;
            if (!retired) {
                setPc(at);
            } else {
                instructions++;
                counters.at(at).record(Counter.INSTRUCTIONS);
            }
            if (stop != null) {
                return stop;
            }
        }
        return new StopReason.Limit();
    }

    @Override
    public int hart() {
        return hart;
    }

    @Override
    public GuestIsa isa() {
        return isa;
    }

    @Override
    public long pc() {
        return state.pc;
    }

    @Override
    public void setPc(long virtAddr) {
        state = new State(virtAddr, state.threadPointer, state.flags, state.general, state.floats);
    }

    @Override
    public long general(int index) {
        return state.general.get(index);
    }

    @Override
    public void setGeneral(int index, long value) {
        boolean isZeroRegister = isa.equals(GuestIsa.RISCV64) && index == 0;
        state.general.set(index, isZeroRegister ? 0 : value);
    }

    @Override
    public long threadPointer() {
        return state.threadPointer;
    }

    @Override
    public void setThreadPointer(long value) {
        state = new State(state.pc, value, state.flags, state.general, state.floats);
    }

    @Override
    public long flags() {
        return isa.equals(GuestIsa.X86_64) ? state.flags : 0;
    }

    @Override
    public void setFlags(long value) {
        state = new State(state.pc, state.threadPointer, value, state.general, state.floats);
    }

    @Override
    public byte[] floatState() {
        byte[] bytes = new byte[state.floats.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = state.floats.get(i);
        }
        return bytes;
    }

    @Override
    public void setFloatState(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            state.floats.set(i, bytes[i]);
        }
    }

    @Override
    public void resetRegisters() {
        state = zero();
    }

    @Override
    public CpuContext newContext() {
        return new SavedState();
    }

    @Override
    public void save(CpuContext into) {
        ((SavedState) into).state = copy(state);
    }

    @Override
    public void restore(CpuContext from) {
        State saved = ((SavedState) from).state;
        if (saved == null) {
            throw new AssertionError("restoring a context that holds nothing");
        }
        state = copy(saved);
    }

    @Override
    public void copy(CpuContext from, CpuContext to) {
        State saved = ((SavedState) from).state;
        ((SavedState) to).state = saved == null ? null : copy(saved);
    }

    private static State copy(State from) {
        return new State(
                from.pc, from.threadPointer, from.flags, new ArrayList<>(from.general), new ArrayList<>(from.floats));
    }

    @Override
    public void enter(AddressSpaceRegister space, CodeImage code, CounterMap newCounters) {
        counters = newCounters;
    }

    @Override
    public void chargeTo(CounterMap newCounters) {
        counters = newCounters;
    }

    @Override
    public void useCode(CodeImage code) {}

    @Override
    public long instructions() {
        return instructions;
    }

    @Override
    public void invalidate(InvalidationScope scope, FlushCause cause) {
        invalidated.add(scope);
    }

    /// Returns what the hart was told to forget.
    public List<InvalidationScope> invalidated() {
        return invalidated;
    }

    @Override
    public void dropAfterFault(long virtAddr) {}

    @Override
    public void close() {}
}
