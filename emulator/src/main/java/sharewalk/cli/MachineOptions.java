package sharewalk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.FastMode;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.experiment.Instrument;
import sharewalk.experiment.Slices;
import sharewalk.machine.Machine;
import sharewalk.machine.Machines;
import sharewalk.machine.PagingModeName;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;

/// The options that describe a machine.
final class MachineOptions {
    private static final int MOST_HARTS = 64;
    private static final long PAGE = 4096;
    private static final long LEAST_RAM = 4L << 20;
    private static final long MOST_RAM = 1L << 40;
    private static final long MOST_SLICE = 1L << 40;

    @Option(
            names = "--paging",
            paramLabel = "MODE",
            description = "sv39 (default), sv48 or sv57 on riscv64, 4-level (default) or 5-level on x86_64; for both,"
                    + " one of each with a comma between.")
    private @Nullable String paging;

    @Option(
            names = "--harts",
            paramLabel = "N",
            description = "Number of harts, 1 to 64 (1; of cost: 4, of unshare: 2, of flush: 1 to 16).")
    private @Nullable Integer harts;

    @Option(
            names = "--machine",
            paramLabel = "NAME|FILE",
            description = "The machine: a profile of 'sharewalk machines', or a file with a slash in its name or ending"
                    + " in .yaml (${DEFAULT-VALUE}).")
    private String machine = Machines.DEFAULT;

    @Option(
            names = "--l1i",
            paramLabel = "TLB",
            description =
                    "First-level TLB for fetches as SETSxWAYS:POLICY, instead of the machine's; POLICY is fifo, lru, plru or"
                            + " random. By page sizes: 16x4:lru@4K+8x4:lru@2M,1G.",
            converter = TlbConverter.class)
    private @Nullable TlbGeometry l1i;

    @Option(
            names = "--l1d",
            paramLabel = "TLB",
            description = "First-level TLB for data, likewise.",
            converter = TlbConverter.class)
    private @Nullable TlbGeometry l1d;

    @Option(
            names = "--l2",
            paramLabel = "TLB",
            description = "Second-level TLB for both, likewise.",
            converter = TlbConverter.class)
    private @Nullable TlbGeometry l2;

    @Option(
            names = "--l2i",
            paramLabel = "TLB",
            description = "Second-level TLB for fetches alone, likewise; --l2 is for data then.",
            converter = TlbConverter.class)
    private @Nullable TlbGeometry l2i;

    @Option(
            names = "--walk-cache",
            paramLabel = "CACHE",
            description =
                    "Page-walk cache: sizes from level 1 up, physical:ENTRIES, or none, instead of the machine's.",
            converter = WalkCacheConverter.class)
    private @Nullable PageWalkCacheGeometry walkCache;

    @Option(
            names = "--pte-caches",
            paramLabel = "CACHES",
            description = "Data caches that walks read entries through, or none, instead of the" + " machine's.",
            converter = PteCacheConverter.class)
    private @Nullable PteCacheGeometry pteCaches;

    @Option(
            names = "--shared-domains",
            description = "Tag TLB entries below a shared subtree with an id of its own, for all that share it at one"
                    + " address with the same rights.")
    private boolean sharedDomains;

    @Option(names = "--shared-walk-cache", description = "Tag walk-cache entries below a shared subtree likewise.")
    private boolean sharedWalkCache;

