package sharewalk.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.Slices;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.report.MachineText;

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
            description = "sv39 (default) or sv48 on riscv64, 4-level on x86_64.")
    private @Nullable String paging;

    @Option(names = "--harts", paramLabel = "N", description = "Number of harts, 1 to 64 (${DEFAULT-VALUE}).")
    private int harts = 1;

    @Option(
            names = "--l1i",
            paramLabel = "TLB",
            description = "First-level TLB for fetches as SETSxWAYS:POLICY (16x4:fifo); POLICY is fifo, lru, plru or"
                    + " random.",
            converter = TlbConverter.class)
    private TlbGeometry l1i = MachineProfile.DEFAULT.l1i();

    @Option(
            names = "--l1d",
            paramLabel = "TLB",
            description = "First-level TLB for data (16x4:fifo).",
            converter = TlbConverter.class)
    private TlbGeometry l1d = MachineProfile.DEFAULT.l1d();

    @Option(
            names = "--l2",
            paramLabel = "TLB",
            description = "Second-level TLB for both (128x8:lru).",
            converter = TlbConverter.class)
    private TlbGeometry l2 = MachineProfile.DEFAULT.l2();

    @Option(
            names = "--walk-cache",
            paramLabel = "CACHE",
            description = "Page-walk cache: sizes from level 1 up, physical:ENTRIES, or none (32/4).",
            converter = WalkCacheConverter.class)
    private PageWalkCacheGeometry walkCache = MachineProfile.DEFAULT.walkCache();

    @Option(
            names = "--pte-caches",
            paramLabel = "CACHES",
            description = "Data caches that walks read entries through, or none (32K/8+512K/8+8M/16:shared).",
            converter = PteCacheConverter.class)
    private PteCacheGeometry pteCaches = MachineProfile.DEFAULT.walker().pteCaches();

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

    /// Returns the slices.
    Slices slices() {
        checkRange("--slice", slice, 1, MOST_SLICE);
        checkRange("--quantum", quantum, 1, MOST_SLICE);
        return new Slices(slice, quantum);
    }

    /// Returns the machine for an ISA.
    MachineSpec machine(GuestIsa isa) {
        checkRange("--harts", harts, 1, MOST_HARTS);
        checkRange("--ram", ramBytes, LEAST_RAM, MOST_RAM);
        requireExact("--l1i", l1i);
        requireExact("--l1d", l1d);
        MachineProfile profile = MachineProfile.DEFAULT
                .withL1i(l1i)
                .withL1d(l1d)
                .withL2(l2)
                .withWalker(
                        MachineProfile.DEFAULT.walker().withWalkCache(walkCache).withPteCaches(pteCaches));
        if (!profile.equals(MachineProfile.DEFAULT)) {
            profile = profile.named("custom");
        }
        return new MachineSpec(isa, paging(isa), profile, harts, ramBytes & -PAGE, seed, exhaustive);
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

    private PagingMode paging(GuestIsa isa) {
        if (paging == null) {
            return isa.defaultPaging();
        }
        for (PagingMode mode : isa.pagingModes()) {
            if (MachineText.paging(mode).equals(paging)) {
                return mode;
            }
        }
        throw CommandFailure.usage("There is no paging mode '%s' on %s; choose %s."
                .formatted(
                        paging,
                        isa.name(),
                        isa.pagingModes().stream().map(MachineText::paging).collect(Collectors.joining(" or "))));
    }

    private void requireExact(String option, TlbGeometry geometry) {
        if (geometry.entries() == 1 && !exhaustive) {
            throw CommandFailure.usage("%s %s has a single entry, which cannot be counted exactly without --exhaustive."
                    .formatted(option, geometry));
        }
    }

    private static void checkRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw CommandFailure.usage("%s must be between %d and %d, not %d.".formatted(option, least, most, value));
        }
    }
}
