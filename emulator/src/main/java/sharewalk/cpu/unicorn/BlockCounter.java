package sharewalk.cpu.unicorn;

import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.paging.AccessType;
import unicorn.Engine;
import unicorn.RawBlock;

/// The counter of retired instructions, which also feeds the modelled L1I and ends time slices.
///
/// It sees every block entry, by [BlockStub] or by an upcall. A block's first page, then its last one if it crosses, is
/// fetched at block entry, before anything of the block is counted.
final class BlockCounter implements RawBlock {
    /// The answer of [#hostDependentAt()] while there is none.
    static final long NOWHERE = -1;

    private static final int PAGE_SHIFT = 12;
    private static final long PAGE_BYTES = 1L << PAGE_SHIFT;

    private final Engine engine;
    private final ModelledAccesses model;
    private final GuestCode code;
    private final InstructionDecoder decoder;
    private final BlockState state;
    private final QuietCodePages quietPages;
    private final boolean everyFetchSeen;
    private long hostDependentAt = NOWHERE;
    private long fetchFault;
    private long settledRepetitions;

    /// Creates a counter.
    ///
    /// @param everyFetchSeen whether fetches that cannot change the modelled L1I are told to it all the same
    BlockCounter(
            Engine engine,
            ModelledAccesses model,
            GuestCode code,
            InstructionDecoder decoder,
            QuietCodePages quietPages,
            boolean everyFetchSeen) {
        this.engine = engine;
        this.model = model;
        this.code = code;
        this.decoder = decoder;
        this.state = quietPages.state();
        this.quietPages = quietPages;
        this.everyFetchSeen = everyFetchSeen;
    }

    /// Takes one block entry that the machine code could not deal with.
    @Override
    public void enter(long virtAddr, int sizeBytes) {
        long slot = BlockTable.slotOf(virtAddr);
        boolean mayRun = Long.compareUnsigned(state.total(), state.limit()) < 0
                && (state.table().holds(slot, virtAddr, sizeBytes) || learn(slot, virtAddr, sizeBytes))
                && fetch(virtAddr, sizeBytes);
        if (mayRun) {
            count(slot, virtAddr);
        } else {
            int ignored = engine.emuStop();
        }
    }

    private boolean learn(long slot, long virtAddr, int sizeBytes) {
        byte[] bytes = code.bytes();
        int end = code.read(virtAddr, sizeBytes);
        int instructions = 0;
        long repeatAt = BlockTable.NO_REPEAT;
        boolean mayWriteBack = end < sizeBytes;
        int length;
        for (int offset = 0; offset < end; offset += length) {
            if (decoder.isHostDependent(bytes, offset, end)) {
                hostDependentAt = virtAddr + offset;
                return false;
            }
            instructions++;
            length = decoder.length(bytes, offset, end);
            if (length == 0) {
                mayWriteBack = true;
                break;
            }
            mayWriteBack |= decoder.isReadModifyWrite(bytes, offset, end);
            if (offset + length == end && decoder.isRepeated(bytes, offset, end)) {
                repeatAt = virtAddr + offset;
            }
        }
        state.table().put(slot, virtAddr, sizeBytes, instructions, repeatAt, mayWriteBack);
        return true;
    }

    private boolean fetch(long virtAddr, int sizeBytes) {
        long last = virtAddr + sizeBytes - 1;
        if (!fetchPage(virtAddr)) {
            return false;
        }
        return (virtAddr ^ last) >>> PAGE_SHIFT == 0 || fetchPage(last & -PAGE_BYTES);
    }

    private boolean fetchPage(long virtAddr) {
        long translation = model.make(virtAddr, AccessType.FETCH);
        if (translation < 0) {
            fetchFault = translation;
            return false;
        }
        if (!everyFetchSeen) {
            quietPages.add(virtAddr);
        }
        return true;
    }

    private void count(long slot, long virtAddr) {
        BlockTable table = state.table();
        long instructions = table.instructions(slot);
        if (virtAddr == state.repeatAt()) {
            instructions--;
            state.setRepeated(state.repeated() + 1);
        }
        state.addTotal(instructions);
        quietPages.counters().at(virtAddr).record(Counter.INSTRUCTIONS, instructions);
        state.setRepeatAt(table.repeatAt(slot));
        state.enterBlock(slot);
    }

