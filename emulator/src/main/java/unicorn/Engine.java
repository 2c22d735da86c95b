package unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One Unicorn engine for callers that cannot afford garbage: primitives, caller-owned memory and error codes.
///
/// Methods named after functions that return an error code return it; those that cannot sensibly fail throw
/// [UnicornException]. An exception thrown in a callback comes out of the call that ran the guest, unchanged.
///
/// An engine is used by one thread at a time; only `emuStop` and `close` may come from another. `close` may come at any
/// time and any number of times: while the guest runs it asks it to stop, and the engine is freed when the guest has
/// stopped. After `close` every other method throws [UnicornException]. Memory given to `mapPtr` must outlive the
/// engine, and a machine-code hook's page too.
public final class Engine implements AutoCloseable {
    private static final int CTL_IO_WRITE = 1;
    private static final int CTL_IO_READ_WRITE = 3;
    private static final int CTL_COUNT_SHIFT = 26;
    private static final int CTL_IO_SHIFT = 30;

    private static final long BLOCK_OFFSET = 64;
    private static final long BLOCK_COUNT_OFFSET = BLOCK_OFFSET + 8;
    private static final long OUT_OFFSET = 80;
    private static final long SCRATCH_BYTES = 128;

    private final int arch;
    private final int mode;
    private final boolean x86;
    private final Lifetime life = new Lifetime();
    private final long scratch = life.arena().allocate(SCRATCH_BYTES, 64).address();
    private final Set<Long> hooks = new HashSet<>();
    // Memory that only the collector would free must not be freed before the engine.
    private final List<MemorySegment> mapped = new ArrayList<>();
    private long cpu;

    private Engine(int arch, int mode) {
        this.arch = arch;
        this.mode = mode;
        this.x86 = arch == UnicornConst.UC_ARCH_X86;
    }

    /// Returns a new engine for a guest architecture (`UC_ARCH_*`) and mode (`UC_MODE_*`).
    public static Engine open(int arch, int mode) {
        NativeLibrary.requireLoaded();
        Engine engine = new Engine(arch, mode);
        MemorySegment result = engine.life.arena().allocate(ADDRESS);
        int error = NativeCalls.open(arch, mode, result);
        if (error != UnicornConst.UC_ERR_OK) {
            engine.life.arena().close();
            throw new UnicornException(errorText(error));
        }
        engine.life.begin(result.get(JAVA_LONG, 0));
        return engine;
    }

    /// Returns whether libunicorn could be loaded.
    public static boolean isAvailable() {
        return NativeLibrary.isLoaded();
    }

    /// Returns the functions of libunicorn that were asked for and not found; empty with a fitting library.
    public static List<String> missingSymbols() {
        return NativeLibrary.missingSymbols();
    }

    /// Returns the version of libunicorn: major in bits 24 to 31, minor in 16 to 23, patch in 8 to 15.
    public static int version() {
        NativeLibrary.requireLoaded();
        return NativeCalls.version();
    }

    /// Returns the library's text for an error code.
    public static String errorText(int error) {
        NativeLibrary.requireLoaded();
        return NativeMemory.cString(NativeCalls.strerror(error));
    }

    /// Returns the guest architecture (`UC_ARCH_*`).
    public int arch() {
        return arch;
    }

    /// Returns the guest mode (`UC_MODE_*`).
    public int mode() {
        return mode;
    }

    /// Returns whether the engine was closed, even if it is freed only later.
    public boolean isClosed() {
        return life.isClosed();
    }

    /// Returns the engine's native address, for machine code that is called by the engine.
    public long address() {
        return life.handle();
    }

    /// Returns the address of `uc_emu_stop`, for machine code that is called by the engine.
    public static MemorySegment stopFunction() {
        return NativeLibrary.address("uc_emu_stop");
    }

    /// Sets the size of the buffer for translated code. Precondition: nothing has initialised the engine yet.
    public int setCodeBufferSize(int sizeBytes) {
        return ctl(UnicornConst.UC_CTL_TCG_BUFFER_SIZE, 1, CTL_IO_WRITE, sizeBytes, 0);
    }

    /// Sets the CPU model. Precondition: nothing has initialised the engine yet.
    public int setCpuModel(int model) {
        return ctl(UnicornConst.UC_CTL_CPU_MODEL, 1, CTL_IO_WRITE, model, 0);
    }

    /// Sets who translates addresses: `UC_TLB_CPU` or `UC_TLB_VIRTUAL` (the fill hook).
    public int setTlbMode(int tlbMode) {
        return ctl(UnicornConst.UC_CTL_TLB_TYPE, 1, CTL_IO_WRITE, tlbMode, 0);
    }

    /// Makes host memory guest-physical memory. Precondition: page-aligned, and the memory outlives the engine.
    public int mapPtr(long physAddr, long sizeBytes, int perms, MemorySegment memory) {
        if (memory.byteSize() < sizeBytes) {
            throw new UnicornException("Memory of " + memory.byteSize() + " bytes is too small for " + sizeBytes);
        }
        mapped.add(memory);
        long handle = life.enter();
        try {
            return NativeCalls.memMapPtr(handle, physAddr, sizeBytes, perms, memory);
        } finally {
            life.leave();
        }
    }

