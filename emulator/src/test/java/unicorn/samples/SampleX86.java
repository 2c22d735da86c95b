package unicorn.samples;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import unicorn.BlockHook;
import unicorn.CodeHook;
import unicorn.EventMemHook;
import unicorn.InHook;
import unicorn.MemRegion;
import unicorn.OutHook;
import unicorn.SyscallHook;
import unicorn.Unicorn;
import unicorn.UnicornConst;
import unicorn.UnicornException;
import unicorn.X86Const;
import unicorn.X86_Float80;
import unicorn.X86_MMR;
import unicorn.X86_MSR;

/** A program as written for the official bindings: 32-bit and 64-bit x86, most hooks, and special registers. */
@SuppressWarnings("UnnecessaryStringBuilder") // the log is handed to hooks
public final class SampleX86 implements UnicornConst, X86Const {
    /** The address that the code runs at. */
    public static final int ADDRESS = 0x1000000;

    // inc ecx; dec edx
    private static final byte[] CODE32 = {0x41, 0x4a};
    // mov ecx, [0xaaaaaaaa]; inc ecx; dec edx
    private static final byte[] CODE32_READ = {
        (byte) 0x8b, 0x0d, (byte) 0xaa, (byte) 0xaa, (byte) 0xaa, (byte) 0xaa, 0x41, 0x4a
    };
    // inc ecx; in al, 0x3f; dec edx; out 0x46, al; inc ebx
    private static final byte[] CODE32_PORTS = {0x41, (byte) 0xe4, 0x3f, 0x4a, (byte) 0xe6, 0x46, 0x43};
    // syscall
    private static final byte[] CODE64_SYSCALL = {0x0f, 0x05};

    private static class Code implements CodeHook {
        @Override
        public void hook(Unicorn u, long address, int size, Object user) {
            log(user, String.format("code 0x%x size %d eflags 0x%x", address, size, u.reg_read(UC_X86_REG_EFLAGS)));
        }
    }

    private static class Invalid implements EventMemHook {
        @Override
        public boolean hook(Unicorn u, int type, long address, int size, long value, Object user) {
            log(user, String.format("invalid %d 0x%x size %d", type, address, size));
            if (type == UC_MEM_READ_UNMAPPED) {
                u.mem_map(address & ~0xfffL, 0x1000, UC_PROT_ALL);
                u.mem_write(address, new byte[] {0x44, 0x33, 0x22, 0x11});
                return true;
            }
            return false;
        }
    }

    private static class Reader implements InHook {
        @Override
        public int hook(Unicorn u, int port, int size, Object user) {
            log(user, String.format("in 0x%x size %d", port, size));
            return 0xf1;
        }
    }

    private static class Writer implements OutHook {
        @Override
        public void hook(Unicorn u, int port, int size, int value, Object user) {
            log(user, String.format("out 0x%x size %d value 0x%x", port, size, value));
        }
    }

    private static void log(Object user, String line) {
        ((StringBuilder) user).append(line).append('\n');
    }

    private SampleX86() {}

    /** Returns the log of a plain run. */
    public static String i386() throws UnicornException {
        StringBuilder log = new StringBuilder();
        Unicorn u = new Unicorn(UC_ARCH_X86, UC_MODE_32);
        u.mem_map(ADDRESS, 2 * 1024 * 1024, UC_PROT_ALL);
        u.mem_write(ADDRESS, CODE32);
        u.reg_write(UC_X86_REG_ECX, 0x1234);
        u.reg_write(UC_X86_REG_EDX, 0x7890L);
        u.hook_add((BlockHook) (uc, address, size, user) -> log(user, "block " + size), 1, 0, log);
        u.hook_add(new Code(), ADDRESS, ADDRESS, log);
        u.emu_start(ADDRESS, ADDRESS + CODE32.length, 0, 0);
        log(log, String.format("ecx 0x%x edx 0x%x", u.reg_read(UC_X86_REG_ECX), u.reg_read(UC_X86_REG_EDX)));
        u.close();
        return log.toString();
    }

    /** Returns the log of a run which maps the memory it misses. */
    public static String i386InvalidRead() throws UnicornException {
        StringBuilder log = new StringBuilder();
        Unicorn u = new Unicorn(UC_ARCH_X86, UC_MODE_32);
        u.mem_map(ADDRESS, 2 * 1024 * 1024, UC_PROT_ALL);
        u.mem_write(ADDRESS, CODE32_READ);
        try {
            u.emu_start(ADDRESS, ADDRESS + CODE32_READ.length, 0, 0);
        } catch (UnicornException e) {
            log(log, e.getMessage());
        }
        u.hook_add(new Invalid(), UC_HOOK_MEM_READ_UNMAPPED | UC_HOOK_MEM_WRITE_UNMAPPED, log);
        u.emu_start(ADDRESS, ADDRESS + CODE32_READ.length, 0, 0);
        log(log, String.format("ecx 0x%x", u.reg_read(UC_X86_REG_ECX)));
        u.close();
        return log.toString();
    }

