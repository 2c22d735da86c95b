package sharewalk.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cost.Primitive;
import sharewalk.cost.ReferenceCosts;
import sharewalk.cpu.GuestIsa;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.yaml.YamlFileException;

/// The shipped profiles, and what a machine says of the programs it is used for.
final class MachinesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    static Stream<Machine> shipped() {
        return Machines.all().stream();
    }

    static List<String> names() {
        return Machines.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shippedProfile_isListedUnderItsName(String name) {
        assertThat(Machines.named(name).orElseThrow().name()).isEqualTo(name);
        assertThat(Machines.named(name).orElseThrow().hardware().name()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyFigure_hasASourceOrSaysWhyItIsAGuess(Machine machine) {
        assertThat(machine.figures())
                .hasSizeGreaterThan(20)
                .allSatisfy(figure -> assertThat(figure.basis()).isNotBlank().isNotEqualTo(Figure.NO_SOURCE));
    }

    @ParameterizedTest
    @MethodSource("names")
    void printedFile_readsBackAsTheSameMachine(String name) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, Machines.text(name).orElseThrow());

        assertThat(Machines.read(file))
                .usingRecursiveComparison()
                .ignoringFields("fromFile")
                .isEqualTo(Machines.named(name).orElseThrow());
        assertThat(Machines.read(file).fromFile()).isEqualTo(name + ".yaml");
        assertThat(Machines.named(name).orElseThrow().fromFile()).isNull();
    }

    @Test
    void unsourcedFigure_isRefusedInAShippedProfileAndAGuessInAUsersFile() {
        String text = Machines.text("u74")
                .orElseThrow()
                .replaceFirst("source: \"Linux arch/riscv/boot/dts/starfive/jh7110.dtsi: i-tlb-sets[^\n]*\n", "\n");

        assertThatThrownBy(() -> MachineReader.read("u74.yaml", text, true))
                .isInstanceOf(YamlFileException.class)
                .hasMessageContaining("tlbs.l1i[0].shape")
                .hasMessageContaining("'source:'");
        assertThat(MachineReader.read("mine.yaml", text, false).figures())
                .contains(new Figure("tlbs.l1i[0].shape", "1x40", Figure.NO_SOURCE, true));
    }

    @Test
    void bareValue_isAGuessInAUsersFile() {
        String text = Machines.text("default")
                .orElseThrow()
                .replaceFirst("asid-bits:\n    value: 16\n[^\n]*\n", "asid-bits: 9\n");

        Machine machine = MachineReader.read("mine.yaml", text, false);

        assertThat(machine.hardware().asidBits()).isEqualTo(9);
        assertThat(machine.figures()).contains(new Figure("tags.asid-bits", "9", Figure.NO_SOURCE, true));
    }

    @Test
    void sharedTags_areNoneUnlessAFileSaysSo() {
        String text = Machines.text("default").orElseThrow();
        String sharing = text.replaceFirst("tags:\n", "tags:\n  shared-domains: yes\n  shared-walk-cache: no\n");

        assertThat(MachineReader.read("mine.yaml", text, false).hardware().tags())
                .isEqualTo(TagRules.ofAsids(16));
        assertThat(MachineReader.read("mine.yaml", sharing, false).hardware().tags())
                .isEqualTo(new TagRules(16, true, false));
    }

    @Test
    void priceThatIsLeftOut_isTheReferencesForTheIsa() {
        Machine u74 = Machines.named("u74").orElseThrow();

        assertThat(u74.costsFor(GuestIsa.RISCV64).clockMhz()).isEqualTo(1500);
        assertThat(u74.costsFor(GuestIsa.RISCV64).cost(Primitive.AREA_CHANGE))
                .isEqualTo(ReferenceCosts.RISCV.cost(Primitive.AREA_CHANGE));
        assertThat(u74.costsFor(GuestIsa.RISCV64).cost(Primitive.WALK_STEP_L2))
                .isNotEqualTo(ReferenceCosts.RISCV.cost(Primitive.WALK_STEP_L2));
        assertThat(Machines.ofDefault().costsFor(GuestIsa.X86_64)).isEqualTo(ReferenceCosts.X86_64);
        assertThat(Machines.named("ideal")
                        .orElseThrow()
                        .costsFor(GuestIsa.X86_64)
                        .costs()
                        .values())
                .allSatisfy(cost -> assertThat(cost.high()).isZero());
    }

    @Test
    void pages_areDividedBySpacesOrCommas() {
        String text = Machines.text("zen3").orElseThrow();
        String commas = text.replace("4K 2M 1G", "4K,2M, 1G");

        assertThat(commas).isNotEqualTo(text);
        assertThat(MachineReader.read("mine.yaml", commas, false).hardware().tlbs())
                .isEqualTo(Machines.named("zen3").orElseThrow().hardware().tlbs());
    }

    @Test
    void remoteInvalidation_isWhatTheKernelOfTheIsaMakesOfIt() {
        MachineProfile u74 = Machines.named("u74").orElseThrow().hardware();
        MachineProfile zen3 = Machines.named("zen3").orElseThrow().hardware();

        assertThat(Machine.effectiveRemote(GuestIsa.RISCV64, u74)).isEqualTo(RemoteInvalidation.SBI);
        assertThat(Machine.effectiveRemote(GuestIsa.X86_64, u74)).isEqualTo(RemoteInvalidation.IPI);
        assertThat(Machine.effectiveRemote(GuestIsa.X86_64, zen3)).isEqualTo(RemoteInvalidation.INVLPGB);
        assertThat(Machine.effectiveRemote(GuestIsa.RISCV64, zen3)).isEqualTo(RemoteInvalidation.TLBI);
        assertThat(Machine.effectiveRemote(GuestIsa.X86_64, u74.withRemote(RemoteInvalidation.INVLPGB)))
                .as("without ids nothing is broadcast")
                .isEqualTo(RemoteInvalidation.IPI);
    }

    @Test
    void defaultMachine_isTheHardwareHalfsDefault() {
        assertThat(Machines.ofDefault().hardware()).isEqualTo(MachineProfile.DEFAULT);
        assertThat(Machines.ofDefault().kernel()).isEqualTo(KernelTuning.NONE);
    }

    @Test
    void machineOfAnotherIsa_isAThoughtExperimentUnderThatIsasKernel() {
        Machine u74 = Machines.named("u74").orElseThrow();

        assertThat(u74.isForeignTo(GuestIsa.X86_64)).isTrue();
        assertThat(u74.remarks(GuestIsa.RISCV64)).isEmpty();
        assertThat(u74.remarks(GuestIsa.X86_64)).singleElement().asString().contains("thought experiment");
        assertThat(u74.hardwareFor(GuestIsa.RISCV64).hardwareUpdate()).isFalse();
        assertThat(u74.hardwareFor(GuestIsa.X86_64).hardwareUpdate()).isTrue();
        assertThat(u74.hardwareFor(GuestIsa.X86_64).tlbs())
                .isEqualTo(u74.hardware().tlbs());
        assertThat(u74.has(PagingMode.SV48)).isFalse();
        assertThat(u74.has(PagingMode.X86_64_4LEVEL)).isTrue();
        assertThat(Machines.ofDefault().isForeignTo(GuestIsa.X86_64)).isFalse();
    }

    @Test
    void calibratedProfile_fitsItsOwnKernelOnly() {
        String text =
                Machines.text("u74").orElseThrow().replace("isa: riscv64\n", "isa: riscv64\ncalibrated-on: riscv64\n");

        Machine machine = MachineReader.read("mine.yaml", text, false);

        assertThat(machine.fits(GuestIsa.RISCV64)).isTrue();
        assertThat(machine.fits(GuestIsa.X86_64)).isFalse();
    }

    @Test
    void kernelsCeiling_isTakenFromTheFileOnTheMachinesOwnIsa() {
        String text = Machines.text("u74")
                .orElseThrow()
                .replaceFirst("page-flush-ceiling:\n    value: kernel", "page-flush-ceiling:\n    value: 0");

        Machine machine = MachineReader.read("mine.yaml", text, false);

        assertThat(machine.kernelFor(GuestIsa.RISCV64).pageFlushCeiling()).isEqualTo(OptionalInt.of(0));
        assertThat(machine.kernelFor(GuestIsa.X86_64)).isEqualTo(KernelTuning.NONE);
    }
}
