package unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The place of the exact fault address inside libunicorn's private engine structure, found by experiment.
///
/// No function tells the address, and its offset changes with the version. So a guest is made to load from two odd
/// addresses which occur nowhere else, and the structure is searched for the word that follows them.
final class FaultAddressProbe {
    private static final int SEARCHED_BYTES = 8192;
    private static final int NOT_FOUND = -1;
    private static final int PAGE_BYTES = 4096;
    private static final long CODE_ADDRESS = 0x1000;
    private static final long FIRST_FAULT = 0x2345_6789_abc1L;
    private static final long SECOND_FAULT = 0x1a2b_3c4d_5e67L;

    private static final byte[] RISCV_LOAD = {0x03, (byte) 0xb5, 0x05, 0x00}; // ld a0, 0(a1)
    private static final byte[] X86_LOAD = {0x48, (byte) 0x8b, 0x03}; // mov rax, [rbx]

    private static final int OFFSET = find();

    private FaultAddressProbe() {}

    /// Returns the offset in bytes, or throws if this libunicorn does not keep the address.
    static int offset() {
        if (OFFSET == NOT_FOUND) {
            throw new UnicornException("This libunicorn does not keep the exact fault address in the first "
                    + SEARCHED_BYTES + " bytes of its engine structure");
        }
        return OFFSET;
    }

    private static int find() {
        boolean riscv = NativeCalls.archSupported(UnicornConst.UC_ARCH_RISCV);
        int arch = riscv ? UnicornConst.UC_ARCH_RISCV : UnicornConst.UC_ARCH_X86;
        int base = riscv ? RiscvConst.UC_RISCV_REG_A1 : X86Const.UC_X86_REG_RBX;
        byte[] code = riscv ? RISCV_LOAD : X86_LOAD;
        try (Arena arena = Arena.ofConfined();
                Engine engine = Engine.open(arch, UnicornConst.UC_MODE_64)) {
            MemorySegment page = arena.allocate(PAGE_BYTES, PAGE_BYTES);
            MemorySegment.copy(code, 0, page, ValueLayout.JAVA_BYTE, 0, code.length);
            int _ = engine.setTlbMode(UnicornConst.UC_TLB_VIRTUAL);
            int _ = engine.mapPtr(CODE_ADDRESS, PAGE_BYTES, UnicornConst.UC_PROT_ALL, page);
            RawTlbFill fill =
                    (virtAddr, accessType) -> virtAddr == CODE_ADDRESS ? CODE_ADDRESS | UnicornConst.UC_PROT_EXEC : -1;
            long _ = engine.hookAdd(UnicornConst.UC_HOOK_TLB_FILL, engine.fillStub(fill), MemorySegment.NULL, 1, 0, 0);
            return search(engine, base);
        }
    }

    private static int search(Engine engine, int base) {
        fault(engine, base, FIRST_FAULT);
        for (int offset = 0; offset < SEARCHED_BYTES; offset += Long.BYTES) {
            if (NativeMemory.getLong(engine.address() + offset) == FIRST_FAULT) {
                fault(engine, base, SECOND_FAULT);
                if (NativeMemory.getLong(engine.address() + offset) == SECOND_FAULT) {
                    return offset;
                }
                fault(engine, base, FIRST_FAULT);
            }
        }
        return NOT_FOUND;
    }

    private static void fault(Engine engine, int base, long virtAddr) {
        engine.regWrite(base, virtAddr);
        int _ = engine.emuStart(CODE_ADDRESS, 0, 0, 0);
    }
}