    /// Returns a register of at most 64 bits, zero-extended.
    public long regRead(int register) {
        long handle = life.handle();
        NativeMemory.putLong(scratch, 0);
        check(NativeCalls.regRead(handle, register, scratch));
        return NativeMemory.getLong(scratch);
    }

    /// Sets a register of at most 64 bits.
    public void regWrite(int register, long value) {
        long handle = life.handle();
        NativeMemory.putLong(scratch, value);
        if (!x86) {
            check(NativeCalls.regWrite(handle, register, scratch));
            return;
        }
        // An x86 segment register reads its descriptor through the fill callback.
        handle = life.enter();
        try {
            check(NativeCalls.regWrite(handle, register, scratch));
        } finally {
            life.leave();
        }
    }

    /// Reads a register of any size into memory of the caller, which must be large enough for it.
    public int regRead(int register, MemorySegment value) {
        return NativeCalls.regRead(life.handle(), register, value);
    }

    /// Writes a register of any size from memory of the caller, which must be large enough for it.
    public int regWrite(int register, MemorySegment value) {
        long handle = life.enter();
        try {
            return NativeCalls.regWrite(handle, register, value);
        } finally {
            life.leave();
        }
    }

    /// Returns a list of registers that can be read and written in one call each.
    public RegisterBatch batch(int... registers) {
        long _ = life.handle();
        return new RegisterBatch(life.arena(), registers);
    }

    /// Reads all registers of a batch.
    public int regRead(RegisterBatch batch) {
        return batch.read(life.handle());
    }

    /// Writes all registers of a batch.
    public int regWrite(RegisterBatch batch) {
        long handle = life.enter();
        try {
            return batch.write(handle);
        } finally {
            life.leave();
        }
    }

    /// Runs the guest and returns the error code. `until` = 0, `timeout` = 0 and `count` = 0 set no limit; a count
    /// makes the guest slower, and an `until` costs a translation at each return.
    public int emuStart(long begin, long until, long timeout, long count) {
        long handle = life.enter();
        try {
            return NativeCalls.emuStart(handle, begin, until, timeout, count);
        } finally {
            life.leave();
        }
    }

    /// Asks the guest to stop. Never in a fill that is then answered: the memory operation would be done twice.
    public int emuStop() {
        return life.stop();
    }

    /// Forgets all translations; translated code is kept.
    public int tlbFlush() {
        return ctl(UnicornConst.UC_CTL_TLB_FLUSH, 0, CTL_IO_WRITE, 0, 0);
    }

    /// Forgets the translation of one page, and all knowledge of where jumps into it lead.
    public void tlbFlushPage(long virtAddr) {
        long _ = life.handle();
        NativeInternals.tlbFlushPage(x86, cpu(), virtAddr);
    }

    /// Drops all translated code.
    public int codeFlush() {
        return ctl(UnicornConst.UC_CTL_TB_FLUSH, 0, CTL_IO_WRITE, 0, 0);
    }

    /// Drops the code translated from a range of physical memory. Precondition: guest memory is one region at 0.
    public void invalidateCode(long physStart, long physEnd) {
        long _ = cpu();
        NativeInternals.invalidateCode(x86, life.handle(), physStart, physEnd);
    }

    /// Drops the code translated from a range of virtual memory; may call the fill callback.
    public int removeCache(long virtStart, long virtEnd) {
        return ctl(UnicornConst.UC_CTL_TB_REMOVE_CACHE, 2, CTL_IO_WRITE, virtStart, virtEnd);
    }

    /// Returns the number of instructions of the block at an address, translating it if need be, or a negative error
    /// code; may call the fill callback. From a callback: only for a block that has been translated already.
    public int requestCache(long virtAddr) {
        int error = requestBlock(virtAddr, scratch + BLOCK_OFFSET);
        long _ = life.handle();
        return error == UnicornConst.UC_ERR_OK ? NativeMemory.getInt(scratch + BLOCK_COUNT_OFFSET) & 0xffff : -error;
    }

    // A fetch that faults while no guest runs would jump to a place that is gone, so ask without a fault first. While
    // one runs there is no need, and asking could disturb who counts fills.
    int requestBlock(long virtAddr, long result) {
        long handle = life.enter();
        try {
            int error = life.isOutermost()
                    ? NativeCalls.vmemTranslate(handle, virtAddr, UnicornConst.UC_PROT_EXEC, scratch + OUT_OFFSET)
                    : UnicornConst.UC_ERR_OK;
            return error == UnicornConst.UC_ERR_OK
                    ? ctl(UnicornConst.UC_CTL_TB_REQUEST_CACHE, 2, CTL_IO_READ_WRITE, virtAddr, result)
                    : error;
        } finally {
            life.leave();
        }
    }

    /// Returns a new context for this kind of engine, to be closed by the caller.
    public EngineContext contextAlloc() {
        return contextAlloc(Arena.ofShared());
    }

