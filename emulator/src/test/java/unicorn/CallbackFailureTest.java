package unicorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An exception in any callback stops the guest and comes out of the call that ran it; closing never crashes.
@Tag("native")
class CallbackFailureTest {
    private static final long CODE = 0x10000;
    private static final long DEVICE = 0x40000;
    // cpuid; in al, 0x3f; out 0x46, al; mov eax, [rbx]; mov [rbx], eax; syscall; int 0x80; mov ecx, [rdx]; jmp start
    private static final byte[] EVERYTHING = {
        0x0f,
        (byte) 0xa2,
        (byte) 0xe4,
        0x3f,
        (byte) 0xe6,
        0x46,
        (byte) 0x48,
        (byte) 0xc7,
        (byte) 0xc3,
        0x00,
        0x00,
        0x04,
        0x00,
        (byte) 0x8b,
        0x03,
        (byte) 0x89,
        0x03,
        0x0f,
        0x05,
        (byte) 0xcd,
        (byte) 0x80,
        (byte) 0x8b,
        0x0a,
        (byte) 0xeb,
        (byte) 0xe7
    };

    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Unicorn open() {
        Unicorn u = new Unicorn(UnicornConst.UC_ARCH_X86, UnicornConst.UC_MODE_64);
        u.mem_map(CODE, 0x1000, UnicornConst.UC_PROT_ALL);
        u.mem_write(CODE, EVERYTHING);
        u.reg_write(X86Const.UC_X86_REG_RDX, 0x7000_0000L);
        return u;
    }

    private static void start(Unicorn u) {
        u.emu_start(CODE, 0, 0, 0);
    }

    /// Every kind of callback, each doing the same thing.
    private static List<Consumer<Unicorn>> kinds(Consumer<Unicorn> act) {
        List<Consumer<Unicorn>> kinds = new ArrayList<>(instructionKinds(act));
        kinds.addAll(memoryKinds(act));
        return kinds;
    }

    private static List<Consumer<Unicorn>> instructionKinds(Consumer<Unicorn> act) {
        List<Consumer<Unicorn>> kinds = new ArrayList<>();
        kinds.add(u -> u.hook_add((CodeHook) (uc, address, size, user) -> act.accept(uc), 1, 0, null));
        kinds.add(u -> u.hook_add((BlockHook) (uc, address, size, user) -> act.accept(uc), 1, 0, null));
        kinds.add(u -> u.hook_add((InterruptHook) (uc, intno, user) -> act.accept(uc), null));
        kinds.add(u -> u.hook_add(
                (CpuidHook) (uc, user) -> {
                    act.accept(uc);
                    return 1;
                },
                X86Const.UC_X86_INS_CPUID,
                null));
        kinds.add(u -> u.hook_add(
                (InHook) (uc, port, size, user) -> {
                    act.accept(uc);
                    return 0;
                },
                null));
        kinds.add(u -> u.hook_add((OutHook) (uc, port, size, value, user) -> act.accept(uc), null));
        kinds.add(u -> u.hook_add((SyscallHook) (uc, user) -> act.accept(uc), X86Const.UC_X86_INS_SYSCALL, null));
        return kinds;
    }

    private static List<Consumer<Unicorn>> memoryKinds(Consumer<Unicorn> act) {
        List<Consumer<Unicorn>> kinds = new ArrayList<>();
        kinds.add(u -> u.hook_add(
                (MemHook) (uc, type, address, size, value, user) -> act.accept(uc),
                UnicornConst.UC_HOOK_MEM_WRITE,
                1,
                0,
                null));
        kinds.add(u -> u.hook_add(
                (EventMemHook) (uc, type, address, size, value, user) -> {
                    act.accept(uc);
                    return false;
                },
                UnicornConst.UC_HOOK_MEM_UNMAPPED,
                null));
        kinds.add(u -> {
            u.ctl_tlb_mode(UnicornConst.UC_TLB_VIRTUAL);
            TlbFillHook fill = (uc, virtAddr, type, user) -> {
                act.accept(uc);
                return virtAddr | UnicornConst.UC_PROT_ALL;
            };
            u.hook_add(fill, 1, 0, null);
        });
        kinds.add(u -> {
            u.mem_unmap(DEVICE, 0x1000);
            u.mmio_map(
                    DEVICE,
                    0x1000,
                    (uc, offset, size, user) -> {
                        act.accept(uc);
                        return 0;
                    },
                    null,
                    (uc, offset, size, value, user) -> act.accept(uc),
                    null);
        });
        return kinds;
    }

