package sharewalk.cpu.unicorn;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;

/// RDTSC, RDTSCP, RDRAND, RDSEED and RDPID (Intel SDM volume 2); input, output and software interrupts are refused.
final class X86HostDependent implements HostDependentInstructions {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RDTSC = 0x31;
    private static final int RDTSCP = 0x01;
    private static final long LOW_HALF = 0xffff_ffffL;
    private static final long CARRY = 1;

    /// CF, PF, AF, ZF, SF and OF, of which the random instructions set the first and clear the rest.
    private static final long ARITHMETIC_FLAGS = 0x8d5;

    private final RegisterFile registers;
    private final X86Instruction decoded = new X86Instruction();
    private final SplittableRandom random;
    private final int hart;

    X86HostDependent(RegisterFile registers, long seed, int hart) {
        this.registers = registers;
        this.random = new SplittableRandom(seed ^ 0x5e_edL << 32 ^ hart);
        this.hart = hart;
    }

    @Override
    public @Nullable StopReason execute(byte[] code, int offset, int end, long instructions) {
        if (!decoded.decode(code, offset, end)) {
            return new StopReason.IllegalInstruction();
        }
        if (decoded.map() == 0) {
            return new StopReason.GeneralProtection();
        }
        switch (decoded.opcode()) {
            case RDTSC -> readClock(instructions);
            case RDTSCP -> {
                readClock(instructions);
                registers.setGeneral(RCX, hart);
            }
            default -> random();
        }
        return null;
    }

    private void readClock(long instructions) {
        registers.setGeneral(RAX, instructions & LOW_HALF);
        registers.setGeneral(RDX, instructions >>> 32);
    }

    private void random() {
        int register = (decoded.modRm() & 7) | (decoded.rexB() ? 8 : 0);
        if (decoded.repeatPrefix()) {
            registers.setGeneral(register, hart);
            return;
        }
        long value = random.nextLong();
        if (decoded.operandPrefix()) {
            value = (registers.general(register) & ~0xffffL) | (value & 0xffff);
        } else if (!decoded.wide()) {
            value &= LOW_HALF;
        }
        registers.setGeneral(register, value);
        registers.setFlags((registers.flags() & ~ARITHMETIC_FLAGS) | CARRY);
    }
}
