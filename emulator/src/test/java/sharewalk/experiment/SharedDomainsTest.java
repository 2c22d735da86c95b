package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.tlb.TagRules;

/// Whole runs on machines that tag what processes share with an id of its own: the same programs, fewer misses, nothing
/// stale.
@Tag("native")
final class SharedDomainsTest {
    private static final Path GUESTS = Path.of(System.getProperty("sharewalk.guests", "../guest-programs/target"));
    private static final TagRules NEITHER = new TagRules(12, false, false);
    private static final TagRules DOMAINS = new TagRules(12, true, false);
    private static final TagRules WALK_CACHE = new TagRules(12, false, true);
    private static final TagRules BOTH = new TagRules(12, true, true);

    private record Run(RunResult result, String output) {
        long get(Metric metric) {
            return result.totals().get(metric);
        }
    }

    @ParameterizedTest
    @CsvSource({"riscv64, 1", "x86_64, 1", "riscv64, 3", "x86_64, 3"})
    void sharedTags_saveMissesAndSteps_andChangeNothingElse(String isa, int harts) {
        Run apart = run(isa, harts, NEITHER, "msharefs", false);
        Run domains = run(isa, harts, DOMAINS, "msharefs", false);
        Run walkCache = run(isa, harts, WALK_CACHE, "msharefs", false);
        Run both = run(isa, harts, BOTH, "msharefs", false);

        for (Run run : List.of(domains, walkCache, both)) {
            assertThat(run.output).isEqualTo(apart.output);
            for (Metric same : List.of(Metric.INSTRUCTIONS, Metric.FAULTS, Metric.LINK_FAULTS, Metric.FULL_FLUSHES)) {
                assertThat(run.get(same)).as(same.key()).isEqualTo(apart.get(same));
            }
        }
        assertThat(domains.get(Metric.L2_MISSES)).isLessThan(apart.get(Metric.L2_MISSES));
        assertThat(domains.get(Metric.WALKS)).isLessThan(apart.get(Metric.WALKS));
        assertThat(walkCache.get(Metric.WALKS)).isEqualTo(apart.get(Metric.WALKS));
        assertThat(walkCache.get(Metric.WALK_STEPS)).isLessThan(apart.get(Metric.WALK_STEPS));
        assertThat(both.get(Metric.WALKS)).isEqualTo(domains.get(Metric.WALKS));
        assertThat(both.get(Metric.WALK_STEPS)).isLessThanOrEqualTo(domains.get(Metric.WALK_STEPS));
    }

    @ParameterizedTest
    @CsvSource({"riscv64, 1", "x86_64, 1", "riscv64, 2", "x86_64, 2"})
    void fastAndExhaustiveModes_countAlike(String isa, int harts) {
        Run fast = run(isa, harts, BOTH, "msharefs", false);
        Run exhaustive = run(isa, harts, BOTH, "msharefs", true);

        assertThat(exhaustive.result.totals()).isEqualTo(fast.result.totals());
        assertThat(exhaustive.result.mappings()).isEqualTo(fast.result.mappings());
    }

    @ParameterizedTest
    @CsvSource({"riscv64", "x86_64"})
    void withoutASharedTable_nothingChanges(String isa) {
        Run apart = run(isa, 1, NEITHER, "private", false);
        Run both = run(isa, 1, BOTH, "private", false);

        assertThat(both.result.totals()).isEqualTo(apart.result.totals());
    }

    private static Run run(String isaName, int harts, TagRules tags, String design, boolean exhaustive) {
        GuestIsa isa = isaName.equals("riscv64") ? GuestIsa.RISCV64 : GuestIsa.X86_64;
        MachineProfile profile = MachineProfile.DEFAULT.withTags(tags);
        MachineSpec machine = new MachineSpec(
                isa, isa.defaultPaging(), profile, harts, 64L << 20, 1, exhaustive, MissExplanation.NONE);
        GuestCommand guest = new GuestCommand(
                GUESTS.resolve(isaName).resolve("shared-buffer"),
                "shared-buffer",
                List.of("--processes", "4", "--pages", "100"),
                List.of(ExperimentSpec.DESIGN_VARIABLE + "=" + design));
        ExperimentSpec spec = new ExperimentSpec(
                machine,
                Machines.ofDefault(),
                new Slices(10_000, 100_000),
                design,
                guest,
                List.of(),
                Set.of(Instrument.SANITIZER));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        RunResult result = Experiment.run(spec, StandardStreams.of(output, output), List.of());
        assertThat(result.ending()).isEqualTo(new Ending.Exited(0));
        return new Run(result, output.toString(StandardCharsets.UTF_8));
    }
}
