package unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The saved registers of an engine.
///
/// A context may outlive its engine and may be restored into any engine of the same architecture and mode. Using it
/// after `close` throws [IllegalStateException]; closing it twice does nothing.
public final class EngineContext implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment segment;
    private final int arch;
    private final int mode;

    @SuppressWarnings("restricted")
    EngineContext(long address, long sizeBytes, Arena arena, int arch, int mode) {
        this.arena = arena;
        this.arch = arch;
        this.mode = mode;
        this.segment = MemorySegment.ofAddress(address).reinterpret(sizeBytes, arena, EngineContext::free);
    }

    private static void free(MemorySegment context) {
        int _ = NativeRegisters.contextFree(context.address());
    }

    /// Returns the bytes of the context: the engine's own header, then the CPU's state.
    public MemorySegment segment() {
        return segment;
    }

    /// Copies the whole state of another context of the same engine kind into this one.
    public void copyFrom(EngineContext from) {
        if (!from.fits(arch, mode) || from.segment.byteSize() != segment.byteSize()) {
            throw new UnicornException("Contexts are of different kinds of engine");
        }
        MemorySegment.copy(from.segment, 0, segment, 0, segment.byteSize());
    }

    boolean fits(int engineArch, int engineMode) {
        return arch == engineArch && mode == engineMode;
    }

    @Override
    public void close() {
        if (segment.scope().isAlive()) {
            arena.close();
        }
    }
}
