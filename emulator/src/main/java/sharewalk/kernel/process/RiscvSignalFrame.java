package sharewalk.kernel.process;

import static sharewalk.abi.RiscvFrameLayout.FLOATS;
import static sharewalk.abi.RiscvFrameLayout.REGISTERS;
import static sharewalk.abi.RiscvFrameLayout.SIGINFO;
import static sharewalk.abi.RiscvFrameLayout.SIGMASK;
import static sharewalk.abi.RiscvFrameLayout.SIZE;
import static sharewalk.abi.RiscvFrameLayout.STACK;
import static sharewalk.abi.RiscvFrameLayout.UCONTEXT;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;

/// The signal frame of RISC-V Linux (`struct rt_sigframe`); the handler returns to the trampoline page.
final class RiscvSignalFrame implements SignalFrame {
    private static final int RA = 1;
    private static final int SP = 2;
    private static final int A0 = 10;
    private static final int REGISTER_COUNT = 32;
    /// Words behind a Q-sized float area that must be zero, or the frame holds an extension this kernel never wrote.
    private static final int RESERVED = FLOATS + 516;
    private static final int RESERVED_WORDS = 3;

    @Override
    public void push(Cpu cpu, TaskMemory memory, Request request) {
        long stackPointer = cpu.general(SP);
        long at = request.stackTop(stackPointer, 0) - SIZE & -16L;
        byte[] bytes = new byte[SIZE];
        ByteBuffer frame = FrameBytes.wrap(bytes);
        frame.put(SIGINFO, request.detail().encode());
        FrameBytes.putStack(frame, STACK, request.stack(), stackPointer);
        frame.putLong(SIGMASK, request.signalMask());
        frame.putLong(REGISTERS, cpu.pc());
        for (int i = 1; i < REGISTER_COUNT; i++) {
            frame.putLong(REGISTERS + i * Long.BYTES, cpu.general(i));
        }
        frame.put(FLOATS, cpu.floatState(), 0, REGISTER_COUNT * Long.BYTES + Integer.BYTES);
        memory.write(at, bytes);
        cpu.setGeneral(RA, request.trampoline());
        cpu.setGeneral(SP, at);
        cpu.setGeneral(A0, request.detail().signal());
        cpu.setGeneral(A0 + 1, at + SIGINFO);
        cpu.setGeneral(A0 + 2, at + UCONTEXT);
        cpu.setPc(request.action().handler());
    }

    @Override
    public @Nullable Restored pop(Cpu cpu, TaskMemory memory) {
        long at = cpu.general(SP);
        ByteBuffer frame = FrameBytes.wrap(memory.read(at, SIZE));
        for (int i = 0; i < RESERVED_WORDS; i++) {
            if (frame.getInt(RESERVED + i * Integer.BYTES) != 0) {
                return null;
            }
        }
        byte[] floats = new byte[cpu.isa().floatStateBytes()];
        frame.get(FLOATS, floats, 0, REGISTER_COUNT * Long.BYTES + Integer.BYTES);
        cpu.setFloatState(floats);
        for (int i = 1; i < REGISTER_COUNT; i++) {
            cpu.setGeneral(i, frame.getLong(REGISTERS + i * Long.BYTES));
        }
        cpu.setPc(frame.getLong(REGISTERS));
        return new Restored(frame.getLong(SIGMASK), FrameBytes.stack(frame, STACK));
    }
}