    EngineContext contextAlloc(Arena contextArena) {
        long handle = life.handle();
        check(NativeRegisters.contextAlloc(handle, scratch + OUT_OFFSET));
        long sizeBytes = NativeRegisters.contextSize(handle);
        return new EngineContext(NativeMemory.getLong(scratch + OUT_OFFSET), sizeBytes, contextArena, arch, mode);
    }

    /// Returns the size of a context.
    public long contextSizeBytes() {
        return NativeRegisters.contextSize(life.handle());
    }

    /// Copies the registers into a context.
    public int contextSave(EngineContext context) {
        return context.fits(arch, mode)
                ? NativeRegisters.contextSave(life.handle(), context.segment())
                : UnicornConst.UC_ERR_ARG;
    }

    /// Copies a context into the registers; the caller owes a TLB flush if the address space differs.
    public int contextRestore(EngineContext context) {
        return context.fits(arch, mode)
                ? NativeRegisters.contextRestore(life.handle(), context.segment())
                : UnicornConst.UC_ERR_ARG;
    }

    /// Adds a hook and returns its handle. The callback is a stub of this engine or machine code of the caller.
    ///
    /// @param begin first address, greater than `end` for every address
    /// @param insn the instruction (`UC_X86_INS_*`) for `UC_HOOK_INSN`, otherwise 0
    public long hookAdd(int type, MemorySegment stub, MemorySegment userData, long begin, long end, int insn) {
        long extra = Integer.toUnsignedLong(insn);
        return hookAdd(new NativeCalls.HookRequest(type, stub, userData.address(), begin, end, extra));
    }

    long hookAdd(NativeCalls.HookRequest request) {
        check(NativeCalls.hookAdd(life.handle(), scratch + OUT_OFFSET, request));
        long hook = NativeMemory.getLong(scratch + OUT_OFFSET);
        hooks.add(hook);
        return hook;
    }

    /// Removes a hook; its stub lives on with the engine. Removing it twice is an error code.
    public int hookDel(long hook) {
        if (!hooks.remove(hook)) {
            return UnicornConst.UC_ERR_HOOK;
        }
        long handle = life.enter();
        try {
            return NativeCalls.hookDel(handle, hook);
        } finally {
            life.leave();
        }
    }

    /// Returns a function pointer for a `UC_HOOK_TLB_FILL` hook, which lives as long as the engine.
    public MemorySegment fillStub(RawTlbFill target) {
        return Upcalls.fill(life.arena(), life, target);
    }

    /// Returns a function pointer for a `UC_HOOK_BLOCK` or `UC_HOOK_CODE` hook, which lives as long as the engine.
    public MemorySegment blockStub(RawBlock target) {
        return Upcalls.block(life.arena(), life, target);
    }

    /// Returns a function pointer for hooks of valid memory accesses, which lives as long as the engine.
    public MemorySegment memStub(RawMem target) {
        return Upcalls.mem(life.arena(), life, target);
    }

    /// Returns a function pointer for hooks of invalid memory accesses, which lives as long as the engine.
    public MemorySegment memFaultStub(RawMemFault target) {
        return Upcalls.memFault(life.arena(), life, target);
    }

    /// Returns a function pointer for a `UC_HOOK_INTR` hook, which lives as long as the engine.
    public MemorySegment interruptStub(RawInterrupt target) {
        return Upcalls.interrupt(life.arena(), life, target);
    }

    /// Returns a function pointer for a system-call hook, which lives as long as the engine.
    public MemorySegment voidStub(RawVoid target) {
        return Upcalls.plain(life.arena(), life, target);
    }

    /// Returns the exact address of the last refused or failed access.
    public long faultAddress() {
        return NativeMemory.getLong(life.handle() + FaultAddressProbe.offset());
    }

    Lifetime life() {
        return life;
    }

    /// Sends any `uc_ctl` request; unused arguments are 0.
    int ctl(int type, int count, int direction, long first, long second) {
        int control = type | (count << CTL_COUNT_SHIFT) | (direction << CTL_IO_SHIFT);
        long handle = life.enter();
        try {
            return NativeCalls.ctl(handle, control, first, second);
        } finally {
            life.leave();
        }
    }

    @Override
    public void close() {
        life.close();
    }

    long cpu() {
        if (cpu == 0) {
            if (!x86 && (arch != UnicornConst.UC_ARCH_RISCV || mode != UnicornConst.UC_MODE_RISCV64)) {
                throw new UnicornException("Only x86 and 64-bit RISC-V guests can flush a page or a physical range");
            }
            // The first access to a register initialises the engine; there is no CPU before.
            long _ = regRead(x86 ? X86Const.UC_X86_REG_RIP : RiscvConst.UC_RISCV_REG_PC);
            cpu = NativeInternals.cpu(x86, life.handle());
        }
        return cpu;
    }

    private static void check(int error) {
        if (error != UnicornConst.UC_ERR_OK) {
            throw new UnicornException(errorText(error));
        }
    }
}
