package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.FastMode;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.mmu.tlb.TlbGeometry;

/// What options mean.
final class OptionsTest {
    @TempDir
    private Path folder;

    @Test
    void machine_isTheDefaultOneWhereNothingIsSaid() {
        MachineSpec machine = machine(GuestIsa.X86_64);

        assertThat(machine)
                .isEqualTo(new MachineSpec(
                        GuestIsa.X86_64,
                        PagingMode.X86_64_4LEVEL,
                        MachineProfile.DEFAULT,
                        1,
                        512L << 20,
                        1,
                        false,
                        MissExplanation.NONE));
    }

    @Test
    void sharedTags_areThoseAskedFor() {
        MachineProfile both = machine(GuestIsa.RISCV64, "--shared-domains", "--shared-walk-cache")
                .profile();
        assertThat(both.tags()).isEqualTo(new TagRules(16, true, true));
        assertThat(both.name()).isEqualTo("default with --shared-domains, --shared-walk-cache");
        MachineProfile walkCache =
                machine(GuestIsa.X86_64, "--shared-walk-cache").profile();
        assertThat(walkCache.tags()).isEqualTo(new TagRules(walkCache.asidBits(), false, true));
    }

    @Test
    void sharedTags_areRefusedWhereIdsAreTooNarrow() {
        assertThatThrownBy(() -> machine(GuestIsa.RISCV64, "--machine", "u74", "--shared-domains"))
                .hasMessageContaining("u74 cannot share tags")
                .hasMessageContaining("0 bits");
    }

    @Test
    void machine_isWhatTheOptionsSay() {
        MachineSpec machine = machine(
                GuestIsa.RISCV64,
                "--paging",
                "sv48",
                "--harts",
                "2",
                "--l1d",
                "1x32:random",
                "--ram",
                "2G",
                "--seed",
                "9",
                "--exhaustive");

        assertThat(machine.paging()).isEqualTo(PagingMode.SV48);
        assertThat(machine.harts()).isEqualTo(2);
        assertThat(machine.profile().l1d()).isEqualTo(TlbGeometry.of(1, 32, PolicyKind.RANDOM));
        assertThat(machine.profile().l1i()).isEqualTo(MachineProfile.DEFAULT.l1i());
        assertThat(machine.profile().name()).isEqualTo("default with --l1d");
        assertThat(machine.ramBytes()).isEqualTo(2L << 30);
        assertThat(machine.seed()).isEqualTo(9);
        assertThat(machine.exhaustive()).isTrue();
    }

    @Test
    void singleEntryTlb_isAllowedInExhaustiveMode() {
        assertThat(machine(GuestIsa.RISCV64, "--l1d", "1x1:fifo", "--exhaustive")
                        .profile()
                        .l1d()
                        .entries())
                .isEqualTo(1);
    }

    @Test
    void singleEntryTlbOfAProfile_isNoFaultOfAnotherOption() throws IOException {
        String text = Machines.text("default").orElseThrow();
        Path file = Files.writeString(folder.resolve("one.yaml"), text.replace("16x4", "1x1"));

        MachineProfile profile = machine(GuestIsa.RISCV64, "--machine", file.toString(), "--l2", "64x4:lru")
                .profile();

        assertThat(profile.l1d().entries()).isEqualTo(1);
        assertThat(FastMode.obstacle(profile)).isPresent();
        assertThatThrownBy(() -> machine(GuestIsa.RISCV64, "--machine", file.toString(), "--l1i", "1x1:lru"))
                .hasMessageContaining("--exhaustive");
    }

