package unicorn.samples;

import unicorn.MmioReadHandler;
import unicorn.MmioWriteHandler;
import unicorn.RiscvConst;
import unicorn.TlbFillHook;
import unicorn.Unicorn;
import unicorn.UnicornConst;
import unicorn.UnicornException;

/** A program as written for the official bindings: RISC-V registers, contexts, devices, and a virtual TLB. */
public final class SampleRiscv implements UnicornConst, RiscvConst {
    private static final long ADDRESS = 0x10000;

    // addi a0, a0, 1; addi a1, a1, 2
    private static final byte[] CODE = {0x13, 0x05, 0x15, 0x00, (byte) 0x93, (byte) 0x85, 0x25, 0x00};
    // lw a0, 4(a1); sw a0, 8(a1)
    private static final byte[] CODE_DEVICE = {0x03, (byte) 0xa5, 0x45, 0x00, 0x23, (byte) 0xa4, (byte) 0xa5, 0x00};

    private SampleRiscv() {}

    /** Returns the registers after a run, after a restored context and after a changed context. */
    public static String contexts() throws UnicornException {
        Unicorn uc = new Unicorn(UC_ARCH_RISCV, UC_MODE_RISCV64);
        uc.mem_map(ADDRESS, 0x1000, UC_PROT_ALL);
        uc.mem_write(ADDRESS, CODE);
        uc.reg_write(UC_RISCV_REG_A0, 10);
        Unicorn.Context before = uc.context_save();
        uc.emu_start(ADDRESS, ADDRESS + CODE.length, 0, 0);
        String log = uc.reg_read(UC_RISCV_REG_A0) + " " + uc.reg_read(UC_RISCV_REG_A1);
        uc.context_restore(before);
        log += " " + uc.reg_read(UC_RISCV_REG_A0);
        before.reg_write(UC_RISCV_REG_A0, 99L);
        log += " " + before.reg_read(UC_RISCV_REG_A0);
        uc.context_restore(before);
        log += " " + uc.reg_read(UC_RISCV_REG_A0);
        uc.emu_start(ADDRESS, ADDRESS + CODE.length, 0, 1);
        uc.context_update(before);
        log += " " + before.reg_read(UC_RISCV_REG_A0);
        uc.close();
        return log;
    }

    /** Returns what a device has seen. */
    public static String device() throws UnicornException {
        StringBuilder log = new StringBuilder();
        Unicorn uc = new Unicorn(UC_ARCH_RISCV, UC_MODE_RISCV64);
        uc.mem_map(ADDRESS, 0x1000, UC_PROT_ALL);
        uc.mem_write(ADDRESS, CODE_DEVICE);
        MmioReadHandler read = (u, offset, size, user) -> {
            log.append("read ")
                    .append(offset)
                    .append(' ')
                    .append(size)
                    .append(' ')
                    .append(user)
                    .append('\n');
            return 0x1234;
        };
        MmioWriteHandler write = (u, offset, size, value, user) -> log.append("write ")
                .append(offset)
                .append(' ')
                .append(size)
                .append(' ')
                .append(value);
        uc.mmio_map(0x40000, 0x1000, read, "reader", write, null);
        uc.reg_write(UC_RISCV_REG_A1, 0x40000);
        uc.emu_start(ADDRESS, ADDRESS + CODE_DEVICE.length, 0, 0);
        uc.close();
        return log.toString();
    }

    /** Returns the fills of a run in which virtual addresses are physical ones plus a megabyte. */
    public static String virtualTlb() throws UnicornException {
        StringBuilder log = new StringBuilder();
        Unicorn uc = new Unicorn(UC_ARCH_RISCV, UC_MODE_RISCV64);
        uc.ctl_tlb_mode(UC_TLB_VIRTUAL);
        uc.mem_map(ADDRESS, 0x2000, UC_PROT_ALL);
        uc.mem_write(ADDRESS, CODE_DEVICE);
        uc.mem_write(ADDRESS + 0x1004, new byte[] {5});
        TlbFillHook fill = (u, virtAddr, type, user) -> {
            log.append(Long.toHexString(virtAddr)).append(':').append(type).append(' ');
            return virtAddr < 0x100000 ? -1L : (virtAddr - 0x100000) | UC_PROT_ALL;
        };
        uc.hook_add(fill, 1, 0, null);
        uc.reg_write(UC_RISCV_REG_A1, ADDRESS + 0x101000);
        uc.emu_start(ADDRESS + 0x100000, ADDRESS + 0x100000 + CODE_DEVICE.length, 0, 0);
        log.append(uc.mem_read(ADDRESS + 0x1008, 1)[0]);
        uc.close();
        return log.toString();
    }
}
