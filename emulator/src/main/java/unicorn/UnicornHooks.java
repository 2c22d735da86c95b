package unicorn;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The part of [Unicorn] that adds and removes callbacks.
///
/// Every `hook_add` returns a number for `hook_del`; ranges are inclusive, and `begin` greater than `end` is every
/// address. The user object is handed to the callback as it is.
@SuppressWarnings({"overloads", "InlineMeSuggester"}) // the official methods
abstract sealed class UnicornHooks extends UnicornMemory permits Unicorn {
    private static final long EVERYWHERE = 1;
    private static final int EXTRA_SHIFT = 32;

    private final Map<Long, Registered> hooks = new LinkedHashMap<>();
    private @Nullable HookDispatch dispatch;
    private long lastHook;

    private record Registered(Hook hook, long handle, int entry) {}

    /// The place and the extra arguments of a hook.
    private record Place(long begin, long end, long extra) {
        static final Place ANY = new Place(EVERYWHERE, 0, 0);
    }

    UnicornHooks(int arch, int mode) {
        super(arch, mode);
    }

    abstract Unicorn self();

    private HookDispatch dispatch() {
        HookDispatch current = dispatch;
        if (current == null) {
            current = new HookDispatch(self(), engine().life());
            dispatch = current;
        }
        return current;
    }

    /// Hooks interrupts and exceptions.
    public long hook_add(InterruptHook callback, @Nullable Object user_data) throws UnicornException {
        return add(HookKind.INTERRUPT, UnicornConst.UC_HOOK_INTR, callback, user_data, Place.ANY);
    }

    /// Hooks one kind of instruction within a range.
    public long hook_add(InstructionHook callback, int insn, long begin, long end, @Nullable Object user_data)
            throws UnicornException {
        Place place = new Place(begin, end, Integer.toUnsignedLong(insn));
        return add(HookKind.ofInstruction(insn), UnicornConst.UC_HOOK_INSN, callback, user_data, place);
    }

    /// Hooks one kind of instruction.
    public long hook_add(InstructionHook callback, int insn, @Nullable Object user_data) throws UnicornException {
        return hook_add(callback, insn, EVERYWHERE, 0, user_data);
    }

    /// Hooks x86 `in`.
    public long hook_add(InHook callback, @Nullable Object user_data) throws UnicornException {
        return hook_add(callback, X86Const.UC_X86_INS_IN, user_data);
    }

    /// Hooks x86 `out`.
    public long hook_add(OutHook callback, @Nullable Object user_data) throws UnicornException {
        return hook_add(callback, X86Const.UC_X86_INS_OUT, user_data);
    }

    /// Hooks x86 `syscall`, but not `sysenter`.
    @Deprecated
    public long hook_add(SyscallHook callback, @Nullable Object user_data) throws UnicornException {
        return hook_add(callback, X86Const.UC_X86_INS_SYSCALL, user_data);
    }

    /// Hooks every instruction within a range.
    public long hook_add(CodeHook callback, long begin, long end, @Nullable Object user_data) throws UnicornException {
        return add(HookKind.CODE, UnicornConst.UC_HOOK_CODE, callback, user_data, new Place(begin, end, 0));
    }

    /// Hooks every basic block within a range.
    public long hook_add(BlockHook callback, long begin, long end, @Nullable Object user_data) throws UnicornException {
        return add(HookKind.BLOCK, UnicornConst.UC_HOOK_BLOCK, callback, user_data, new Place(begin, end, 0));
    }

    /// Hooks valid memory accesses of some types (`UC_HOOK_MEM_{READ,WRITE,FETCH,READ_AFTER}`) within a range.
    public long hook_add(MemHook callback, int type, long begin, long end, @Nullable Object user_data)
            throws UnicornException {
        requireTypes(type, UnicornConst.UC_HOOK_MEM_VALID | UnicornConst.UC_HOOK_MEM_READ_AFTER);
        return add(HookKind.MEM, type, callback, user_data, new Place(begin, end, 0));
    }

    /// Hooks invalid memory accesses of some types (of `UC_HOOK_MEM_INVALID`) within a range.
    public long hook_add(EventMemHook callback, int type, long begin, long end, @Nullable Object user_data)
            throws UnicornException {
        requireTypes(type, UnicornConst.UC_HOOK_MEM_INVALID);
        return add(HookKind.EVENT_MEM, type, callback, user_data, new Place(begin, end, 0));
    }

