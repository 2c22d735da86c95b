package unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import unicorn.samples.SampleRiscv;
import unicorn.samples.SampleX86;

/// Programs written for the official bindings compile unchanged and do what they did.
@Tag("native")
class SamplesTest {
    @Test
    void x86_32bit_runsWithCodeAndBlockHooks() {
        assertThat(SampleX86.i386()).isEqualTo("""
                block 2
                code 0x1000000 size 1 eflags 0x2
                ecx 0x1235 edx 0x788f
                """);
    }

    @Test
    void x86_invalidRead_isAnErrorWithoutAHook_andIsMendedByOne() {
        assertThat(SampleX86.i386InvalidRead()).isEqualTo("""
                Invalid memory read (UC_ERR_READ_UNMAPPED)
                invalid 19 0xaaaaaaaa size 4
                ecx 0x11223345
                """);
    }

    @Test
    void x86_ports_areHooked() {
        assertThat(SampleX86.i386Ports()).isEqualTo("""
                in 0x3f size 1
                out 0x46 size 1 value 0xf1
                """);
    }

    @Test
    void x86_syscallHook_setsRegisters() {
        assertThat(SampleX86.x86_64Syscall()).isEqualTo(0x200);
    }

    @Test
    void x86_specialRegisters_areReadBack() {
        assertThat(SampleX86.registers())
                .isEqualTo("1122334455667788/1000 -1.5 fffffffffffffffffffffffffffffffe 1234 [7, 28672]");
    }

    @Test
    void memory_isMappedUnmappedProtectedAndShared() {
        assertThat(SampleX86.memory()).isEqualTo("""
                MemRegion [begin=0x10000, end=0x10fff, perms=7]
                MemRegion [begin=0x12000, end=0x12fff, perms=1]
                MemRegion [begin=0x13000, end=0x13fff, perms=7]
                MemRegion [begin=0x20000, end=0x21fff, perms=3]
                shared 42 42
                """);
    }

    @Test
    void riscv_contexts_areSavedChangedAndRestored() {
        assertThat(SampleRiscv.contexts()).isEqualTo("11 2 10 99 99 100");
    }

    @Test
    void riscv_device_isReadAndWritten() {
        assertThat(SampleRiscv.device()).isEqualTo("read 4 4 reader\nwrite 8 4 4660");
    }

    @Test
    void riscv_virtualTlb_asksOncePerPage() {
        assertThat(SampleRiscv.virtualTlb()).startsWith("110000:18 111000:16").endsWith(" 5");
    }
}