    @Option(names = "--ram", paramLabel = "SIZE", description = "Guest memory (512M).", converter = ByteSize.class)
    private long ramBytes = 512L << 20;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of every random choice, the guest's included (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--slice",
            paramLabel = "N",
            description = "Instructions a hart runs before it is the next one's turn (${DEFAULT-VALUE}).")
    private long slice = 10_000;

    @Option(
            names = "--quantum",
            paramLabel = "N",
            description = "Instructions a task keeps its hart while others wait (${DEFAULT-VALUE}).")
    private long quantum = 1_000_000;

    @Option(
            names = "--exhaustive",
            description = "Tell the model of every single access. Slow; the figures are the same.")
    private boolean exhaustive;

    @Option(
            names = "--miss-causes",
            description = "Find out why TLBs miss: cold, replaced, changed, or after which flush.")
    private boolean missCauses;

    @Option(
            names = "--spare",
            paramLabel = "CAUSE",
            split = ",",
            description = "Let flushes for a cause, such as munmap, drop only what has changed; implies --miss-causes.",
            converter = SparedConverter.class)
    private List<FlushCause> spared = List.of();

    @Option(
            names = "--sanitize",
            description =
                    "Compare what harts have cached with the page tables whenever either changes; end the run where"
                            + " they disagree. Slow; the figures are the same.")
    private boolean sanitize;

    /// Returns what looks on.
    Set<Instrument> instruments() {
        return sanitize ? Set.of(Instrument.SANITIZER) : Set.of();
    }

    /// Returns the slices.
    Slices slices() {
        checkRange("--slice", slice, 1, MOST_SLICE);
        checkRange("--quantum", quantum, 1, MOST_SLICE);
        return new Slices(slice, quantum);
    }

    /// Returns the profile that the machine is made from.
    Machine origin() {
        return MachineChoice.named(machine);
    }

    /// Returns the profiles, where several may be named with commas between.
    List<Machine> origins() {
        return chosen().stream().map(ChosenMachine::machine).toList();
    }

    /// Returns the machines as they were chosen, where several may be named with commas between.
    List<ChosenMachine> chosen() {
        List<String> words = machine.matches(",+") ? List.of() : List.of(machine.split(",", -1));
        return Listed.once("--machine", "machine", words).stream()
                .map(ChosenMachine::named)
                .toList();
    }

    /// Returns the machine for an ISA.
    MachineSpec machine(GuestIsa isa, Machine origin) {
        return machine(isa, origin, 1);
    }

    /// Returns the machine for an ISA, with so many harts unless an option says how many.
    MachineSpec machine(GuestIsa isa, Machine origin, int usualHarts) {
        int hartCount = harts == null ? usualHarts : harts;
        checkRange("--harts", hartCount, 1, MOST_HARTS);
        if (ramBytes < LEAST_RAM || ramBytes > MOST_RAM) {
            throw CommandFailure.usage(
                    "--ram must be between %s and %s.".formatted(sizeText(LEAST_RAM), sizeText(MOST_RAM)));
        }
        if (!origin.fits(isa)) {
            throw CommandFailure.usage(
                    "The machine %s is calibrated on another kernel than %s's.".formatted(origin.name(), isa.name()));
        }
        boolean explains = missCauses || !spared.isEmpty();
        MachineProfile hardware = hardware(isa, origin);
        if (explains && isa.equals(GuestIsa.X86_64) && hardware.walkCache() instanceof PageWalkCacheGeometry.Entries) {
            throw CommandFailure.usage(
                    "On x86_64 it cannot be found out why TLBs miss with a walk cache of kind physical.");
        }
        return new MachineSpec(
                isa,
                paging(isa, origin),
                hardware,
                hartCount,
                ramBytes & -PAGE,
                seed,
                exhaustive,
                new MissExplanation(explains, Set.copyOf(spared)));
    }

    private MachineProfile hardware(GuestIsa isa, Machine origin) {
        requireExact();
        MachineProfile profile = origin.hardwareFor(isa);
        List<String> changed = new ArrayList<>();
        if (l1i != null) {
            profile = profile.withL1i(l1i);
            changed.add("--l1i");
        }
        if (l1d != null) {
            profile = profile.withL1d(l1d);
            changed.add("--l1d");
        }
        if (l2 != null) {
            profile = profile.withL2(l2);
            changed.add("--l2");
        }
        if (l2i != null) {
            profile = profile.withTlbs(profile.tlbs().withL2i(l2i));
            changed.add("--l2i");
        }
        if (walkCache != null) {
            profile = profile.withWalkCache(walkCache);
            changed.add("--walk-cache");
        }
        if (pteCaches != null) {
            profile = profile.withWalker(profile.walker().withPteCaches(pteCaches));
            changed.add("--pte-caches");
        }
        if (sharedDomains || sharedWalkCache) {
            profile = profile.withTags(shared(profile));
        }
        if (sharedDomains) {
            changed.add("--shared-domains");
        }
        if (sharedWalkCache) {
            changed.add("--shared-walk-cache");
        }
        return changed.isEmpty() ? profile : profile.named(origin.name() + " with " + String.join(", ", changed));
    }

    private TagRules shared(MachineProfile profile) {
        TagRules tags = profile.tags();
        try {
            return new TagRules(
                    tags.asidBits(), tags.sharedDomains() || sharedDomains, tags.sharedWalkCache() || sharedWalkCache);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(
                    "The machine %s cannot share tags: %s.".formatted(profile.name(), e.getMessage()));
        }
    }

    /// Returns the ISA of a name.
    static GuestIsa isa(String name) {
        for (GuestIsa isa : GuestIsa.all()) {
            if (isa.name().equals(name.toLowerCase(Locale.ROOT))) {
                return isa;
            }
        }
        throw CommandFailure.usage("There is no instruction set '%s'; choose riscv64 or x86_64.".formatted(name));
    }

    private PagingMode paging(GuestIsa isa, Machine origin) {
        List<PagingMode> modes = isa.pagingModes().stream().filter(origin::has).toList();
        if (paging == null) {
            return isa.defaultPaging();
        }
        List<String> wanted = List.of(paging.split(",", -1));
        for (PagingMode mode : modes) {
            if (wanted.contains(PagingModeName.of(mode))) {
                return mode;
            }
        }
        throw CommandFailure.usage("There is no paging mode '%s' on %s (%s); choose %s."
                .formatted(
                        paging,
                        isa.name(),
                        origin.name(),
                        modes.stream().map(PagingModeName::of).collect(Collectors.joining(" or "))));
    }

    /// A profile that fast mode cannot count runs in exhaustive mode; options that ask for one are refused.
    private void requireExact() {
        if (exhaustive) {
            return;
        }
        MachineProfile asked = MachineProfile.DEFAULT;
        asked = l1i == null ? asked : asked.withL1i(l1i);
        asked = l1d == null ? asked : asked.withL1d(l1d);
        FastMode.obstacle(asked).ifPresent(obstacle -> {
            throw CommandFailure.usage(
                    "The machine cannot be counted exactly without --exhaustive: %s.".formatted(obstacle));
        });
    }

    private static String sizeText(long bytes) {
        return bytes >> 40 > 0 ? (bytes >> 40) + "T" : (bytes >> 20) + "M";
    }

    private static void checkRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw CommandFailure.usage("%s must be between %d and %d, not %d.".formatted(option, least, most, value));
        }
    }
}
