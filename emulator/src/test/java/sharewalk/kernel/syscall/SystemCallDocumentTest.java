package sharewalk.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.GuestIsa;

/// The list of system calls for readers is made from the table that answers them; `-Dgolden.update` writes it anew.
final class SystemCallDocumentTest {
    private static final Path DOCUMENT = Path.of("SYSTEM-CALLS.md");

    private static final String HEAD = """
            # System calls

            Made from `SystemCallTable` by `SystemCallDocumentTest` (`-Dgolden.update` writes it anew). \
            Any other number fails with ENOSYS, and the report names it.

            | support | meaning |
            |---|---|
            | full | all that a program can tell |
            | partial | a part, as the note says |
            | ignored | succeeds and does nothing, because nothing here would show it |
            | design | there under the sharing design that the note names, else fails with ENOSYS |
            | enosys | fails with ENOSYS, as on a kernel without it |

            | call | riscv64 | x86_64 | support | note |
            |---|---:|---:|---|---|
            """;

    @Test
    void document_isMadeFromTheTable() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        Map<SystemCall, SystemCallTable.Entry> rows = new EnumMap<>(SystemCall.class);
        for (GuestIsa isa : GuestIsa.all()) {
            SystemCallTable.of(isa).entries().forEach(entry -> rows.put(entry.call(), entry));
        }
        rows.values().forEach(entry -> text.append(row(entry)));

        if (System.getProperty("golden.update") != null) {
            Files.writeString(DOCUMENT, text);
        }

        assertThat(Files.readString(DOCUMENT)).isEqualTo(text.toString());
    }

    @Test
    void everyRow_thatIsNotComplete_saysWhy() {
        for (GuestIsa isa : GuestIsa.all()) {
            assertThat(SystemCallTable.of(isa).entries())
                    .filteredOn(entry -> entry.support() != Support.FULL && entry.support() != Support.ENOSYS)
                    .filteredOn(entry -> entry.note().isBlank())
                    .extracting(entry -> entry.call().title())
                    .isEmpty();
        }
    }

    private static String row(SystemCallTable.Entry entry) {
        SystemCall call = entry.call();
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        call.title(),
                        number(call.riscvNumber()),
                        number(call.x86Number()),
                        entry.support().name().toLowerCase(Locale.ROOT),
                        entry.note())
                .replace("  |", " |");
    }

    private static String number(int number) {
        if (number < 0) {
            return "";
        }
        return number > 0xffff ? "%#x".formatted(number) : String.valueOf(number);
    }
}