    /// Brings the counters up to date with what the machine code has counted.
    void settle() {
        quietPages.settle();
        long repetitions = state.repeated() - settledRepetitions;
        if (repetitions != 0) {
            quietPages.counters().other().record(Counter.REP_ITERATIONS, repetitions);
            settledRepetitions = state.repeated();
        }
    }

    /// Counts in `next` from now on; what was counted before stays where it was.
    void chargeTo(CounterMap next) {
        settle();
        quietPages.chargeTo(next);
    }

    /// Forgets what belongs to the address space left.
    void switchTo(BlockTable table) {
        quietPages.allNoLongerQuiet();
        if (state.table() != table) {
            state.useTable(table);
        }
        state.leaveBlock();
    }

    /// Takes back the instructions of the current block from `pc` on, which did not retire.
    void retireUpTo(long pc) {
        if (!state.inBlock()) {
            return;
        }
        long slot = state.currentSlot();
        long virtAddr = state.table().virtAddr(slot);
        long notRetired = state.table().instructions(slot) - instructionsBefore(pc, slot);
        state.addTotal(-notRetired);
        quietPages.counters().at(virtAddr).record(Counter.INSTRUCTIONS, -notRetired);
        finishBlock();
    }

    /// Leaves the current block: nothing more of it is to be taken back. Where the next block cannot be fetched, all of
    /// this one has retired, even if the next begins within it.
    void finishBlock() {
        endRepetition();
        state.leaveBlock();
    }

    /// Returns the instructions retired when the instruction at `pc`, in the block being run, is about to.
    long retiredBefore(long pc) {
        if (!state.inBlock()) {
            return state.total();
        }
        long slot = state.currentSlot();
        return state.total() - state.table().instructions(slot) + instructionsBefore(pc, slot);
    }

    private long instructionsBefore(long pc, long slot) {
        long virtAddr = state.table().virtAddr(slot);
        int sizeBytes = state.table().sizeBytes(slot);
        if (Long.compareUnsigned(pc - virtAddr, sizeBytes) >= 0) {
            return state.table().instructions(slot);
        }
        return instructionsIn(virtAddr, (int) (pc - virtAddr));
    }

    /// Returns the number of whole instructions in the first `sizeBytes` bytes from an address on.
    long instructionsIn(long virtAddr, int sizeBytes) {
        int end = code.read(virtAddr, sizeBytes);
        long instructions = 0;
        int length;
        for (int offset = 0; offset < end; offset += length) {
            length = decoder.length(code.bytes(), offset, end);
            if (length == 0) {
                break;
            }
            instructions++;
        }
        return instructions;
    }

    /// Counts an instruction that was emulated outside the engine.
    void countEmulated(long virtAddr) {
        state.addTotal(1);
        quietPages.counters().at(virtAddr).record(Counter.INSTRUCTIONS);
        state.leaveBlock();
    }

    /// Makes the next entry of a repeated string instruction a new one: the program counter was set from outside.
    void endRepetition() {
        state.setRepeatAt(BlockTable.NO_REPEAT);
    }

    /// Returns the string instruction being repeated, or [BlockTable#NO_REPEAT].
    long repeatAt() {
        return state.repeatAt();
    }

    /// Goes on with a string instruction that was being repeated when its task was switched away.
    void resumeRepetition(long virtAddr) {
        state.setRepeatAt(virtAddr);
    }

    long total() {
        return state.total();
    }

    /// Lets blocks begin until `total` instructions have been counted.
    void setLimit(long total) {
        state.setLimit(total);
        hostDependentAt = NOWHERE;
        fetchFault = 0;
    }

    boolean limitReached() {
        return Long.compareUnsigned(state.total(), state.limit()) >= 0;
    }

    /// Returns the instruction that must be emulated and for which a block was stopped, or [#NOWHERE].
    long hostDependentAt() {
        return hostDependentAt;
    }

    /// Returns the negative answer of the MMU for which a block was stopped, or 0.
    long fetchFault() {
        return fetchFault;
    }

    /// Forgets why the last block was stopped.
    void clearStop() {
        hostDependentAt = NOWHERE;
        fetchFault = 0;
    }
}
