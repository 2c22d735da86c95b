package sharewalk.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.experiment.Experiment;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.GuestCommand;
import sharewalk.experiment.Instrument;
import sharewalk.experiment.Metric;
import sharewalk.experiment.RunObserver;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.Slices;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.report.JsonReport;

/// A bundled guest program and the machine it is to run on.
public record GuestRun(
        String guest,
        List<String> arguments,
        GuestIsa isa,
        PagingMode paging,
        Machine origin,
        MachineProfile profile,
        int harts,
        boolean exhaustive,
        String design) {
    private static final long RAM_BYTES = 256L << 20;
    private static final Slices SLICES = new Slices(10_000, 100_000);

    /// What came of it.
    public record Outcome(RunResult result, String output, String error) {
        /// Returns one figure of the totals.
        public long total(Metric metric) {
            return result.totals().get(metric);
        }

        /// Returns the counters a naive TLB can check.
        public Map<Counter, Long> missCounts() {
            Map<Counter, Long> counts = new EnumMap<>(Counter.class);
            NaiveHart.COUNTED.forEach(
                    counter -> counts.put(counter, result.totals().counts().get(counter)));
            return counts;
        }

        /// Returns the JSON report without the one line that tells fast from exhaustive.
        public String reportWithoutMode() {
            return JsonReport.render(result).replaceFirst("\"mode\" : \"[a-z]+\"", "");
        }
    }

    public static GuestRun of(String guest, GuestIsa isa, String... arguments) {
        return new GuestRun(
                guest,
                List.of(arguments),
                isa,
                isa.defaultPaging(),
                Machines.ofDefault(),
                MachineProfile.DEFAULT,
                1,
                false,
                "private");
    }

    /// Returns the host path of a bundled guest.
    public static Path file(String guest, GuestIsa isa) {
        return Path.of(System.getProperty("sharewalk.guests", "guest-programs/target"), isa.name(), guest);
    }

    public GuestRun withFirstLevel(String geometry) {
        MachineProfile changed = profile.withL1i(TlbGeometry.parse(geometry)).withL1d(TlbGeometry.parse(geometry));
        return withHardware(changed);
    }

    /// Returns the same run on other hardware of the same origin.
    public GuestRun withHardware(MachineProfile hardware) {
        return new GuestRun(guest, arguments, isa, paging, origin, hardware, harts, exhaustive, design);
    }

    /// Returns the same run on a machine profile.
    public GuestRun on(Machine machine) {
        return new GuestRun(
                guest, arguments, isa, paging, machine, machine.hardwareFor(isa), harts, exhaustive, design);
    }

    /// Returns the same run on a machine with ids of address spaces of a width.
    public GuestRun withAsidBits(int bits) {
        MachineProfile changed = profile.withTags(TagRules.ofAsids(bits));
        return new GuestRun(guest, arguments, isa, paging, origin, changed, harts, exhaustive, design);
    }

    public GuestRun withPaging(PagingMode mode) {
        return new GuestRun(guest, arguments, isa, mode, origin, profile, harts, exhaustive, design);
    }

    public GuestRun withHarts(int count) {
        return new GuestRun(guest, arguments, isa, paging, origin, profile, count, exhaustive, design);
    }

    public GuestRun exhaustively() {
        return new GuestRun(guest, arguments, isa, paging, origin, profile, harts, true, design);
    }

    public GuestRun withDesign(String name) {
        return new GuestRun(guest, arguments, isa, paging, origin, profile, harts, exhaustive, name);
    }

    /// Runs it.
    public Outcome run(RunObserver... observers) {
        return run(List.of(observers), () -> false, MissExplanation.NONE, Set.of());
    }

    /// Runs it with every cached translation checked against the tables; what is stale is a warning of the result.
    public Outcome runSanitized() {
        return run(List.of(), () -> false, MissExplanation.NONE, Set.of(Instrument.SANITIZER));
    }

    /// Runs it until it ends or `interrupted` says so.
    public Outcome runUntil(BooleanSupplier interrupted) {
        return run(List.of(), interrupted, MissExplanation.NONE, Set.of());
    }

    /// Runs it and finds out why its TLBs miss.
    public Outcome runExplaining(MissExplanation misses) {
        return run(List.of(), () -> false, misses, Set.of());
    }

    private Outcome run(
            List<RunObserver> observers,
            BooleanSupplier interrupted,
            MissExplanation misses,
            Set<Instrument> instruments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        MachineSpec machine = new MachineSpec(isa, paging, profile, harts, RAM_BYTES, 1, exhaustive, misses);
        GuestCommand command = new GuestCommand(file(guest, isa), guest, arguments, environment());
        RunResult result = Experiment.run(
                new ExperimentSpec(machine, origin, SLICES, design, command, List.of(), instruments),
                StandardStreams.of(output, error),
                observers,
                interrupted);
        return new Outcome(result, output.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }

    /// Programs that try write notification get it.
    private List<String> environment() {
        String family = ExperimentSpec.DESIGN_VARIABLE + "=" + familyOf(design);
        return guest.equals("rules-notify")
                ? List.of(family, ExperimentSpec.NOTIFY_VARIABLE + "=write")
                : List.of(family);
    }

    /// Guests are told which design it is, not which variant of it.
    private static String familyOf(String design) {
        int colon = design.indexOf(':');
        return colon < 0 ? design : design.substring(0, colon);
    }
}
