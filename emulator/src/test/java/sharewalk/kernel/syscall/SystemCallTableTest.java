package sharewalk.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.GuestIsa;

class SystemCallTableTest {
    static List<GuestIsa> isas() {
        return GuestIsa.all();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void everyPartIsExplainedAndEveryNumberIsOneCall(GuestIsa isa) {
        SystemCallTable table = SystemCallTable.of(isa);
        Set<Integer> numbers = new HashSet<>();
        for (SystemCallTable.Entry entry : table.entries()) {
            boolean needsNote = entry.support() != Support.FULL && entry.support() != Support.ENOSYS;
            assertThat(entry.note().isEmpty() && needsNote)
                    .as(entry.call().title())
                    .isFalse();
            int number = isa.equals(GuestIsa.RISCV64)
                    ? entry.call().riscvNumber()
                    : entry.call().x86Number();
            assertThat(numbers.add(number)).as("number " + number).isTrue();
            assertThat(table.nameOf(number)).isEqualTo(entry.call().title());
        }
        assertThat(numbers).hasSizeGreaterThan(150);
    }

    @Test
    void everyCallThatHasAName_hasARow() {
        Set<SystemCall> rows = new HashSet<>();
        for (GuestIsa isa : GuestIsa.all()) {
            SystemCallTable.of(isa).entries().forEach(entry -> rows.add(entry.call()));
        }
        assertThat(rows).containsExactlyInAnyOrder(SystemCall.values());
    }

    @ParameterizedTest
    @MethodSource("isas")
    void callsOfDesigns_areNotThere_untilADesignBringsThem(GuestIsa isa) {
        SystemCallTable table = SystemCallTable.of(isa);
        assertThat(support(table, SystemCall.MSHARE)).isEqualTo(Support.DESIGN);
        table.bring(SystemCall.MSHARE, arguments -> arguments[0]);
        assertThat(support(table, SystemCall.MSHARE)).isEqualTo(Support.FULL);
        assertThat(support(table, SystemCall.MSHARE_UNLINK)).isEqualTo(Support.DESIGN);
        assertThat(table.nameOf(451)).isEqualTo("mshare");
        assertThatThrownBy(() -> table.bring(SystemCall.MSHARE, _ -> 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.bring(SystemCall.READ, _ -> 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Support support(SystemCallTable table, SystemCall call) {
        return table.entries().stream()
                .filter(entry -> entry.call() == call)
                .findFirst()
                .orElseThrow()
                .support();
    }

    /// Figures from section 2 of the manual's man pages and the kernel's own tables.
    @ParameterizedTest
    @CsvSource({"READ,63,0", "MMAP,222,9", "OPENAT,56,257", "CLONE,220,56", "FUTEX,98,202", "RT_SIGRETURN,139,15"})
    void numbers_areThoseOfLinux(SystemCall call, int riscv, int x86) {
        assertThat(call.riscvNumber()).isEqualTo(riscv);
        assertThat(call.x86Number()).isEqualTo(x86);
    }

    @ParameterizedTest
    @CsvSource({"0", "5", "-3"})
    void futexOperation_comparesSigned(int old) {
        int word = 1 << 28 | (old & 0xfff) | 2 << 12;
        FutexOperation operation = Objects.requireNonNull(FutexOperation.decode(word));
        assertThat(operation.apply(old)).isEqualTo(old + 2);
        assertThat(operation.compares(old)).isTrue();
        assertThat(operation.compares(old + 1)).isFalse();
        assertThat(FutexOperation.decode(7 << 28)).isNull();
    }
}
