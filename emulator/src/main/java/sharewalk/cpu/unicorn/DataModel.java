package sharewalk.cpu.unicorn;

import sharewalk.mmu.paging.AccessType;

/// The modelled data accesses of a hart, in the order the engine makes them.
///
/// An access that crosses a page boundary touches the model once for each page, first byte first, and the second page
/// never takes the place of the first: a hart needs both translations to finish the access. That can happen only where
/// neighbouring pages share a set: in an array of one set, or where one of the two is a superpage.
final class DataModel {
    private static final long PAGE_BYTES = 4096;

    private final ModelledAccesses model;
    private final CurrentInstruction instruction;
    private final long boundaryMask;

    /// Creates the data accesses of a hart.
    ///
    /// @param boundaryBytes a page shares a set with the one before it only at multiples of this power of two
    DataModel(ModelledAccesses model, CurrentInstruction instruction, long boundaryBytes) {
        this.model = model;
        this.instruction = instruction;
        this.boundaryMask = boundaryBytes - PAGE_BYTES;
    }

    /// Makes one access to one page; returns the answer of [Mmu#translate].
    long access(long virtAddr, AccessType access) {
        if ((virtAddr & boundaryMask) == 0) {
            long page = virtAddr & -PAGE_BYTES;
            long before = page - PAGE_BYTES;
            if (model.mmu().isNextVictim(page, before) && instruction.mayStraddle(page)) {
                return model.makeKeeping(virtAddr, access, before);
            }
        }
        return model.make(virtAddr, access);
    }

    /// Returns whether the instruction may matter to an access to a page: whether the access may have crossed into it
    /// and would drop the page it began in.
    boolean mayNeedInstruction(long virtPage) {
        return (virtPage & boundaryMask) == 0 && model.mmu().isNextVictim(virtPage, virtPage - PAGE_BYTES);
    }

    /// Returns the kind of access a read is: a store at an instruction that writes its operand back.
    AccessType kindOfRead() {
        return instruction.isReadModifyWrite() ? AccessType.STORE : AccessType.LOAD;
    }
}
