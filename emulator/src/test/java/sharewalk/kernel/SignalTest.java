package sharewalk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EINTR;
import static sharewalk.abi.Signals.SA_NODEFER;
import static sharewalk.abi.Signals.SA_RESTORER;
import static sharewalk.abi.Signals.SA_SIGINFO;
import static sharewalk.abi.Signals.SEGV_MAPERR;
import static sharewalk.abi.Signals.SIGALRM;
import static sharewalk.abi.Signals.SIGCHLD;
import static sharewalk.abi.Signals.SIGKILL;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.abi.Signals.SIGUSR1;
import static sharewalk.abi.Signals.SIG_IGN;
import static sharewalk.elf.TestElf.DATA;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.abi.SiginfoLayout;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.StopReason;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.kernel.process.KernelSettings;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.WalkFault;

class SignalTest {
    private static final long BAD = 0x7000_0000L;
    private static final long ACTION = DATA + 128;
    private final TestKernel[] machine = new TestKernel[1];

    static List<GuestIsa> isas() {
        return GuestIsa.all();
    }

    @CanIgnoreReturnValue
    private KernelReport run(Script script, GuestIsa isa) {
        machine[0] = new TestKernel(script, isa, 1, KernelSettings.DEFAULT);
        KernelReport report = machine[0].run();
        assertThat(report.trouble()).isNull();
        return report;
    }

    /// Installs the step named "handler", which returns at "back", for a signal.
    @CanIgnoreReturnValue
    private Script install(Script script, GuestIsa isa, int signal, long flags) {
        return script.run(_ -> {
                    machine[0].memory().writeLong(ACTION, script.addressOf("handler"));
                    long all = flags | SA_SIGINFO | (isa.equals(GuestIsa.X86_64) ? SA_RESTORER : 0);
                    machine[0].memory().writeLong(ACTION + 8, all);
                    machine[0].memory().writeLong(ACTION + 16, 0);
                    if (isa.equals(GuestIsa.X86_64)) {
                        machine[0].memory().writeLong(ACTION + 16, script.addressOf("restorer"));
                        machine[0].memory().writeLong(ACTION + 24, 0);
                    }
                })
                .call(SystemCall.RT_SIGACTION, signal, ACTION, 0, 8)
                .expect(0);
    }

