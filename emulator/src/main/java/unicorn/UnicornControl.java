package unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The part of [Unicorn] that opens, closes, questions and configures the engine.
abstract sealed class UnicornControl implements AutoCloseable permits UnicornMemory {
    private static final int WRITE = UnicornConst.UC_CTL_IO_WRITE;
    private static final int READ = UnicornConst.UC_CTL_IO_READ;

    private final Engine engine;

    UnicornControl(int arch, int mode) {
        this.engine = Engine.open(arch, mode);
    }

    /// A call of the engine that returns an error code.
    interface Call {
        int on(long uc);
    }

    /// Runs a call and throws if it fails, or if a callback that it ran has thrown.
    final void run(Call call) {
        Lifetime life = engine.life();
        long uc = life.enter();
        int error;
        try {
            error = call.on(uc);
        } finally {
            life.leave();
        }
        check(error);
    }

    static void check(int error) {
        if (error != UnicornConst.UC_ERR_OK) {
            throw new UnicornException(Engine.errorText(error));
        }
    }

    final Engine engine() {
        return engine;
    }

    /// Frees the engine; while the guest runs, asks it to stop and frees it then. Closing twice does nothing.
    @Override
    public void close() throws UnicornException {
        engine.close();
    }

    /// Returns the version of libunicorn: major, minor and patch in bytes 3, 2 and 1.
    public static int version() {
        return Engine.version();
    }

    /// Returns whether libunicorn was built with a guest architecture (`UC_ARCH_*`).
    public static boolean arch_supported(int arch) {
        NativeLibrary.requireLoaded();
        return NativeCalls.archSupported(arch);
    }

    /// Returns the library's text for an error code.
    public static String strerror(int code) {
        return Engine.errorText(code);
    }

    /// Returns the last error code. The other methods throw, so there is hardly ever one.
    @Deprecated
    public int errno() {
        return NativeCalls.errno(engine.life().handle());
    }

    /// Returns a property of the engine (`UC_QUERY_*`).
    public long query(int type) throws UnicornException {
        return fetch(result -> run(uc -> NativeCalls.query(uc, type, result)));
    }

    /// Returns the mode (`UC_MODE_*`).
    public int ctl_get_mode() throws UnicornException {
        return (int) read(UnicornConst.UC_CTL_UC_MODE);
    }

    /// Returns the guest architecture (`UC_ARCH_*`).
    public int ctl_get_arch() throws UnicornException {
        return (int) read(UnicornConst.UC_CTL_UC_ARCH);
    }

    /// Returns the time limit of the present run in microseconds.
    public long ctl_get_timeout() throws UnicornException {
        return read(UnicornConst.UC_CTL_UC_TIMEOUT);
    }

    /// Returns the guest's page size in bytes.
    public int ctl_get_page_size() throws UnicornException {
        return (int) read(UnicornConst.UC_CTL_UC_PAGE_SIZE);
    }

    /// Sets the guest's page size in bytes, where the architecture allows it and before anything else.
    public void ctl_set_page_size(int page_size) throws UnicornException {
        write(UnicornConst.UC_CTL_UC_PAGE_SIZE, page_size);
    }

    /// Chooses between the list of exits and the `until` of each run.
    public void ctl_exits_enabled(boolean value) throws UnicornException {
        write(UnicornConst.UC_CTL_UC_USE_EXITS, value ? 1 : 0);
    }

    /// Returns the number of exits.
    public long ctl_get_exits_cnt() throws UnicornException {
        return read(UnicornConst.UC_CTL_UC_EXITS_CNT);
    }

    /// Returns the addresses at which a run ends.
    public long[] ctl_get_exits() throws UnicornException {
        long count = ctl_get_exits_cnt();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment exits = arena.allocate(JAVA_LONG, count);
            check(engine.ctl(UnicornConst.UC_CTL_UC_EXITS, 2, READ, exits.address(), count));
            return exits.toArray(JAVA_LONG);
        }
    }

    /// Sets the addresses at which a run ends.
    public void ctl_set_exits(long[] exits) throws UnicornException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocateFrom(JAVA_LONG, exits);
            check(engine.ctl(UnicornConst.UC_CTL_UC_EXITS, 2, WRITE, list.address(), exits.length));
        }
    }

    /// Returns the CPU model (`UC_CPU_*`).
    public int ctl_get_cpu_model() throws UnicornException {
        return (int) read(UnicornConst.UC_CTL_CPU_MODEL);
    }

    /// Sets the CPU model (`UC_CPU_*`), before anything else.
    public void ctl_set_cpu_model(int cpu_model) throws UnicornException {
        write(UnicornConst.UC_CTL_CPU_MODEL, cpu_model);
    }

    /// Translates the block at an address if need be, and returns it.
    public TranslationBlock ctl_request_cache(long address) throws UnicornException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(ADDRESS, 2);
            check(engine.requestBlock(address, block.address()));
            return HookDispatch.block(block.address());
        }
    }

    /// Drops the code translated from a range of addresses.
    public void ctl_remove_cache(long address, long end) throws UnicornException {
        check(engine.removeCache(address, end));
    }

    /// Drops all translated code.
    public void ctl_flush_tb() throws UnicornException {
        check(engine.codeFlush());
    }

    /// Forgets all address translations.
    public void ctl_flush_tlb() throws UnicornException {
        check(engine.tlbFlush());
    }

    /// Sets who translates addresses: `UC_TLB_CPU` or `UC_TLB_VIRTUAL`.
    public void ctl_tlb_mode(int mode) throws UnicornException {
        check(engine.setTlbMode(mode));
    }

    private interface Query {
        void into(long result);
    }

    private static long fetch(Query query) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(JAVA_LONG);
            query.into(result.address());
            return result.get(JAVA_LONG, 0);
        }
    }

    private long read(int type) {
        return fetch(result -> check(engine.ctl(type, 1, READ, result, 0)));
    }

    private void write(int type, long value) {
        check(engine.ctl(type, 1, WRITE, value, 0));
    }
}
