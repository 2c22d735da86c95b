package sharewalk.mmu.paging;

import com.google.errorprone.annotations.Immutable;

/// The meaning of the bits of an entry on one architecture.
///
/// Reading is for hardware and software alike: raw entry in, primitive out. An entry may be *held*: hardware finds it
/// absent, yet it still names the frame of a page without rights (`PROT_NONE`). Only software asks for that
/// ([#isHeld], [#holdsLeaf]); [#isPresent], [#isTable] and [#isLeaf] are hardware's view.
@Immutable
public sealed interface PteFormat permits RiscvPteFormat, X86PteFormat {
    /// The number of entries, all alike, that map one contiguous page where the architecture has such (64 KiB: RISC-V
    /// Svnapot).
    int CONTIGUOUS_PAGES = 16;

    /// The number of address bits inside a contiguous page.
    int CONTIGUOUS_SHIFT = 16;

    /// Returns whether hardware looks at the rest of the entry.
    boolean isPresent(long pte);

    /// Returns whether a present entry has the form of a pointer to a table page. At level 0 of RISC-V such an entry
    /// exists and is a fault; at level 0 of x86 there is none.
    boolean isTable(long pte, int level);

    /// Returns whether a present entry maps memory.
    boolean isLeaf(long pte, int level);

    /// Returns whether a present entry uses bits or encodings that its manual reserves, all extensions of the format
    /// taken as implemented. What depends on the hart or its mode is not covered: x86's NX bit while EFER.NXE is
    /// clear and 1 GiB pages, RISC-V's N and memory type on a hart without them.
    boolean isReserved(long pte, int level);

    /// Returns whether a leaf's frame number is not a multiple of its superpage (a fault of its own on RISC-V; on x86
    /// those bits are reserved, see [#isReserved]).
    boolean isMisaligned(long pte, int level);

    /// Returns whether hardware finds the entry absent although it names a frame.
    boolean isHeld(long pte);

    /// Returns whether software finds a mapped page here: a leaf, or a held one.
    default boolean holdsLeaf(long pte, int level) {
        return isPresent(pte) ? isLeaf(pte, level) : isHeld(pte);
    }

    /// Returns the frame-number field of a table entry or a 4 KiB leaf. For superpages see [#leafPfn].
    long pfn(long pte);

    /// Returns the first frame that a leaf at `level` maps (x86 keeps another bit in a superpage's field, RISC-V the
    /// size in a contiguous page's).
    long leafPfn(long pte, int level);

    /// Returns whether a leaf, or a held one, is one of the [#CONTIGUOUS_PAGES] entries of a contiguous page.
    boolean isContiguous(long pte, int level);

    /// Returns the number of address bits inside the page that a leaf, or a held one, maps.
    default int leafShift(long pte, int level) {
        return isContiguous(pte, level) ? CONTIGUOUS_SHIFT : 12 + 9 * level;
    }

    /// Returns the memory type that a leaf asks for.
    ///
    /// Preconditions: not a reserved one.
    MemoryType memoryType(long pte);

    boolean isReadable(long pte);

    boolean isWritable(long pte);

    boolean isExecutable(long pte);

    boolean isUser(long pte);

    boolean isGlobal(long pte);

    boolean isAccessed(long pte);

    boolean isDirty(long pte);

    /// Returns a clean leaf with the accessed bit set; with [Permissions#NONE] a held one. Rights that the architecture
    /// cannot express alone bring the ones they need: write brings read, and on x86 anything brings read.
    long leaf(long pfn, Permissions permissions, int level);

    /// Returns the [#leaf] to be written to each of the [#CONTIGUOUS_PAGES] entries of a contiguous page.
    ///
    /// Preconditions: `pfn` is a multiple of that number.
    ///
    /// @throws UnsupportedOperationException where the architecture has no such page
    long contiguousLeaf(long pfn, Permissions permissions);

    /// Returns an entry that points at a table page.
    long table(long pfn);

    /// Returns whether entries that point at table pages carry rights of their own, which everything below is limited
    /// to (x86). Where they do not, only leaves say what is allowed (RISC-V).
    boolean guardsTables();

    /// Returns an entry that points at a table page and takes the right to write from everything below.
    ///
    /// @throws UnsupportedOperationException unless [#guardsTables]
    long guardedTable(long pfn);

    /// Returns the same leaf, its frame, accessed and dirty bits kept, with other rights.
    long withPermissions(long pte, Permissions permissions);

    long withAccessed(long pte);

    long withoutAccessed(long pte);

    long withDirty(long pte);

    long withoutDirty(long pte);

    long withGlobal(long pte);

    /// Returns the rights a leaf grants, [Permissions#NONE] for a held one.
    default Permissions permissions(long pte) {
        return isPresent(pte)
                ? new Permissions(isReadable(pte), isWritable(pte), isExecutable(pte), isUser(pte))
                : Permissions.NONE;
    }

    /// Returns the entry decoded. Allocates: not for hot paths.
    default PteState decode(long pte, int level) {
        if (isHeld(pte)) {
            return new PteState.Leaf(leafPfn(pte, level), Permissions.NONE, isAccessed(pte), isDirty(pte), level);
        }
        if (!isPresent(pte)) {
            return new PteState.Absent();
        }
        if (isReserved(pte, level) || (level == 0 && isTable(pte, level))) {
            return new PteState.Reserved(pte);
        }
        if (isTable(pte, level)) {
            return new PteState.Table(pfn(pte));
        }
        return isMisaligned(pte, level)
                ? new PteState.Reserved(pte)
                : new PteState.Leaf(leafPfn(pte, level), permissions(pte), isAccessed(pte), isDirty(pte), level);
    }
}
