package sharewalk.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Signals.SIGRTMIN;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.abi.Signals.SIGTERM;
import static sharewalk.abi.Signals.SIGUSR1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The small parts of processes: time, timeouts, waiting signals, the first stack.
class ProcessPartsTest {
    @Test
    void clock_takesTheLongestTurnOfARoundAndNeverGoesBack() {
        GuestClock clock = new GuestClock();
        clock.beginTurn();
        clock.advance(700);
        assertThat(clock.now()).isEqualTo(700);
        clock.beginTurn();
        clock.advance(300);
        assertThat(clock.now()).isEqualTo(700);
        clock.endRound();
        assertThat(clock.now()).isEqualTo(700);
        clock.beginTurn();
        clock.advance(1);
        assertThat(clock.now()).isEqualTo(701);
        clock.endRound();
        clock.jumpTo(5000);
        clock.jumpTo(4000);
        assertThat(clock.now()).isEqualTo(5000);
    }

    @Test
    void timeouts_expireInOrderOfTimeThenOfSetting() {
        Timeouts timeouts = new Timeouts();
        List<String> expired = new ArrayList<>();
        Timeouts.Target first = () -> expired.add("first");
        Timeouts.Target second = () -> expired.add("second");
        Timeouts.Target third = () -> expired.add("third");
        timeouts.set(third, 20);
        timeouts.set(first, 10);
        timeouts.set(second, 10);
        timeouts.set(third, 5);
        timeouts.set(third, 30);
        timeouts.expire(20);
        assertThat(expired).containsExactly("first", "second");
        assertThat(timeouts.next()).isEqualTo(30);
        timeouts.cancel(third);
        assertThat(timeouts.next()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void pendingSignals_areTakenFaultsFirstThenByNumber() {
        PendingSignals pending = new PendingSignals();
        pending.add(SignalDetail.Sent.byKill(SIGTERM, 1));
        pending.add(SignalDetail.Sent.byKill(SIGUSR1, 1));
        pending.add(SignalDetail.Sent.byKill(SIGUSR1, 2));
        pending.add(new SignalDetail.Fault(SIGSEGV, 1, 0x1000));
        pending.add(SignalDetail.Sent.byKill(SIGRTMIN, 3));
        pending.add(SignalDetail.Sent.byKill(SIGRTMIN, 4));
        assertThat(pending.take(~SignalSet.of(SIGSEGV))).isEqualTo(SignalDetail.Sent.byKill(SIGUSR1, 1));
        assertThat(pending.take(-1)).isEqualTo(new SignalDetail.Fault(SIGSEGV, 1, 0x1000));
        assertThat(pending.take(-1)).isEqualTo(SignalDetail.Sent.byKill(SIGTERM, 1));
        assertThat(pending.take(-1)).isEqualTo(SignalDetail.Sent.byKill(SIGRTMIN, 3));
        assertThat(pending.take(-1)).isEqualTo(SignalDetail.Sent.byKill(SIGRTMIN, 4));
        assertThat(pending.take(-1)).isNull();
        assertThat(pending.set()).isZero();
    }

    @Test
    void initialStack_holdsCountPointersAndStringsUpToItsTop() {
        long top = 0x4000_0000L;
        InitialStack stack = InitialStack.build(
                top,
                new InitialStack.Content(
                        "/bin/p", List.of("p", "arg"), List.of("A=1"), "riscv64", new byte[16], List.of()));
        assertThat(stack.stackPointer() % 16).isZero();
        assertThat(stack.stackPointer() + stack.bytes().length).isEqualTo(top);
        ByteBuffer bytes = ByteBuffer.wrap(stack.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong(0)).isEqualTo(2);
        assertThat(text(stack, bytes.getLong(8))).isEqualTo("p");
        assertThat(text(stack, bytes.getLong(16))).isEqualTo("arg");
        assertThat(bytes.getLong(24)).isZero();
        assertThat(text(stack, bytes.getLong(32))).isEqualTo("A=1");
        assertThat(bytes.getLong(40)).isZero();
        // The last eight bytes stay zero, the file's name lies right below them.
        assertThat(bytes.getLong(stack.bytes().length - 8)).isZero();
        assertThat(text(stack, top - 8 - "/bin/p".length() - 1)).isEqualTo("/bin/p");
    }

    private static String text(InitialStack stack, long virtAddr) {
        StringBuilder text = new StringBuilder();
        for (int i = (int) (virtAddr - stack.stackPointer()); stack.bytes()[i] != 0; i++) {
            text.append((char) stack.bytes()[i]);
        }
        return text.toString();
    }
}
