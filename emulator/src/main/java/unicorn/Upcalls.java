package unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// Makes C function pointers out of the `Raw…` interfaces.
///
/// An exception that left an upcall would end the virtual machine. So each adapter catches everything, leaves it with
/// the engine, which throws it out of the call that ran the guest, and makes the guest stop: a fill by its refusal
/// alone, because a stop request there would run the instruction's memory operation twice, all others by a stop
/// request.
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // called from C, with what C passes
final class Upcalls {
    private static final FunctionDescriptor FILL =
            FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor DIRECT_FILL = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor BLOCK =
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final FunctionDescriptor MEM =
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor MEM_FAULT = MEM.changeReturnLayout(JAVA_BOOLEAN);
    private static final FunctionDescriptor INTERRUPT = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final FunctionDescriptor PLAIN = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);

    private static final long RIGHTS_MASK = 0xfff;
    private static final int RIGHTS_OFFSET = 8;

    private Upcalls() {}

    static MemorySegment fill(Arena arena, Lifetime engine, RawTlbFill target) {
        return bind(arena, new FillAdapter(engine, target), FILL);
    }

    static MemorySegment directFill(Arena arena, Lifetime engine, RawDirectFill target) {
        return bind(arena, new DirectFillAdapter(engine, target), DIRECT_FILL);
    }

    static MemorySegment block(Arena arena, Lifetime engine, RawBlock target) {
        return bind(arena, new BlockAdapter(engine, target), BLOCK);
    }

    static MemorySegment mem(Arena arena, Lifetime engine, RawMem target) {
        return bind(arena, new MemAdapter(engine, target), MEM);
    }

    static MemorySegment memFault(Arena arena, Lifetime engine, RawMemFault target) {
        return bind(arena, new MemFaultAdapter(engine, target), MEM_FAULT);
    }

    static MemorySegment interrupt(Arena arena, Lifetime engine, RawInterrupt target) {
        return bind(arena, new InterruptAdapter(engine, target), INTERRUPT);
    }

    static MemorySegment plain(Arena arena, Lifetime engine, RawVoid target) {
        return bind(arena, new VoidAdapter(engine, target), PLAIN);
    }

    private static MemorySegment bind(Arena arena, Record adapter, FunctionDescriptor descriptor) {
        return bind(arena, MethodHandles.lookup(), adapter, "call", descriptor);
    }

    /// Returns a function pointer to a method of an object; the method's types are those of the descriptor.
    @SuppressWarnings("restricted")
    static MemorySegment bind(
            Arena arena, MethodHandles.Lookup lookup, Object target, String method, FunctionDescriptor descriptor) {
        try {
            MethodHandle handle = lookup.bind(target, method, descriptor.toMethodType());
            return Linker.nativeLinker().upcallStub(handle, descriptor, arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("upcall to " + target.getClass() + "." + method, e);
        }
    }

    private record FillAdapter(Lifetime engine, RawTlbFill target) {
        boolean call(long uc, long virtAddr, int accessType, long result, long userData) {
            try {
                if (engine.isStopping()) {
                    return false;
                }
                long answer = target.fill(virtAddr, accessType);
                if (answer < 0 || engine.isStopping()) {
                    return false;
                }
                NativeMemory.putLong(result, answer & ~RIGHTS_MASK);
                NativeMemory.putInt(result + RIGHTS_OFFSET, (int) (answer & RIGHTS_MASK));
                return true;
            } catch (Throwable t) {
                engine.keepFailure(t);
                return false;
            }
        }
    }

    private record DirectFillAdapter(Lifetime engine, RawDirectFill target) {
        long call(long virtPage, long store) {
            try {
                return target.hostPage(virtPage, store);
            } catch (Throwable t) {
                engine.keepFailure(t);
                return -1;
            }
        }
    }

    private record BlockAdapter(Lifetime engine, RawBlock target) {
        void call(long uc, long virtAddr, int sizeBytes, long userData) {
            try {
                target.enter(virtAddr, sizeBytes);
            } catch (Throwable t) {
                engine.failAndStop(t);
            }
        }
    }

    private record MemAdapter(Lifetime engine, RawMem target) {
        void call(long uc, int type, long address, int sizeBytes, long value, long userData) {
            try {
                target.access(type, address, sizeBytes, value);
            } catch (Throwable t) {
                engine.failAndStop(t);
            }
        }
    }

    private record MemFaultAdapter(Lifetime engine, RawMemFault target) {
        boolean call(long uc, int type, long address, int sizeBytes, long value, long userData) {
            try {
                return target.fault(type, address, sizeBytes, value) && !engine.isStopping();
            } catch (Throwable t) {
                engine.failAndStop(t);
                return false;
            }
        }
    }

    private record InterruptAdapter(Lifetime engine, RawInterrupt target) {
        void call(long uc, int number, long userData) {
            try {
                target.interrupt(number);
            } catch (Throwable t) {
                engine.failAndStop(t);
            }
        }
    }

    private record VoidAdapter(Lifetime engine, RawVoid target) {
        void call(long uc, long userData) {
            try {
                target.run();
            } catch (Throwable t) {
                engine.failAndStop(t);
            }
        }
    }
}
