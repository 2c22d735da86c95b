package sharewalk.kernel.mm;

import java.util.List;

/// The giving of areas to a region, as they are, with the tables and pages that they have: the region has them at
/// the same addresses, and the process sees them through a window from then on (mshare(), 2022). No translation
/// changes.
public final class Donation {
    private final AddressSpace process;
    private final AddressSpace region;
    private final RegionSlots slots;

    /// Creates the way from a process to a region.
    public Donation(AddressSpace process, AddressSpace region) {
        RegionSlots regionSlots = region.slots();
        if (regionSlots == null) {
            throw new IllegalArgumentException("areas are given to a region");
        }
        this.process = process;
        this.region = region;
        this.slots = regionSlots;
    }

    /// Gives what lies in `[start, end)`, where the process gets an area of `window` with the rights `prot`.
    ///
    /// Preconditions:
    /// - the range is whole slots of the region, which nobody else has attached
    /// - no area of the process crosses an edge of it, and none in it is a window
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public void give(long start, long end, Window window, int prot) {
        Shootdown shootdown = process.context().shootdown();
        for (long slot = start; slot < end; slot += slots.slotBytes()) {
            shootdown.redeemUnseen(slots.takeOver(process.table(), slot));
        }
        List<Vma> given = process.vmas().overlapping(start, end);
        given.forEach(region.vmas()::insert);
        VmaTraits traits = new VmaTraits(
                prot,
                VmaTraits.ALL_RIGHTS,
                VmaTraits.SHARED | window.areaFlags(),
                new Mapping.Shown(window),
                window.name());
        process.vmas().replace(given, List.of(new Vma(start, end, 0, traits)));
    }
}
