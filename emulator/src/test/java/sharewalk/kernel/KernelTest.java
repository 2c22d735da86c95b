package sharewalk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.ECHILD;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOSYS;
import static sharewalk.abi.Errno.ETIMEDOUT;
import static sharewalk.elf.TestElf.DATA;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.abi.CloneFlags;
import sharewalk.abi.FutexOps;
import sharewalk.abi.Signals;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.StopReason;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.kernel.process.KernelSettings;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.paging.AccessType;

class KernelTest {
    private static final long FORK = Signals.SIGCHLD;

    static List<GuestIsa> isas() {
        return GuestIsa.all();
    }

    private static TestKernel machine(Script script, GuestIsa isa) {
        return new TestKernel(script, isa, 1, KernelSettings.DEFAULT);
    }

    /// Runs what is expected to end by itself, and checks that it gave everything back.
    @CanIgnoreReturnValue
    private static KernelReport finish(TestKernel machine) {
        KernelReport report = machine.run();
        assertThat(report.trouble()).isNull();
        assertThat(report.tables().atEnd()).isZero();
        return report;
    }

    @CanIgnoreReturnValue
    private static Script poke(Script script, TestKernel[] machine, long virtAddr, String text) {
        return script.run(
                _ -> machine[0].memory().write(virtAddr, (text + "\0").getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void run_countsCallsAndInstructionsAndTellsTheExitStatus(GuestIsa isa) {
        Script script = new Script(isa)
                .call(SystemCall.GETPID)
                .expect(100)
                .call(SystemCall.GETPPID)
                .expect(1)
                .exit(7);
        KernelReport report = finish(machine(script, isa));
        KernelReport.ProcessReport process = report.processes().getFirst();
        assertThat(process.exit()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(report.exitStatus()).isEqualTo(7);
        assertThat(process.total().get(Counter.SYSCALL)).isEqualTo(3);
        assertThat(process.total().get(Counter.INSTRUCTIONS)).isEqualTo(5);
        assertThat(report.guestNanoseconds()).isEqualTo(5);
        assertThat(report.hartInstructions()).containsExactly(5L);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void start_leavesArgumentsOnAnAlignedStack(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = new Script(isa)
                .run(cpu -> {
                    long stack = cpu.general(isa.stackPointerRegister());
                    assertThat(stack % 16).isZero();
                    assertThat(machine[0].memory().readLong(stack)).isEqualTo(2);
                    long first = machine[0].memory().readLong(stack + 8);
                    assertThat(machine[0].memory().readString(first, 100)).isEqualTo("prog");
                    long environment = machine[0].memory().readLong(stack + 32);
                    assertThat(machine[0].memory().readString(environment, 100)).isEqualTo("HOME=/");
                    assertThat(machine[0].memory().readLong(stack + 40)).isZero();
                })
                .exit(0);
        machine[0] = machine(script, isa);
        finish(machine[0]);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void unknownCalls_answerEnosysAndAreListed(GuestIsa isa) {
        Script script = new Script(isa)
                .add(cpu -> {
                    cpu.setGeneral(isa.syscallNumberRegister(), 7777);
                    return new StopReason.SystemCall();
                })
                .expect(-ENOSYS)
                .call(SystemCall.GET_MEMPOLICY)
                .expect(-ENOSYS)
                .exit(0);
        List<KernelReport.UnknownCall> unknown = finish(machine(script, isa)).unknownCalls();
        assertThat(unknown)
                .contains(new KernelReport.UnknownCall(7777, "syscall_7777", 1))
                .anyMatch(call -> call.name().equals("get_mempolicy"))
                .hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void badPointers_areEfaultAndNothingElse(GuestIsa isa) {
        Script script = new Script(isa)
                .call(SystemCall.WRITE, 1, 0x7000_0000L, 10)
                .expect(-EFAULT)
                .call(SystemCall.OPENAT, -100, 8, 0)
                .expect(-EFAULT)
                .call(SystemCall.UNAME, -4096)
                .expect(-EFAULT)
                .call(SystemCall.READ, 99, DATA, 1)
                .expect(-EBADF)
                .call(SystemCall.WRITE, 1, DATA, 0)
                .expect(0)
                .exit(0);
        finish(machine(script, isa));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void fork_copiesMemoryAndWaitTellsTheStatus(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = new Script(isa)
                .run(_ -> machine[0].memory().writeInt(DATA, 1))
                .call(SystemCall.CLONE, FORK, 0, 0, 0, 0)
                .ifZero("child")
                .expect(101)
                .call(SystemCall.WAIT4, -1, DATA + 8, 0, 0)
                .expect(101)
                .run(_ -> {
                    assertThat(machine[0].memory().readInt(DATA)).isEqualTo(1);
                    assertThat(machine[0].memory().readInt(DATA + 8)).isEqualTo(3 << 8);
                })
                .call(SystemCall.WAIT4, -1, 0, 0, 0)
                .expect(-ECHILD)
                .exit(0)
                .label("child")
                .run(_ -> {
                    assertThat(machine[0].memory().readInt(DATA)).isEqualTo(1);
                    machine[0].memory().writeInt(DATA, 2);
                })
                .exit(3);
        machine[0] = machine(script, isa);
        KernelReport report = finish(machine[0]);
        assertThat(report.processes()).hasSize(2);
        assertThat(report.processes().get(1).parentPid()).isEqualTo(100);
        assertThat(report.processes().get(1).exit()).isEqualTo(new ExitStatus.Exited(3));
        assertThat(report.total().get(Counter.CONTEXT_SWITCH)).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void faults_areResolvedOrKill(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = new Script(isa);
        machine[0] = machine(script, isa);
        script.access(machine[0], DATA + 4096, AccessType.STORE).access(machine[0], 0x7000_0000L, AccessType.LOAD);
        KernelReport report = finish(machine[0]);
        assertThat(report.processes().getFirst().exit()).isEqualTo(new ExitStatus.Killed(11));
        assertThat(report.exitStatus()).isEqualTo(139);
        // One fault has an area, beside exec's own; the other has none.
        CounterSnapshot nowhere = report.processes().getFirst().mapping("(none)");
        assertThat(nowhere.get(Counter.FAULT)).isEqualTo(1);
        assertThat(nowhere.get(Counter.MINOR_FAULT)).isZero();
        CounterSnapshot total = report.total();
        assertThat(total.get(Counter.FAULT) - total.get(Counter.MINOR_FAULT)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void sleep_letsTimeJumpWhenNobodyRuns(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = new Script(isa)
                .run(_ -> {
                    machine[0].memory().writeLong(DATA, 5);
                    machine[0].memory().writeLong(DATA + 8, 250);
                })
                .call(SystemCall.NANOSLEEP, DATA, 0)
                .expect(0)
                .call(SystemCall.CLOCK_GETTIME, 1, DATA + 16)
                .run(_ -> assertThat(machine[0].memory().readLong(DATA + 16)).isEqualTo(5))
                .exit(0);
        machine[0] = machine(script, isa);
        assertThat(finish(machine[0]).guestNanoseconds()).isBetween(5_000_000_250L, 5_000_000_300L);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void pipe_blocksTheReaderUntilTheOtherProcessWrites(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = new Script(isa)
                .call(SystemCall.PIPE2, DATA, 0)
                .expect(0)
                .call(SystemCall.CLONE, FORK, 0, 0, 0, 0)
                .ifZero("child")
                .callWith(SystemCall.READ, _ -> new long[] {machine[0].memory().readInt(DATA), DATA + 64, 100})
                .expect(5)
                .call(SystemCall.WRITE, 1, DATA + 64, 5)
                .expect(5)
                .exit(0)
                .label("child");
        poke(script, machine, DATA + 64, "hello")
                .callWith(SystemCall.WRITE, _ -> new long[] {machine[0].memory().readInt(DATA + 4), DATA + 64, 5})
                .expect(5)
                .exit(0);
        machine[0] = machine(script, isa);
        finish(machine[0]);
        assertThat(machine[0].output()).isEqualTo("hello");
    }

    @ParameterizedTest
    @MethodSource("isas")
    void futex_timesOutAndIsWokenByAnotherThread(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        long flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_THREAD | CloneFlags.CLONE_SIGHAND;
        Script script = new Script(isa)
                .run(_ -> machine[0].memory().writeLong(DATA + 24, 1000))
                .call(SystemCall.FUTEX, DATA, FutexOps.FUTEX_WAIT, 0, DATA + 16, 0, 0)
                .expect(-ETIMEDOUT)
                .call(SystemCall.CLONE, flags, DATA + 4096, 0, 0, 0)
                .ifZero("thread")
                .call(SystemCall.FUTEX, DATA, FutexOps.FUTEX_WAIT, 0, 0, 0, 0)
                .expect(0)
                .exit(9)
                .label("thread")
                .run(cpu -> assertThat(cpu.general(isa.stackPointerRegister())).isEqualTo(DATA + 4096))
                .call(SystemCall.FUTEX, DATA, FutexOps.FUTEX_WAKE, 1, 0, 0, 0)
                .expect(1)
                .call(SystemCall.EXIT, 0);
        machine[0] = machine(script, isa);
        assertThat(finish(machine[0]).exitStatus()).isEqualTo(9);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void deadlock_endsTheRunWithASentenceAndWhatWasMeasured(GuestIsa isa) {
        Script script = new Script(isa).call(SystemCall.FUTEX, DATA, FutexOps.FUTEX_WAIT, 0, 0, 0, 0);
        KernelReport report = machine(script, isa).run();
        assertThat(report.trouble()).isEqualTo("No process can go on: 100 (prog) waits in futex.");
        assertThat(report.processes().getFirst().exit()).isNull();
        assertThat(report.processes().getFirst().total().get(Counter.SYSCALL)).isEqualTo(1);
        assertThat(report.exitStatus()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void marks_beginPhasesThatChildrenInherit(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = poke(new Script(isa), machine, DATA, "work")
                .call(SystemCall.MARK, DATA)
                .expect(0)
                .call(SystemCall.CLONE, FORK, 0, 0, 0, 0)
                .exit(0);
        machine[0] = machine(script, isa);
        KernelReport report = finish(machine[0]);
        assertThat(report.processes().get(0).cells().keySet()).containsExactly("start", "work");
        assertThat(report.processes().get(1).cells().keySet()).containsExactly("work");
        assertThat(report.processes().get(0).phase("start").get(Counter.INSTRUCTIONS))
                .isEqualTo(2);
        // The mark itself is no call; fork and exit are.
        assertThat(report.processes().get(0).phase("start").get(Counter.SYSCALL))
                .isZero();
        assertThat(report.processes().get(0).phase("work").get(Counter.SYSCALL)).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void exec_startsAgainOrLeavesTheCallerAsItWas(GuestIsa isa) {
        TestKernel[] machine = new TestKernel[1];
        Script script = new Script(isa)
                .run(cpu -> {
                    long arguments = machine[0].memory().readLong(cpu.general(isa.stackPointerRegister()));
                    cpu.setGeneral(isa.returnRegister(), arguments == 2 ? 1 : 0);
                })
                .ifZero("second");
        poke(script, machine, DATA, "/bin/nothing");
        poke(script, machine, DATA + 64, "/bin/prog")
                .call(SystemCall.EXECVE, DATA, 0, 0)
                .expect(-ENOENT)
                .call(SystemCall.EXECVE, DATA + 64, 0, 0)
                .exit(1)
                .label("second")
                .call(SystemCall.GETPID)
                .expect(100)
                .run(_ -> assertThat(machine[0].memory().readLong(DATA)).isZero())
                .exit(4);
        machine[0] = machine(script, isa);
        assertThat(finish(machine[0]).exitStatus()).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void instructionLimit_endsALoop(GuestIsa isa) {
        Script script = new Script(isa).label("loop").jump("loop");
        KernelSettings settings = KernelSettings.DEFAULT.withInstructionLimit(50_000);
        KernelReport report = new TestKernel(script, isa, 2, settings).run();
        assertThat(report.trouble()).isEqualTo("The run was ended at its limit of 50000 instructions.");
    }

    @ParameterizedTest
    @MethodSource("isas")
    void quantum_sharesAHartAmongTasksThatNeverWait(GuestIsa isa) {
        Script script = new Script(isa)
                .call(SystemCall.CLONE, FORK, 0, 0, 0, 0)
                .label("loop")
                .jump("loop");
        KernelSettings settings = KernelSettings.DEFAULT.withSlices(100, 1000).withInstructionLimit(20_000);
        KernelReport report = new TestKernel(script, isa, 1, settings).run();
        assertThat(report.total().get(Counter.CONTEXT_SWITCH)).isBetween(18L, 20L);
        assertThat(report.processes().get(0).instructions()).isBetween(9_000L, 11_000L);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void start_saysWhyAProgramCannotRun(GuestIsa isa) {
        TestKernel machine = machine(new Script(isa), isa);
        ProgramRequest request = new ProgramRequest("/bin/nothing", List.of("x"), List.of(), "/", new FileTable());
        assertThatThrownBy(() -> machine.kernel().start(request))
                .isInstanceOf(ProgramException.class)
                .hasMessage("/bin/nothing does not exist.");
    }
}
