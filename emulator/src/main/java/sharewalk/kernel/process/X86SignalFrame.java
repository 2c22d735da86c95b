package sharewalk.kernel.process;

import static sharewalk.abi.X86FrameLayout.CR2;
import static sharewalk.abi.X86FrameLayout.CS;
import static sharewalk.abi.X86FrameLayout.EFLAGS;
import static sharewalk.abi.X86FrameLayout.ERR;
import static sharewalk.abi.X86FrameLayout.FPSTATE;
import static sharewalk.abi.X86FrameLayout.FXSAVE_SIZE;
import static sharewalk.abi.X86FrameLayout.OLDMASK;
import static sharewalk.abi.X86FrameLayout.RED_ZONE;
import static sharewalk.abi.X86FrameLayout.REGISTERS;
import static sharewalk.abi.X86FrameLayout.RETURN_ADDRESS;
import static sharewalk.abi.X86FrameLayout.RIP;
import static sharewalk.abi.X86FrameLayout.SIGINFO;
import static sharewalk.abi.X86FrameLayout.SIGMASK;
import static sharewalk.abi.X86FrameLayout.SIZE;
import static sharewalk.abi.X86FrameLayout.SS;
import static sharewalk.abi.X86FrameLayout.STACK;
import static sharewalk.abi.X86FrameLayout.TRAPNO;
import static sharewalk.abi.X86FrameLayout.UCONTEXT;
import static sharewalk.abi.X86FrameLayout.UC_FLAGS;
import static sharewalk.abi.X86FrameLayout.UC_SIGCONTEXT_SS;
import static sharewalk.abi.X86FrameLayout.UC_STRICT_RESTORE_SS;
import static sharewalk.abi.X86FrameLayout.USER_CS;
import static sharewalk.abi.X86FrameLayout.USER_SS;
import static sharewalk.abi.X86FrameLayout.registerAt;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Signals;
import sharewalk.cpu.Cpu;

/// The signal frame of x86-64 Linux (`struct rt_sigframe`) with the FXSAVE image above it.
final class X86SignalFrame implements SignalFrame {
    private static final int RAX = 0;
    private static final int RDX = 2;
    private static final int RSP = 4;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int REGISTER_COUNT = 16;
    private static final int MXCSR = 24;
    private static final int MXCSR_WRITABLE = 0xffff;
    /// Direction, resume and trap flag: clear when a handler starts.
    private static final long CLEARED_FLAGS = 0x400 | 0x1_0000 | 0x100;

    /// Flags a frame may change: arithmetic, trap, direction, nested task's neighbours RF and AC.
    private static final long RESTORABLE_FLAGS = 0x5_0dd5;

    @Override
    public void push(Cpu cpu, TaskMemory memory, Request request) {
        if (!request.action().has(Signals.SA_RESTORER)) {
            throw new BadAddressException(request.action().restorer());
        }
        long stackPointer = cpu.general(RSP);
        long floats = request.stackTop(stackPointer, RED_ZONE) - FXSAVE_SIZE & -64L;
        long at = (floats - SIZE & -16L) - Long.BYTES;
        byte[] bytes = new byte[SIZE];
        ByteBuffer frame = FrameBytes.wrap(bytes);
        frame.putLong(RETURN_ADDRESS, request.action().restorer());
        frame.putLong(UC_FLAGS, UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS);
        FrameBytes.putStack(frame, STACK, request.stack(), stackPointer);
        putRegisters(frame, cpu);
        Trap trap = request.trap();
        frame.putLong(ERR, trap.errorCode()).putLong(TRAPNO, trap.number()).putLong(CR2, trap.virtAddr());
        frame.putLong(OLDMASK, request.signalMask()).putLong(SIGMASK, request.signalMask());
        frame.putLong(FPSTATE, floats);
        frame.put(SIGINFO, request.detail().encode());
        memory.write(floats, cpu.floatState());
        memory.write(at, bytes);
        cpu.setGeneral(RDI, request.detail().signal());
        cpu.setGeneral(RSI, at + SIGINFO);
        cpu.setGeneral(RDX, at + UCONTEXT);
        cpu.setGeneral(RAX, 0);
        cpu.setGeneral(RSP, at);
        cpu.setFlags(cpu.flags() & ~CLEARED_FLAGS);
        cpu.setPc(request.action().handler());
    }

    @Override
    public @Nullable Restored pop(Cpu cpu, TaskMemory memory) {
        // The handler's return has taken the return address off the stack.
        long at = cpu.general(RSP) - Long.BYTES;
        ByteBuffer frame = FrameBytes.wrap(memory.read(at, SIZE));
        long floats = frame.getLong(FPSTATE);
        if (floats != 0) {
            byte[] image = memory.read(floats, FXSAVE_SIZE);
            FrameBytes.wrap(image).putInt(MXCSR, FrameBytes.wrap(image).getInt(MXCSR) & MXCSR_WRITABLE);
            cpu.setFloatState(image);
        }
        for (int i = 0; i < REGISTER_COUNT; i++) {
            cpu.setGeneral(registerAt(i), frame.getLong(REGISTERS + i * Long.BYTES));
        }
        cpu.setFlags(cpu.flags() & ~RESTORABLE_FLAGS | frame.getLong(EFLAGS) & RESTORABLE_FLAGS);
        cpu.setPc(frame.getLong(RIP));
        return new Restored(frame.getLong(SIGMASK), FrameBytes.stack(frame, STACK));
    }

    private static void putRegisters(ByteBuffer frame, Cpu cpu) {
        for (int i = 0; i < REGISTER_COUNT; i++) {
            frame.putLong(REGISTERS + i * Long.BYTES, cpu.general(registerAt(i)));
        }
        frame.putLong(RIP, cpu.pc());
        frame.putLong(EFLAGS, cpu.flags());
        frame.putShort(CS, (short) USER_CS);
        frame.putShort(SS, (short) USER_SS);
    }
}
