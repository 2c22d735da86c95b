package unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The functions of `unicorn.h`, one method each, with pointers as plain `long`s.
///
/// Pointers that the caller owns are [MemorySegment]s, so that their memory is kept alive during the call. Nothing here
/// is linked as critical: nearly every function may call back into Java.
final class NativeCalls {
    private static final MethodHandle VERSION = link("uc_version", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ARCH_SUPPORTED = link("uc_arch_supported", JAVA_BOOLEAN, JAVA_INT);
    private static final MethodHandle OPEN = link("uc_open", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CLOSE = link("uc_close", JAVA_INT, JAVA_LONG);
    private static final MethodHandle QUERY = link("uc_query", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle ERRNO = link("uc_errno", JAVA_INT, JAVA_LONG);
    private static final MethodHandle STRERROR = link("uc_strerror", JAVA_LONG, JAVA_INT);
    private static final MethodHandle REG_READ = link("uc_reg_read", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle REG_WRITE = link("uc_reg_write", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle REG_READ_INTO = link("uc_reg_read", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
    private static final MethodHandle REG_WRITE_FROM = link("uc_reg_write", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
    private static final MethodHandle MEM_READ =
            link("uc_mem_read", JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle MEM_WRITE =
            link("uc_mem_write", JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle MEM_MAP = link("uc_mem_map", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle MEM_MAP_PTR =
            link("uc_mem_map_ptr", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS);
    private static final MethodHandle MEM_UNMAP = link("uc_mem_unmap", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MEM_PROTECT =
            link("uc_mem_protect", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle MEM_REGIONS = link("uc_mem_regions", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE = link("uc_free", JAVA_INT, JAVA_LONG);
    private static final MethodHandle MMIO_MAP =
            link("uc_mmio_map", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle EMU_START =
            link("uc_emu_start", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle EMU_STOP = link("uc_emu_stop", JAVA_INT, JAVA_LONG);
    private static final MethodHandle VMEM_TRANSLATE =
            link("uc_vmem_translate", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    // Every variadic argument is passed as a long: on the 64-bit hosts that Unicorn runs on, an int takes the low half
    // of the same slot, and arguments that a request does not take are not looked at.
    private static final MethodHandle CTL = NativeLibrary.function(
            "uc_ctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle HOOK_ADD = NativeLibrary.function(
            "uc_hook_add",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG),
            Linker.Option.firstVariadicArg(7));
    private static final MethodHandle HOOK_DEL = link("uc_hook_del", JAVA_INT, JAVA_LONG, JAVA_LONG);

    private NativeCalls() {}

    static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
        return NativeLibrary.function(name, FunctionDescriptor.of(result, arguments));
    }

    /// Returns what to throw for a throwable that came out of a native call.
    static RuntimeException unexpected(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(t);
        };
    }

    static int version() {
        try {
            return (int) VERSION.invokeExact(0L, 0L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static boolean archSupported(int arch) {
        try {
            return (boolean) ARCH_SUPPORTED.invokeExact(arch);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int open(int arch, int mode, MemorySegment result) {
        try {
            return (int) OPEN.invokeExact(arch, mode, result);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int close(long uc) {
        try {
            return (int) CLOSE.invokeExact(uc);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int query(long uc, int type, long result) {
        try {
            return (int) QUERY.invokeExact(uc, type, result);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int errno(long uc) {
        try {
            return (int) ERRNO.invokeExact(uc);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long strerror(int code) {
        try {
            return (long) STRERROR.invokeExact(code);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int regRead(long uc, int register, long value) {
        try {
            return (int) REG_READ.invokeExact(uc, register, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int regWrite(long uc, int register, long value) {
        try {
            return (int) REG_WRITE.invokeExact(uc, register, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int regRead(long uc, int register, MemorySegment value) {
        try {
            return (int) REG_READ_INTO.invokeExact(uc, register, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int regWrite(long uc, int register, MemorySegment value) {
        try {
            return (int) REG_WRITE_FROM.invokeExact(uc, register, value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memRead(long uc, long address, MemorySegment bytes, long sizeBytes) {
        try {
            return (int) MEM_READ.invokeExact(uc, address, bytes, sizeBytes);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memWrite(long uc, long address, MemorySegment bytes, long sizeBytes) {
        try {
            return (int) MEM_WRITE.invokeExact(uc, address, bytes, sizeBytes);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memMap(long uc, long address, long sizeBytes, int perms) {
        try {
            return (int) MEM_MAP.invokeExact(uc, address, sizeBytes, perms);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memMapPtr(long uc, long address, long sizeBytes, int perms, MemorySegment memory) {
        try {
            return (int) MEM_MAP_PTR.invokeExact(uc, address, sizeBytes, perms, memory);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memUnmap(long uc, long address, long sizeBytes) {
        try {
            return (int) MEM_UNMAP.invokeExact(uc, address, sizeBytes);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memProtect(long uc, long address, long sizeBytes, int perms) {
        try {
            return (int) MEM_PROTECT.invokeExact(uc, address, sizeBytes, perms);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memRegions(long uc, long regions, long count) {
        try {
            return (int) MEM_REGIONS.invokeExact(uc, regions, count);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int free(long pointer) {
        try {
            return (int) FREE.invokeExact(pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int emuStart(long uc, long begin, long until, long timeout, long count) {
        try {
            return (int) EMU_START.invokeExact(uc, begin, until, timeout, count);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int emuStop(long uc) {
        try {
            return (int) EMU_STOP.invokeExact(uc);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int ctl(long uc, int control, long first, long second) {
        try {
            return (int) CTL.invokeExact(uc, control, first, second);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int vmemTranslate(long uc, long virtAddr, int prot, long result) {
        try {
            return (int) VMEM_TRANSLATE.invokeExact(uc, virtAddr, prot, result);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int hookDel(long uc, long hook) {
        try {
            return (int) HOOK_DEL.invokeExact(uc, hook);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int hookAdd(long uc, long result, HookRequest hook) {
        try {
            return (int) HOOK_ADD.invokeExact(
                    uc,
                    result,
                    hook.type(),
                    hook.callback(),
                    hook.userData(),
                    hook.begin(),
                    hook.end(),
                    hook.extra() & 0xffff_ffffL,
                    hook.extra() >>> 32);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int mmioMap(long uc, long address, long sizeBytes, MmioCallbacks callbacks) {
        try {
            return (int) MMIO_MAP.invokeExact(
                    uc,
                    address,
                    sizeBytes,
                    callbacks.read(),
                    callbacks.readUserData(),
                    callbacks.write(),
                    callbacks.writeUserData());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// What `uc_hook_add` takes.
    ///
    /// @param begin first address, greater than `end` for every address
    /// @param extra the two optional `int` arguments: the first in the low half, the second in the high half
    record HookRequest(int type, MemorySegment callback, long userData, long begin, long end, long extra) {}

    /// The two callbacks of a device region; a NULL callback takes the right away.
    record MmioCallbacks(MemorySegment read, long readUserData, MemorySegment write, long writeUserData) {}
}