    /** Returns the log of a run with port instructions. */
    public static String i386Ports() throws UnicornException {
        StringBuilder log = new StringBuilder();
        Unicorn u = new Unicorn(UC_ARCH_X86, UC_MODE_32);
        u.mem_map(ADDRESS, 2 * 1024 * 1024, UC_PROT_ALL);
        u.mem_write(ADDRESS, CODE32_PORTS);
        u.hook_add(new Reader(), log);
        u.hook_add(new Writer(), log);
        u.emu_start(ADDRESS, ADDRESS + CODE32_PORTS.length, 0, 0);
        u.close();
        return log.toString();
    }

    /** Returns the value of RAX that a system-call hook has set. */
    public static long x86_64Syscall() throws UnicornException {
        Unicorn u = new Unicorn(UC_ARCH_X86, UC_MODE_64);
        u.mem_map(ADDRESS, 2 * 1024 * 1024, UC_PROT_ALL);
        u.mem_write(ADDRESS, CODE64_SYSCALL);
        SyscallHook hook = (uc, user) -> {
            if (uc.reg_read(UC_X86_REG_RAX) == 0x100) {
                uc.reg_write(UC_X86_REG_RAX, 0x200);
            }
        };
        u.hook_add(hook, UC_X86_INS_SYSCALL, 1, 0, null);
        u.reg_write(UC_X86_REG_RAX, 0x100);
        u.emu_start(ADDRESS, ADDRESS + CODE64_SYSCALL.length, 0, 0);
        long rax = u.reg_read(UC_X86_REG_RAX);
        u.close();
        return rax;
    }

    /** Returns what was read back from registers that are not plain integers. */
    @SuppressWarnings("deprecation")
    public static String registers() throws UnicornException {
        Unicorn u = new Unicorn(UC_ARCH_X86, UC_MODE_64);
        u.reg_write(UC_X86_REG_GDTR, new X86_MMR(0x1122334455667788L, 0x1000));
        u.reg_write(UC_X86_REG_ST0, X86_Float80.fromDouble(-1.5));
        u.reg_write(UC_X86_REG_XMM1, new BigInteger("-2"));
        u.reg_write(UC_X86_REG_MSR, new X86_MSR(0xc0000082, 0x1234));
        u.reg_write_batch(new int[] {UC_X86_REG_RBX, UC_X86_REG_FS_BASE}, new Object[] {7L, 0x7000L});
        X86_MMR gdtr = (X86_MMR) u.reg_read(UC_X86_REG_GDTR, null);
        X86_Float80 st0 = (X86_Float80) u.reg_read(UC_X86_REG_ST0, null);
        BigInteger xmm1 = (BigInteger) u.reg_read(UC_X86_REG_XMM1, null);
        long msr = (Long) u.reg_read(UC_X86_REG_MSR, new X86_MSR(0xc0000082));
        Object[] batch = u.reg_read_batch(new int[] {UC_X86_REG_RBX, UC_X86_REG_FS_BASE});
        u.close();
        return String.format(
                "%x/%x %s %s %x %s",
                gdtr.base, gdtr.limit, st0.toDouble(), xmm1.toString(16), msr, Arrays.toString(batch));
    }

    /** Returns the regions after mapping, unmapping and protecting. */
    public static String memory() throws UnicornException {
        Unicorn u = new Unicorn(UC_ARCH_X86, UC_MODE_64);
        ByteBuffer shared = ByteBuffer.allocateDirect(0x2000);
        u.mem_map(0x10000, 0x4000, UC_PROT_ALL);
        u.mem_unmap(0x11000, 0x1000);
        u.mem_protect(0x12000, 0x1000, UC_PROT_READ);
        u.mem_map_ptr(0x20000, shared, UC_PROT_READ | UC_PROT_WRITE);
        u.mem_write(0x20004, new byte[] {42});
        StringBuilder log = new StringBuilder();
        for (MemRegion region : u.mem_regions()) {
            log(log, region.toString());
        }
        log(log, "shared " + shared.get(4) + " " + u.mem_read(0x20004, 1)[0]);
        u.close();
        return log.toString();
    }
}
