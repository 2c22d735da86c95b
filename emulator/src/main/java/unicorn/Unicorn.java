package unicorn;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One Unicorn engine, with the names and the behaviour of the official Java bindings.
///
/// Every method throws [UnicornException] if the engine refuses; an exception thrown in a callback stops the guest and
/// comes out of the call that ran it. An engine is used by one thread at a time, except for `emu_stop` and `close`. It
/// holds native memory until `close`, which is never left to the garbage collector.
public non-sealed class Unicorn extends UnicornHooks implements UnicornConst, RiscvConst, X86Const {
    private final Map<Long, Context> numberedContexts = new HashMap<>();
    private long lastContext;

    /// Opens an engine for a guest architecture (`UC_ARCH_*`) and mode (`UC_MODE_*`).
    public Unicorn(int arch, int mode) throws UnicornException {
        super(arch, mode);
    }

    /// The saved registers of an engine.
    ///
    /// A context may outlive its engine and may be restored into any engine of the same architecture and mode.
    public static class Context {
        /// Guest architecture (`UC_ARCH_*`).
        public int arch;

        /// Guest mode (`UC_MODE_*`).
        public int mode;

        private final EngineContext saved;

        Context(EngineContext saved, int arch, int mode) {
            this.saved = saved;
            this.arch = arch;
            this.mode = mode;
        }

        /// Returns a saved register of at most 64 bits.
        public long reg_read(int regid) throws UnicornException {
            return RegisterValues.readLong(arch, reader(), regid);
        }

        /// Returns a saved register as an object; `opt` names the register for `UC_X86_REG_MSR`.
        public Object reg_read(int regid, @Nullable Object opt) throws UnicornException {
            return RegisterValues.read(arch, reader(), regid, opt);
        }

        /// Sets a saved register of at most 64 bits.
        public void reg_write(int regid, long value) throws UnicornException {
            RegisterValues.writeLong(arch, writer(), regid, value);
        }

        /// Sets a saved register from an object.
        public void reg_write(int regid, Object value) throws UnicornException {
            RegisterValues.write(arch, writer(), regid, value);
        }

        private RegisterValues.Access reader() {
            return (register, value, size) ->
                    check(NativeRegisters.contextRegRead(saved.segment(), register, value, size));
        }

        private RegisterValues.Access writer() {
            return (register, value, size) ->
                    check(NativeRegisters.contextRegWrite(saved.segment(), register, value, size));
        }
    }

    @Override
    Unicorn self() {
        return this;
    }

    /// Runs the guest from `begin` to `until`, for at most `timeout` microseconds and `count` instructions; 0 is no
    /// limit of time or instructions.
    public void emu_start(long begin, long until, long timeout, long count) throws UnicornException {
        run(uc -> NativeCalls.emuStart(uc, begin, until, timeout, count));
    }

    /// Asks the guest to stop.
    public void emu_stop() throws UnicornException {
        check(engine().emuStop());
    }

    /// Returns a register of at most 64 bits.
    public long reg_read(int regid) throws UnicornException {
        return RegisterValues.readLong(engine().arch(), reader(), regid);
    }

    /// Returns a register as an object: `Long`, `BigInteger`, [X86_Float80] or [X86_MMR]; for `UC_X86_REG_MSR`, `opt`
    /// is an [X86_MSR] that names the register.
    public Object reg_read(int regid, @Nullable Object opt) throws UnicornException {
        return RegisterValues.read(engine().arch(), reader(), regid, opt);
    }

    /// Sets a register of at most 64 bits.
    public void reg_write(int regid, long value) throws UnicornException {
        RegisterValues.writeLong(engine().arch(), writer(), regid, value);
    }

    /// Sets a register from an object of the type that reading it returns.
    public void reg_write(int regid, Object value) throws UnicornException {
        RegisterValues.write(engine().arch(), writer(), regid, value);
    }

    /// Returns several registers as objects.
    @Deprecated
    public Object[] reg_read_batch(int[] regids) throws UnicornException {
        Object[] values = new Object[regids.length];
        for (int i = 0; i < regids.length; i++) {
            values[i] = reg_read(regids[i], null);
        }
        return values;
    }

    /// Sets several registers from objects.
    @Deprecated
    public void reg_write_batch(int[] regids, Object[] vals) throws UnicornException {
        if (regids.length != vals.length) {
            throw new UnicornException(strerror(UC_ERR_ARG));
        }
        for (int i = 0; i < regids.length; i++) {
            reg_write(regids[i], vals[i]);
        }
    }

    private RegisterValues.Access reader() {
        return (register, value, size) -> run(uc -> NativeRegisters.regReadSized(uc, register, value, size));
    }

    private RegisterValues.Access writer() {
        return (register, value, size) -> run(uc -> NativeRegisters.regWriteSized(uc, register, value, size));
    }

    /// Returns a copy of all registers.
    public Context context_save() throws UnicornException {
        Context context = newContext();
        context_update(context);
        return context;
    }

    /// Overwrites a context with the present registers.
    public void context_update(Context context) throws UnicornException {
        requireFitting(context);
        check(engine().contextSave(context.saved));
    }

    /// Sets all registers from a context.
    public void context_restore(Context context) throws UnicornException {
        requireFitting(context);
        check(engine().contextRestore(context.saved));
    }

    /// Returns the number of a new context, to be freed with `free`.
    @Deprecated
    public long context_alloc() {
        lastContext++;
        numberedContexts.put(lastContext, newContext());
        return lastContext;
    }

    /// Frees the context of a number.
    @Deprecated
    public void free(long handle) {
        numberedContexts.remove(handle);
    }

    /// Overwrites the context of a number with the present registers.
    @Deprecated
    public void context_save(long context) {
        context_update(numbered(context));
    }

    /// Sets all registers from the context of a number.
    @Deprecated
    public void context_restore(long context) {
        context_restore(numbered(context));
    }

    // The collector frees contexts, as nothing in the official interface does.
    private Context newContext() {
        Engine engine = engine();
        return new Context(engine.contextAlloc(Arena.ofAuto()), engine.arch(), engine.mode());
    }

    private void requireFitting(Context context) {
        if (context.arch != engine().arch() || context.mode != engine().mode()) {
            throw new UnicornException("The context is of another kind of engine");
        }
    }

    private Context numbered(long number) {
        Context context = numberedContexts.get(number);
        if (context == null) {
            throw new UnicornException("There is no context " + number);
        }
        return context;
    }
}
