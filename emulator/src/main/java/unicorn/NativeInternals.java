package unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Functions that libunicorn exports without declaring them: the flush of one page, and the invalidation of the code
/// translated from a range of physical memory.
///
/// The public API has neither. Each exists once per guest architecture, with the architecture in its name.
final class NativeInternals {
    private static final FunctionDescriptor CPU = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor PAGE = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor RANGE = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle CPU_RISCV64 = NativeLibrary.function("qemu_get_cpu_riscv64", CPU);
    private static final MethodHandle CPU_X86_64 = NativeLibrary.function("qemu_get_cpu_x86_64", CPU);
    private static final MethodHandle PAGE_RISCV64 = NativeLibrary.function("tlb_flush_page_riscv64", PAGE);
    private static final MethodHandle PAGE_X86_64 = NativeLibrary.function("tlb_flush_page_x86_64", PAGE);
    private static final MethodHandle RANGE_RISCV64 = NativeLibrary.function("tb_invalidate_phys_range_riscv64", RANGE);
    private static final MethodHandle RANGE_X86_64 = NativeLibrary.function("tb_invalidate_phys_range_x86_64", RANGE);

    // The one CPU of an engine is found by this index only; 0 finds nothing.
    private static final int ONLY_CPU = -1;

    private NativeInternals() {}

    /// Returns the address of the engine's CPU. Precondition: the engine is initialised.
    static long cpu(boolean x86, long uc) {
        try {
            return x86 ? (long) CPU_X86_64.invokeExact(uc, ONLY_CPU) : (long) CPU_RISCV64.invokeExact(uc, ONLY_CPU);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static void tlbFlushPage(boolean x86, long cpu, long virtAddr) {
        try {
            if (x86) {
                PAGE_X86_64.invokeExact(cpu, virtAddr);
            } else {
                PAGE_RISCV64.invokeExact(cpu, virtAddr);
            }
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    static void invalidateCode(boolean x86, long uc, long physStart, long physEnd) {
        try {
            if (x86) {
                RANGE_X86_64.invokeExact(uc, physStart, physEnd);
            } else {
                RANGE_RISCV64.invokeExact(uc, physStart, physEnd);
            }
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }
}
