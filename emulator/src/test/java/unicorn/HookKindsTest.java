package unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What each kind of hook of the official interface sees, on x86-64 code written out in bytes.
@Tag("native")
class HookKindsTest {
    private static final long CODE = 0x10000;
    private static final long STORE = 0x20000;
    private static final int PAGE = 0x1000;

    private final Unicorn u = new Unicorn(UnicornConst.UC_ARCH_X86, UnicornConst.UC_MODE_64);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        u.close();
    }

    private void run(int... code) {
        byte[] bytes = new byte[code.length];
        for (int i = 0; i < code.length; i++) {
            bytes[i] = (byte) code[i];
        }
        if (u.mem_regions().length == 0) {
            u.mem_map(CODE, PAGE, UnicornConst.UC_PROT_ALL);
            u.mem_map(STORE, PAGE, UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE);
        }
        u.mem_write(CODE, bytes);
        u.reg_write(X86Const.UC_X86_REG_RBX, STORE);
        u.emu_start(CODE, CODE + bytes.length, 0, 0);
    }

    @Test
    void code_seesEachInstruction_block_theWholeOfThem() {
        u.hook_add(
                (CodeHook) (uc, address, size, user) -> log.add("code " + (address - CODE) + "+" + size), 1, 0, null);
        u.hook_add((BlockHook) (uc, address, size, user) -> log.add("block " + size + user), 1, 0, "!");
        run(0x90, 0x48, 0xff, 0xc0); // nop; inc rax
        assertThat(log).containsExactly("block 4!", "code 0+1", "code 1+3");
    }

    @Test
    void code_isSeenOnlyInItsRange() {
        u.hook_add(
                (CodeHook) (uc, address, size, user) -> log.add("code " + (address - CODE)), CODE + 1, CODE + 1, null);
        run(0x90, 0x90, 0x90);
        assertThat(log).containsExactly("code 1");
    }

    @Test
    void mem_seesReadsWritesAndWhatWasRead() {
        MemHook hook = (uc, type, address, size, value, user) ->
                log.add(type + " " + (address - STORE) + "+" + size + "=" + value);
        int types = UnicornConst.UC_HOOK_MEM_WRITE | UnicornConst.UC_HOOK_MEM_READ;
        u.hook_add(hook, types, 1, 0, null);
        u.hook_add(hook, UnicornConst.UC_HOOK_MEM_READ_AFTER, 1, 0, null);
        u.reg_write(X86Const.UC_X86_REG_RCX, 77);
        run(0x89, 0x4b, 0x04, 0x8b, 0x43, 0x04); // mov [rbx+4], ecx; mov eax, [rbx+4]
        assertThat(log).containsExactly("17 4+4=77", "16 4+4=0", "25 4+4=77");
    }

    @Test
    void eventMem_seesUnmappedAndProtectedAccesses() {
        EventMemHook hook = (uc, type, address, size, value, user) -> {
            log.add(type + " " + Long.toHexString(address) + "=" + value);
            if (type == UnicornConst.UC_MEM_WRITE_UNMAPPED) {
                uc.mem_map(address, PAGE, UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE);
                return true;
            }
            return false;
        };
        u.hook_add(hook, UnicornConst.UC_HOOK_MEM_INVALID, null);
        u.reg_write(X86Const.UC_X86_REG_RCX, 7);
        u.reg_write(X86Const.UC_X86_REG_RDX, 0x30000);
        run(0x89, 0x0a); // mov [rdx], ecx
        assertThat(log).containsExactly("20 30000=7");
        assertThat(u.mem_read(0x30000, 1)).containsExactly(7);

        u.mem_protect(STORE, PAGE, UnicornConst.UC_PROT_READ);
        assertThatThrownBy(() -> run(0x89, 0x0b)) // mov [rbx], ecx
                .isInstanceOf(UnicornException.class)
                .hasMessageContaining("UC_ERR_WRITE_PROT");
        assertThat(log).hasSize(2).last().isEqualTo("22 20000=7");
    }

    @Test
    void interrupt_seesTheVector() {
        u.hook_add((InterruptHook) (uc, intno, user) -> log.add("int " + intno), null);
        run(0xcd, 0x80, 0x90); // int 0x80; nop
        assertThat(log).containsExactly("int 128");
    }

    @Test
    void invalidInstruction_endsTheRunQuietlyIfHandled() {
        assertThatThrownBy(() -> run(0x0f, 0x0b)).hasMessageContaining("UC_ERR_INSN_INVALID"); // ud2
        long hook = u.hook_add(
                (InvalidInstructionHook) (uc, user) -> {
                    log.add("invalid");
                    uc.emu_stop();
                    return true;
                },
                null);
        run(0x0f, 0x0b);
        assertThat(log).containsExactly("invalid");
        u.hook_del(hook);
        assertThatThrownBy(() -> run(0x0f, 0x0b)).isInstanceOf(UnicornException.class);
    }

    @Test
    void cpuid_isAnsweredOrLeftToTheEngine() {
        CpuidHook hook = (uc, user) -> {
            uc.reg_write(X86Const.UC_X86_REG_RAX, 0x1234);
            return 1;
        };
        u.hook_add(hook, X86Const.UC_X86_INS_CPUID, null);
        run(0x0f, 0xa2); // cpuid
        assertThat(u.reg_read(X86Const.UC_X86_REG_RAX)).isEqualTo(0x1234);
        u.hook_del(hook);
        u.reg_write(X86Const.UC_X86_REG_RAX, 0);
        u.ctl_flush_tb();
        run(0x0f, 0xa2);
        assertThat(u.reg_read(X86Const.UC_X86_REG_RAX)).isNotEqualTo(0x1234).isPositive();
    }

    @Test
    void edge_seesTheNewBlockAndTheOneBefore() {
        EdgeGeneratedHook hook = (uc, current, previous, user) ->
                log.add((previous.pc - CODE) + "->" + (current.pc - CODE) + " " + current.icount);
        u.hook_add(hook, 1, 0, null);
        run(0xeb, 0x01, 0x90, 0x48, 0xff, 0xc0, 0x90); // jmp +1; nop; inc rax; nop
        assertThat(log).singleElement().asString().startsWith("0->3 ");
    }

    @Test
    void tcgOpcode_seesTheOperandsOfAComparison() {
        TcgOpcodeHook hook = (uc, address, arg1, arg2, size, user) -> log.add(arg1 + "-" + arg2 + " " + size);
        u.hook_add(hook, 1, 0, UnicornConst.UC_TCG_OP_SUB, UnicornConst.UC_TCG_OP_FLAG_CMP, null);
        u.reg_write(X86Const.UC_X86_REG_RAX, 9);
        u.reg_write(X86Const.UC_X86_REG_RCX, 4);
        run(0x48, 0x39, 0xc8); // cmp rax, rcx
        assertThat(log).contains("9-4 64");
    }

    @Test
    void hookThatDeletesItself_isCalledOnce() {
        CodeHook[] self = new CodeHook[1];
        self[0] = (uc, address, size, user) -> {
            log.add("code");
            uc.hook_del(self[0]);
        };
        u.hook_add(self[0], 1, 0, null);
        run(0x90, 0x90, 0x90);
        assertThat(log).containsExactly("code");
    }

    @Test
    void unknownHooksTypesAndInstructions_areRefused() {
        assertThatThrownBy(() -> u.hook_del(12345)).isInstanceOf(UnicornException.class);
        MemHook mem = (uc, type, address, size, value, user) -> {};
        assertThatThrownBy(() -> u.hook_add(mem, UnicornConst.UC_HOOK_CODE, 1, 0, null))
                .hasMessageContaining("UC_ERR_HOOK");
        SyscallHook syscall = (uc, user) -> {};
        assertThatThrownBy(() -> u.hook_add(syscall, X86Const.UC_X86_INS_ADD, null))
                .hasMessageContaining("UC_ERR_INSN_INVALID");
        assertThatThrownBy(() -> u.hook_add(syscall, X86Const.UC_X86_INS_CPUID, null))
                .hasMessageContaining("CpuidHook");
    }
}
