package sharewalk.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sharewalk.elf.TestElf.DATA;
import static sharewalk.elf.TestElf.TEXT;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sharewalk.cpu.GuestIsa;

class ElfImageTest {
    private static final int RISCV = 243;
    private static final int SECTIONS = 3000;
    private static final int X86 = 62;

    private static ElfImage parse(TestElf elf) throws ElfException {
        return ElfImage.parse(elf.bytes(), "prog", GuestIsa.RISCV64);
    }

    private static void refuses(byte[] file, String sentence) {
        assertThatThrownBy(() -> {
                    ElfImage image = ElfImage.parse(file, "prog", GuestIsa.RISCV64);
                    throw new AssertionError("accepted " + image.segments());
                })
                .isInstanceOf(ElfException.class)
                .hasMessage(sentence);
    }

    @Test
    void parse_tellsSegmentsEntryAndProgramHeaders() throws ElfException {
        ElfImage image = parse(TestElf.program(RISCV));
        assertThat(image.segments())
                .containsExactly(
                        new ElfSegment(TEXT, 4096, 0, 4096, true, false, true),
                        new ElfSegment(DATA, 8192, 4096, 4096, true, true, false));
        assertThat(image.entry()).isEqualTo(TEXT + 0x400);
        assertThat(image.programHeaderAddress()).isEqualTo(TEXT + 64);
        assertThat(image.programHeaderCount()).isEqualTo(2);
        assertThat(image.end()).isEqualTo(DATA + 8192);
        assertThat(image.isPositionIndependent()).isFalse();
    }

    @Test
    void parse_refusesWhatIsNoProgramForTheMachineWithOneSentence() {
        refuses(new byte[0], "prog is empty.");
        refuses("#!/bin/sh\necho hello there\n".getBytes(StandardCharsets.US_ASCII), "prog is not an ELF file.");
        byte[] whole = TestElf.program(RISCV).bytes();
        refuses(Arrays.copyOf(whole, 40), "prog is cut off within its ELF header.");
        refuses(Arrays.copyOf(whole, 100), "prog is cut off within its program headers.");
        refuses(Arrays.copyOf(whole, 6000), "prog is cut off: a segment reaches beyond the end of the file.");
        refuses(TestElf.program(X86).bytes(), "prog is a program for x86_64, and the machine is riscv64.");
        refuses(TestElf.program(RISCV).withByte(4, 1).bytes(), "prog is a 32-bit program; only 64-bit ones can run.");
        refuses(
                TestElf.program(RISCV).withByte(5, 2).bytes(),
                "prog is a big-endian program; only little-endian ones can run.");
        refuses(TestElf.program(RISCV).withShort(16, 1).bytes(), "prog is an object file, not an executable.");
    }

    @Test
    void parse_refusesDynamicallyLinkedProgramsAndSaysWhatHelps() {
        byte[] dynamic = TestElf.program(RISCV).segment(3, 4, 0, TEXT, 16, 16).bytes();
        refuses(dynamic, "prog is dynamically linked; link it with -static.");
    }

    @Test
    void parse_refusesSegmentsThatCannotBeMapped() {
        refuses(
                TestElf.program(RISCV).segment(1, 6, 0, DATA + 4096, 4096, 4096).bytes(),
                "prog has segments that overlap.");
        refuses(
                TestElf.program(RISCV).segment(1, 6, 0, 0x40000, 4096, 1L << 50).bytes(),
                "prog has a segment too large for any address space.");
        refuses(
                TestElf.program(RISCV).segment(1, 6, 0, 0x40000, 4096, 100).bytes(),
                "prog has a segment with more bytes in the file than in memory.");
        refuses(
                TestElf.program(RISCV).segment(1, 6, 16, 0x40000, 100, 100).bytes(),
                "prog has a segment that cannot be mapped: address and file offset differ.");
        refuses(
                TestElf.program(RISCV).withLong(24, DATA).bytes(),
                "prog has its entry point outside its executable segments.");
    }

    @Test
    void parse_answersAnyDamageWithItsException() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] whole = TestElf.program(RISCV).bytes();
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k < 3; k++) {
                damaged[random.nextInt(176)] = (byte) random.nextInt(256);
            }
            try {
                ElfImage image = ElfImage.parse(damaged, "prog", GuestIsa.RISCV64);
                assertThat(image.segments()).isNotEmpty();
            } catch (ElfException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void parse_ignoresASymbolTableLargerThanMemory() throws ElfException {
        byte[] file = TestElf.program(RISCV)
                .withLong(40, SECTIONS)
                .withShort(58, 64)
                .withShort(60, 1)
                .withByte(SECTIONS + 4, 2)
                .withLong(SECTIONS + 24, 4096)
                .withLong(SECTIONS + 32, Integer.MAX_VALUE * 24L)
                .withLong(SECTIONS + 56, 24)
                .bytes();
        assertThat(ElfImage.parse(file, "prog", GuestIsa.RISCV64).symbols().at(TestElf.TEXT))
                .isNull();
    }

    @Test
    void symbolTable_findsTheNameThatCoversAnAddress() {
        SymbolTable table = new SymbolTable(List.of(
                new SymbolTable.Symbol(0x100, 0x20, "first", true),
                new SymbolTable.Symbol(0x100, 0x20, "alias", false),
                new SymbolTable.Symbol(0x200, 0, "open", true)));
        assertThat(table.at(0x104)).hasToString("first+0x4");
        assertThat(table.at(0x120)).isNull();
        assertThat(table.at(0x9999)).hasToString("open+0x9799");
        assertThat(table.at(0x50)).isNull();
    }
}