    /// Ends a handler: on x86-64 by way of the restorer on the stack, on RISC-V by the call the trampoline makes.
    @CanIgnoreReturnValue
    private static Script returnFromHandler(Script script, GuestIsa isa) {
        if (isa.equals(GuestIsa.X86_64)) {
            script.run(cpu -> cpu.setGeneral(4, cpu.general(4) + 8));
        } else {
            script.run(cpu -> assertThat(cpu.general(1)).as("return address").isNotZero());
        }
        return script.label("restorer").call(SystemCall.RT_SIGRETURN);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void fault_runsTheHandlerWithItsAddressAndRestoresEveryRegister(GuestIsa isa) {
        int kept = isa.equals(GuestIsa.X86_64) ? 3 : 9;
        int second = isa.equals(GuestIsa.X86_64) ? 6 : 11;
        Script script = new Script(isa);
        install(script, isa, SIGSEGV, 0).run(cpu -> {
            cpu.setGeneral(kept, 0x1234_5678_9abcL);
            byte[] floats = cpu.floatState();
            floats[32] = 77;
            cpu.setFloatState(floats);
        });
        script.add(cpu -> machine[0].memory().readLong(DATA + 512) != 0
                        ? null
                        : new StopReason.PageFault(BAD, AccessType.LOAD, WalkFault.NOT_PRESENT))
                .run(cpu -> {
                    assertThat(cpu.general(kept)).isEqualTo(0x1234_5678_9abcL);
                    assertThat(cpu.floatState()[32]).isEqualTo((byte) 77);
                })
                .exit(6)
                .label("handler")
                .run(cpu -> {
                    assertThat(cpu.general(isa.equals(GuestIsa.X86_64) ? 7 : 10))
                            .isEqualTo(SIGSEGV);
                    long siginfo = cpu.general(second);
                    assertThat(machine[0].memory().readInt(siginfo)).isEqualTo(SIGSEGV);
                    assertThat(machine[0].memory().readInt(siginfo + SiginfoLayout.CODE))
                            .isEqualTo(SEGV_MAPERR);
                    assertThat(machine[0].memory().readLong(siginfo + SiginfoLayout.ADDRESS))
                            .isEqualTo(BAD);
                    long stack = cpu.general(isa.stackPointerRegister());
                    assertThat(stack % 16).isEqualTo(isa.equals(GuestIsa.X86_64) ? 8 : 0);
                    machine[0].memory().writeLong(DATA + 512, 1);
                    cpu.setGeneral(kept, 0);
                    cpu.setFloatState(new byte[isa.floatStateBytes()]);
                });
        returnFromHandler(script, isa);
        assertThat(run(script, isa).exitStatus()).isEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void blockedOrIgnoredFault_kills(GuestIsa isa) {
        Script script = new Script(isa)
                .run(_ -> machine[0].memory().writeLong(ACTION, SIG_IGN))
                .call(SystemCall.RT_SIGACTION, SIGSEGV, ACTION, 0, 8)
                .add(_ -> new StopReason.PageFault(BAD, AccessType.STORE, WalkFault.NOT_PRESENT));
        assertThat(run(script, isa).processes().getFirst().exit()).isEqualTo(new ExitStatus.Killed(SIGSEGV));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void mask_putsASignalOffUntilItIsUnblocked(GuestIsa isa) {
        Script script = new Script(isa);
        install(script, isa, SIGUSR1, 0)
                .run(_ -> machine[0].memory().writeLong(DATA, 1L << SIGUSR1 - 1))
                .call(SystemCall.RT_SIGPROCMASK, 0, DATA, 0, 8)
                .call(SystemCall.KILL, 100, SIGUSR1)
                .expect(0)
                .call(SystemCall.RT_SIGPENDING, DATA + 8, 8)
                .run(_ -> {
                    assertThat(machine[0].memory().readLong(DATA + 8)).isEqualTo(1L << SIGUSR1 - 1);
                    assertThat(machine[0].memory().readLong(DATA + 512)).isZero();
                })
                .call(SystemCall.RT_SIGPROCMASK, 1, DATA, 0, 8)
                .expect(0)
                .run(_ -> assertThat(machine[0].memory().readLong(DATA + 512)).isEqualTo(1))
                .exit(0)
                .label("handler")
                .run(_ -> machine[0].memory().writeLong(DATA + 512, 1));
        returnFromHandler(script, isa);
        assertThat(run(script, isa).exitStatus()).isZero();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void handler_endsASleepWithEintr(GuestIsa isa) {
        Script script = new Script(isa);
        install(script, isa, SIGALRM, SA_NODEFER)
                .call(SystemCall.SETITIMER, 0, DATA + 32, 0)
                .run(_ -> machine[0].memory().writeLong(DATA + 56, 1000))
                .call(SystemCall.SETITIMER, 0, DATA + 32, 0)
                .expect(0)
                .run(_ -> machine[0].memory().writeLong(DATA, 10))
                .call(SystemCall.NANOSLEEP, DATA, DATA + 64)
                .expect(-EINTR)
                .run(_ -> assertThat(machine[0].memory().readLong(DATA + 64)).isEqualTo(9))
                .exit(2)
                .label("handler")
                .run(_ -> {});
        returnFromHandler(script, isa);
        assertThat(run(script, isa).exitStatus()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void kill_endsAnotherProcessAndItsParentHearsOfIt(GuestIsa isa) {
        Script script = new Script(isa)
                .call(SystemCall.CLONE, SIGCHLD, 0, 0, 0, 0)
                .ifZero("child")
                .call(SystemCall.KILL, 101, SIGKILL)
                .expect(0)
                .call(SystemCall.WAIT4, -1, DATA, 0, 0)
                .expect(101)
                .run(_ -> assertThat(machine[0].memory().readInt(DATA)).isEqualTo(SIGKILL))
                .exit(0)
                .label("child")
                .jump("child");
        KernelReport report = run(script, isa);
        assertThat(report.processes().get(1).exit()).isEqualTo(new ExitStatus.Killed(SIGKILL));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void fullStack_turnsASignalIntoAKill(GuestIsa isa) {
        Script script = new Script(isa);
        install(script, isa, SIGUSR1, 0)
                .run(cpu -> cpu.setGeneral(isa.stackPointerRegister(), 8))
                .call(SystemCall.KILL, 100, SIGUSR1)
                .label("handler")
                .label("restorer")
                .exit(0);
        assertThat(run(script, isa).processes().getFirst().exit()).isEqualTo(new ExitStatus.Killed(SIGSEGV));
    }
}