    /// Makes the code run through: ports, interrupts and system calls are answered by hooks that do nothing.
    private static Unicorn openWithAnswers() {
        Unicorn u = open();
        u.mem_map(DEVICE, 0x1000, UnicornConst.UC_PROT_READ | UnicornConst.UC_PROT_WRITE);
        u.hook_add((InterruptHook) (uc, intno, user) -> {}, null);
        u.hook_add((SyscallHook) (uc, user) -> {}, X86Const.UC_X86_INS_SYSCALL, null);
        return u;
    }

    @Test
    void exception_inEveryKindOfCallback_comesOutOfEmuStart_andTheEngineStaysUsable() {
        int kinds = kinds(uc -> {}).size();
        for (int i = 0; i < kinds; i++) {
            Planned planned = new Planned();
            Unicorn u = openWithAnswers();
            kinds(uc -> {
                        throw planned;
                    })
                    .get(i)
                    .accept(u);
            assertThatThrownBy(() -> start(u)).as("kind %d", i).isSameAs(planned);
            assertThatThrownBy(() -> start(u)).as("again, kind %d", i).isSameAs(planned);
            u.close();
            u.close();
        }
    }

    @Test
    void close_inEveryKindOfCallback_isDeferred() {
        int kinds = kinds(uc -> {}).size();
        for (int i = 0; i < kinds; i++) {
            Unicorn u = openWithAnswers();
            kinds(uc -> {
                        uc.close();
                        uc.close();
                    })
                    .get(i)
                    .accept(u);
            try {
                start(u);
            } catch (UnicornException e) {
                assertThat(e).as("kind %d", i).hasMessageContaining("UC_ERR_");
            }
            assertThatThrownBy(() -> start(u)).as("kind %d", i).hasMessageContaining("closed");
            assertThatThrownBy(() -> u.mem_read(CODE, 1)).hasMessageContaining("closed");
            assertThatThrownBy(() -> u.reg_read(X86Const.UC_X86_REG_RAX)).hasMessageContaining("closed");
            assertThatThrownBy(() -> u.hook_add((InterruptHook) (uc, intno, user) -> {}, null))
                    .hasMessageContaining("closed");
            assertThatThrownBy(u::context_save).hasMessageContaining("closed");
            u.close();
        }
    }

    @Test
    void closeAndException_together_throwAndFree() {
        Planned planned = new Planned();
        Unicorn u = openWithAnswers();
        u.hook_add(
                (CodeHook) (uc, address, size, user) -> {
                    uc.close();
                    throw planned;
                },
                1,
                0,
                null);
        assertThatThrownBy(() -> start(u)).isSameAs(planned);
        assertThatThrownBy(() -> start(u)).hasMessageContaining("closed");
    }

    @Test
    void deviceHandler_thatFailsWhileTheHostReads_failsTheRead() {
        Planned planned = new Planned();
        try (Unicorn u = open()) {
            MmioReadHandler read = (uc, offset, size, user) -> {
                throw planned;
            };
            u.mmio_map(DEVICE, 0x1000, read, null, null, null);
            assertThatThrownBy(() -> u.mem_read(DEVICE, 4)).isSameAs(planned);
            u.mem_write(CODE, new byte[] {(byte) 0x90});
            u.emu_start(CODE, CODE + 1, 0, 0);
        }
    }

    @Test
    void runInsideACallback_andItsException_passThroughBoth() {
        Planned planned = new Planned();
        List<String> log = new ArrayList<>();
        try (Unicorn u = openWithAnswers()) {
            u.mem_write(CODE + 0x100, new byte[] {0x48, (byte) 0xff, (byte) 0xc1}); // inc rcx
            CodeHook inner = (uc, address, size, user) -> {
                log.add("inner");
                throw planned;
            };
            u.hook_add(inner, CODE + 0x100, CODE + 0x100, null);
            CodeHook outer = (uc, address, size, user) -> {
                log.add("outer");
                uc.emu_start(CODE + 0x100, CODE + 0x103, 0, 0);
                log.add("not reached");
            };
            u.hook_add(outer, CODE, CODE, null);
            assertThatThrownBy(() -> start(u)).isSameAs(planned);
            assertThat(log).containsExactly("outer", "inner");
        }
    }

    @Test
    void enginesWithHooks_areClosedInAnyOrder() {
        List<Unicorn> engines = new ArrayList<>();
        List<Unicorn.Context> contexts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Unicorn u = openWithAnswers();
            u.hook_add((CodeHook) (uc, address, size, user) -> uc.emu_stop(), 1, 0, null);
            start(u);
            contexts.add(u.context_save());
            engines.add(u);
        }
        for (int i : new int[] {3, 0, 5, 1}) {
            engines.get(i).close();
        }
        for (int i : new int[] {2, 4}) {
            engines.get(i).context_restore(contexts.get(3));
            start(engines.get(i));
            engines.get(i).close();
        }
        assertThat(contexts.get(0).reg_read(X86Const.UC_X86_REG_RDX)).isEqualTo(0x7000_0000L);
    }
}