    /// Hooks invalid memory accesses of some types (of `UC_HOOK_MEM_INVALID`).
    public long hook_add(EventMemHook callback, int type, @Nullable Object user_data) throws UnicornException {
        return hook_add(callback, type, EVERYWHERE, 0, user_data);
    }

    /// Hooks instructions that the guest CPU does not know.
    public long hook_add(InvalidInstructionHook callback, @Nullable Object user_data) {
        return add(HookKind.INVALID_INSTRUCTION, UnicornConst.UC_HOOK_INSN_INVALID, callback, user_data, Place.ANY);
    }

    /// Hooks jumps to newly translated blocks within a range.
    public long hook_add(EdgeGeneratedHook callback, long begin, long end, @Nullable Object user_data)
            throws UnicornException {
        Place place = new Place(begin, end, 0);
        return add(HookKind.EDGE_GENERATED, UnicornConst.UC_HOOK_EDGE_GENERATED, callback, user_data, place);
    }

    /// Hooks an operation of the intermediate code (`UC_TCG_OP_*`, with `UC_TCG_OP_FLAG_*`) within a range.
    public long hook_add(
            TcgOpcodeHook callback, long begin, long end, int opcode, int flags, @Nullable Object user_data)
            throws UnicornException {
        Place place = new Place(begin, end, Integer.toUnsignedLong(opcode) | ((long) flags << EXTRA_SHIFT));
        return add(HookKind.TCG_OPCODE, UnicornConst.UC_HOOK_TCG_OPCODE, callback, user_data, place);
    }

    /// Hooks misses of the engine's TLB within a range.
    public long hook_add(TlbFillHook callback, long begin, long end, @Nullable Object user_data)
            throws UnicornException {
        return add(HookKind.TLB_FILL, UnicornConst.UC_HOOK_TLB_FILL, callback, user_data, new Place(begin, end, 0));
    }

    /// Removes the hook of a number.
    public void hook_del(long hook) throws UnicornException {
        Registered registered = hooks.remove(hook);
        if (registered == null) {
            throw new UnicornException("There is no hook " + hook);
        }
        delete(registered);
    }

    /// Removes every hook that was added with this callback.
    @SuppressWarnings("ReferenceEquality") // the callback itself is meant
    public void hook_del(Hook hook) throws UnicornException {
        Objects.requireNonNull(hook, "hook");
        for (Map.Entry<Long, Registered> entry : List.copyOf(hooks.entrySet())) {
            if (entry.getValue().hook == hook) {
                hook_del(entry.getKey().longValue());
            }
        }
    }

    /// Maps a device: reads and writes of the region go to the handlers; without a handler there is no such right.
    public void mmio_map(
            long address,
            long size,
            @Nullable MmioReadHandler read_cb,
            @Nullable Object user_data_read,
            @Nullable MmioWriteHandler write_cb,
            @Nullable Object user_data_write)
            throws UnicornException {
        MemorySegment read = MemorySegment.NULL;
        MemorySegment write = MemorySegment.NULL;
        int readEntry = 0;
        int writeEntry = 0;
        if (read_cb != null) {
            read = dispatch().stub(HookKind.MMIO_READ);
            readEntry = dispatch().add(HookKind.MMIO_READ, read_cb, user_data_read);
        }
        if (write_cb != null) {
            write = dispatch().stub(HookKind.MMIO_WRITE);
            writeEntry = dispatch().add(HookKind.MMIO_WRITE, write_cb, user_data_write);
        }
        NativeCalls.MmioCallbacks callbacks = new NativeCalls.MmioCallbacks(read, readEntry, write, writeEntry);
        run(uc -> NativeCalls.mmioMap(uc, address, size, callbacks));
    }

    private long add(HookKind kind, int type, Hook callback, @Nullable Object user, Place place) {
        long _ = engine().life().handle();
        int entry = dispatch().add(kind, callback, user);
        NativeCalls.HookRequest request =
                new NativeCalls.HookRequest(type, dispatch().stub(kind), entry, place.begin, place.end, place.extra);
        long handle;
        try {
            handle = engine().hookAdd(request);
        } catch (UnicornException e) {
            dispatch().remove(entry);
            throw e;
        }
        lastHook++;
        hooks.put(lastHook, new Registered(callback, handle, entry));
        return lastHook;
    }

    private void delete(Registered registered) {
        check(engine().hookDel(registered.handle));
        dispatch().remove(registered.entry);
    }

    private static void requireTypes(int type, int allowed) {
        if (type == 0 || (type & ~allowed) != 0) {
            throw new UnicornException(Engine.errorText(UnicornConst.UC_ERR_HOOK));
        }
    }
}