    @Test
    void missCauses_areRefusedForAPhysicalWalkCacheOnX86() {
        assertThatThrownBy(() -> machine(GuestIsa.X86_64, "--miss-causes", "--walk-cache", "physical:8"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("walk cache of kind physical");
        assertThat(machine(GuestIsa.RISCV64, "--miss-causes", "--walk-cache", "physical:8")
                        .misses()
                        .wanted())
                .isTrue();
    }

    @Test
    void guestOptionsAfterTheProgram_areTheGuests() {
        CommandLine.ParseResult parsed =
                Main.commandLine().parseArgs("run", "--harts", "2", "shared-buffer", "--processes", "4", "--harts");

        assertThat(parsed.subcommand().matchedPositionals().get(1).<List<String>>getValue())
                .containsExactly("--processes", "4", "--harts");
    }

    @Test
    void sizes_haveSuffixes() {
        ByteSize size = new ByteSize();

        assertThat(size.convert("65536")).isEqualTo(65536);
        assertThat(size.convert("16k")).isEqualTo(16 << 10);
        assertThat(size.convert("512M")).isEqualTo(512L << 20);
        assertThat(size.convert("2GiB")).isEqualTo(2L << 30);
        assertThatThrownBy(() -> size.convert("999999999999T")).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void program_isTheBundledOneOfItsName() throws IOException {
        Path bundled = Files.createDirectories(folder.resolve("x86_64")).resolve("hello");
        Files.writeString(bundled, "x");

        ProgramFinder.Found found = new ProgramFinder(folder).find("hello", GuestIsa.X86_64);

        assertThat(found).isEqualTo(new ProgramFinder.Found(bundled, GuestIsa.X86_64));
    }

    @Test
    void program_saysItsOwnIsa() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 0x464c457f).putShort(18, (short) 62);
        Path file = Files.write(folder.resolve("program"), header.array());

        assertThat(new ProgramFinder(folder).find(file.toString(), null).isa()).isEqualTo(GuestIsa.X86_64);
    }

    @Test
    void outputFile_appearsWholeAndLeavesNothingBeside() throws IOException {
        Path place = folder.resolve("out.json");

        OutputFile file = OutputFile.at(place);
        assertThat(place).doesNotExist();
        file.write("whole");

        assertThat(place).hasContent("whole");
        assertThat(folder.toFile().list()).containsExactly("out.json");
    }

    @Test
    void designs_areListedWithAllThereIsToKnow() {
        String list = output("designs");

        for (SharingDesign design : Designs.all()) {
            assertThat(list)
                    .contains("%s (%s)".formatted(design.name(), design.kind().word()));
            assertThat(design.source()).isNotBlank();
            assertThat(design.optIn()).isNotBlank().doesNotEndWith(".");
            assertThat(design.rules())
                    .isNotEmpty()
                    .allSatisfy(rule -> assertThat(rule).endsWith("."));
        }
        assertThat(list.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void designs_areSelectedByNameAndVariant() {
        List<String> texts = output("designs", "--names").lines().toList();

        assertThat(texts).doesNotHaveDuplicates().startsWith("private");
        assertThat(texts).allSatisfy(text -> {
            SharingDesign design = DesignOptions.named(text);
            assertThat(text)
                    .isEqualTo(text.contains(":") ? text : design.name())
                    .startsWith(design.name());
            assertThat(output("designs", text))
                    .startsWith(text + " (" + design.kind().word() + ")");
        });
    }

    @Test
    void allDesigns_areEveryDesignOnce_baselinesFirstAndProposalsLast() {
        assertThat(DesignOptions.texts(List.of("all")))
                .containsExactlyElementsOf(
                        Designs.all().stream().map(SharingDesign::name).toList());
        assertThat(Designs.all()).extracting(SharingDesign::kind).isSorted();
        assertThat(DesignOptions.texts(List.of("msharefs", "all")))
                .startsWith("msharefs", "private")
                .doesNotHaveDuplicates();
    }

    private static String output(String... words) {
        StringWriter out = new StringWriter();
        int status = Main.commandLine(new PrintWriter(out), new PrintWriter(new StringWriter()))
                .execute(words);
        assertThat(status).isZero();
        return out.toString();
    }

    private static MachineSpec machine(GuestIsa isa, String... options) {
        MachineOptions machine = new MachineOptions();
        CommandLine.ParseResult parsed = new CommandLine(new Holder(machine)).parseArgs(options);
        assertThat(parsed.errors()).isEmpty();
        return machine.machine(isa, machine.origin());
    }

    /// A command with nothing but the options of a machine.
    @CommandLine.Command
    private record Holder(@CommandLine.Mixin MachineOptions machine) {}
}
