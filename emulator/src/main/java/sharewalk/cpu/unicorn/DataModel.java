package sharewalk.cpu.unicorn;

import sharewalk.mmu.paging.AccessType;

/// The modelled data accesses of a hart, in the order the engine makes them.
///
/// An access that crosses a page boundary touches the model once for each page, first byte first, and the second page
/// never takes the place of the first: a hart needs both translations to finish the access. That can happen only where
/// neighbouring pages share a set, in a TLB of one set.
final class DataModel {
    private static final long PAGE_BYTES = 4096;

    private final ModelledAccesses model;
    private final CurrentInstruction instruction;
    private final boolean neighboursShareSet;

    DataModel(ModelledAccesses model, CurrentInstruction instruction, boolean neighboursShareSet) {
        this.model = model;
        this.instruction = instruction;
        this.neighboursShareSet = neighboursShareSet;
    }

    /// Makes one access to one page; returns the answer of [Mmu#translate].
    long access(long virtAddr, AccessType access) {
        if (neighboursShareSet) {
            long page = virtAddr & -PAGE_BYTES;
            long before = page - PAGE_BYTES;
            if (model.mmu().isNextVictim(page, before) && instruction.mayStraddle(page)) {
                return model.makeKeeping(virtAddr, access, before);
            }
        }
        return model.make(virtAddr, access);
    }

    /// Returns the kind of access a read is: a store at an instruction that writes its operand back.
    AccessType kindOfRead() {
        return instruction.isReadModifyWrite() ? AccessType.STORE : AccessType.LOAD;
    }
}
