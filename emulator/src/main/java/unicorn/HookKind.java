package unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import org.jspecify.annotations.Nullable;

/// The C signature of each kind of callback, and the method of [HookDispatch] that answers it.
///
/// All pointers are `long`s; the first argument is the engine, the last the user data, which holds the hook's number.
enum HookKind {
    INTERRUPT("interrupt", InterruptHook.class, null, JAVA_INT),
    CODE("code", CodeHook.class, null, JAVA_LONG, JAVA_INT),
    BLOCK("block", BlockHook.class, null, JAVA_LONG, JAVA_INT),
    MEM("mem", MemHook.class, null, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG),
    EVENT_MEM("eventMem", EventMemHook.class, JAVA_BOOLEAN, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG),
    INVALID_INSTRUCTION("invalidInstruction", InvalidInstructionHook.class, JAVA_BOOLEAN),
    EDGE_GENERATED("edgeGenerated", EdgeGeneratedHook.class, null, JAVA_LONG, JAVA_LONG),
    TCG_OPCODE("tcgOpcode", TcgOpcodeHook.class, null, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT),
    TLB_FILL("tlbFill", TlbFillHook.class, JAVA_BOOLEAN, JAVA_LONG, JAVA_INT, JAVA_LONG),
    IN("in", InHook.class, JAVA_INT, JAVA_INT, JAVA_INT),
    OUT("out", OutHook.class, null, JAVA_INT, JAVA_INT, JAVA_INT),
    SYSCALL("syscall", SyscallHook.class, null),
    CPUID("cpuid", CpuidHook.class, JAVA_INT),
    MMIO_READ("mmioRead", MmioReadHandler.class, JAVA_LONG, JAVA_LONG, JAVA_INT),
    MMIO_WRITE("mmioWrite", MmioWriteHandler.class, null, JAVA_LONG, JAVA_INT, JAVA_LONG);

    private final String method;
    private final Class<?> type;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, only not marked so
    private final FunctionDescriptor descriptor;

    HookKind(String method, Class<?> type, @Nullable MemoryLayout result, MemoryLayout... arguments) {
        this.method = method;
        this.type = type;
        FunctionDescriptor plain = FunctionDescriptor.ofVoid(JAVA_LONG)
                .appendArgumentLayouts(arguments)
                .appendArgumentLayouts(JAVA_LONG);
        this.descriptor = result == null ? plain : plain.changeReturnLayout(result);
    }

    String method() {
        return method;
    }

    /// The interface that the callback of this kind implements.
    Class<?> type() {
        return type;
    }

    FunctionDescriptor descriptor() {
        return descriptor;
    }

    /// Returns the kind of an instruction hook, or throws if the engine has none for the instruction.
    static HookKind ofInstruction(int insn) {
        return switch (insn) {
            case X86Const.UC_X86_INS_IN -> IN;
            case X86Const.UC_X86_INS_OUT -> OUT;
            case X86Const.UC_X86_INS_SYSCALL, X86Const.UC_X86_INS_SYSENTER -> SYSCALL;
            case X86Const.UC_X86_INS_CPUID -> CPUID;
            default -> throw new UnicornException(Engine.errorText(UnicornConst.UC_ERR_INSN_INVALID));
        };
    }
}
