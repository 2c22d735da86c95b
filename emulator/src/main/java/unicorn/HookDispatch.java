package unicorn;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The callbacks of one [Unicorn], by number.
///
/// Each kind of hook has one C function, made at its first use; the engine passes it the number of the hook. So adding
/// and deleting hooks makes no new C functions, and a hook that was deleted while it was about to be called is just
/// not found. Exceptions are kept for the call that runs the guest, which is asked to stop.
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // called from C, with what C passes
final class HookDispatch {
    private static final int ICOUNT_OFFSET = 8;
    private static final int SIZE_SHIFT = 16;
    private static final int HALF_MASK = 0xffff;

    private final Unicorn unicorn;
    private final Lifetime life;
    private final List<@Nullable Entry> entries = new ArrayList<>();
    private final Map<HookKind, MemorySegment> stubs = new EnumMap<>(HookKind.class);

    private record Entry(Object hook, @Nullable Object user) {}

    HookDispatch(Unicorn unicorn, Lifetime life) {
        this.unicorn = unicorn;
        this.life = life;
    }

    /// Returns the number of a new callback. Precondition: it implements the kind's interface.
    int add(HookKind kind, Object hook, @Nullable Object user) {
        if (!kind.type().isInstance(hook)) {
            throw new UnicornException(
                    hook.getClass().getName() + " is not a " + kind.type().getSimpleName());
        }
        entries.add(new Entry(hook, user));
        return entries.size() - 1;
    }

    void remove(int number) {
        entries.set(number, null);
    }

    /// Returns the C function of a kind.
    MemorySegment stub(HookKind kind) {
        return stubs.computeIfAbsent(
                kind, k -> Upcalls.bind(life.arena(), MethodHandles.lookup(), this, k.method(), k.descriptor()));
    }

    private void interrupt(long uc, int number, long id) {
        run(id, e -> ((InterruptHook) e.hook).hook(unicorn, number, e.user));
    }

    private void code(long uc, long address, int size, long id) {
        run(id, e -> ((CodeHook) e.hook).hook(unicorn, address, size, e.user));
    }

    private void block(long uc, long address, int size, long id) {
        run(id, e -> ((BlockHook) e.hook).hook(unicorn, address, size, e.user));
    }

    private void mem(long uc, int type, long address, int size, long value, long id) {
        run(id, e -> ((MemHook) e.hook).hook(unicorn, type, address, size, value, e.user));
    }

    private boolean eventMem(long uc, int type, long address, int size, long value, long id) {
        return ask(id, e -> ((EventMemHook) e.hook).hook(unicorn, type, address, size, value, e.user) ? 1 : 0) != 0;
    }

    private boolean invalidInstruction(long uc, long id) {
        return ask(id, e -> ((InvalidInstructionHook) e.hook).hook(unicorn, e.user) ? 1 : 0) != 0;
    }

    private void edgeGenerated(long uc, long current, long previous, long id) {
        if (current != 0 && previous != 0) {
            run(id, e -> ((EdgeGeneratedHook) e.hook).hook(unicorn, block(current), block(previous), e.user));
        }
    }

    private void tcgOpcode(long uc, long address, long first, long second, int size, long id) {
        run(id, e -> ((TcgOpcodeHook) e.hook).hook(unicorn, address, first, second, size, e.user));
    }

    // A refusal is enough to stop the guest here, and a stop request would run the memory operation twice.
    private boolean tlbFill(long uc, long virtAddr, int type, long result, long id) {
        try {
            Entry entry = entries.get((int) id);
            long answer = entry == null ? -1 : ((TlbFillHook) entry.hook).hook(unicorn, virtAddr, type, entry.user);
            if (answer == -1 || life.isStopping()) {
                return false;
            }
            NativeMemory.putLong(result, answer & ~UnicornConst.UC_PROT_ALL);
            NativeMemory.putInt(result + Long.BYTES, (int) answer & UnicornConst.UC_PROT_ALL);
            return true;
        } catch (Throwable t) {
            life.keepFailure(t);
            return false;
        }
    }

    private int in(long uc, int port, int size, long id) {
        return (int) ask(id, e -> ((InHook) e.hook).hook(unicorn, port, size, e.user));
    }

    private void out(long uc, int port, int size, int value, long id) {
        run(id, e -> ((OutHook) e.hook).hook(unicorn, port, size, value, e.user));
    }

    private void syscall(long uc, long id) {
        run(id, e -> ((SyscallHook) e.hook).hook(unicorn, e.user));
    }

    private int cpuid(long uc, long id) {
        return (int) ask(id, e -> ((CpuidHook) e.hook).hook(unicorn, e.user));
    }

    private long mmioRead(long uc, long offset, int size, long id) {
        return ask(id, e -> ((MmioReadHandler) e.hook).read(unicorn, offset, size, e.user));
    }

    private void mmioWrite(long uc, long offset, int size, long value, long id) {
        run(id, e -> ((MmioWriteHandler) e.hook).write(unicorn, offset, size, value, e.user));
    }

    /// Returns the block that the engine describes at an address.
    static TranslationBlock block(long address) {
        int counts = NativeMemory.getInt(address + ICOUNT_OFFSET);
        return new TranslationBlock(
                NativeMemory.getLong(address), counts & HALF_MASK, counts >>> SIZE_SHIFT & HALF_MASK);
    }

    private interface Callback {
        void call(Entry entry);
    }

    private interface Question {
        long call(Entry entry);
    }

    private void run(long id, Callback callback) {
        try {
            Entry entry = entries.get((int) id);
            if (entry != null) {
                callback.call(entry);
            }
        } catch (Throwable t) {
            life.failAndStop(t);
        }
    }

    private long ask(long id, Question question) {
        try {
            Entry entry = entries.get((int) id);
            return entry == null ? 0 : question.call(entry);
        } catch (Throwable t) {
            life.failAndStop(t);
            return 0;
        }
    }
}
