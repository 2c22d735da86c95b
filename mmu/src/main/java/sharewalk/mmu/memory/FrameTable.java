package sharewalk.mmu.memory;

import java.util.Arrays;

/// A record of what each frame of RAM is: its use, the references to it, whether code was fetched from it, and for a
/// table page its level and owner. The frames of a superpage have their references together, whichever of them is
/// named. Only [FrameAllocator] changes uses, references and owners.
public final class FrameTable {
    /// The owner of a frame that has none.
    public static final int NO_OWNER = 0;

    private static final int LEVEL_BITS = 9;

    private final FrameUse[] uses;
    private final byte[] levels;
    private final int[] references;
    private final int[] owners;
    private final boolean[] heldCode;
    private int lastOwner = NO_OWNER;

    private FrameTable(int frames) {
        uses = new FrameUse[frames];
        Arrays.fill(uses, FrameUse.FREE);
        levels = new byte[frames];
        references = new int[frames];
        owners = new int[frames];
        heldCode = new boolean[frames];
    }

    /// Returns the table of a RAM in which nothing but frame 0 is taken.
    public static FrameTable of(PhysicalMemory memory) {
        FrameTable table = new FrameTable(Math.toIntExact(memory.sizeBytes() >>> PhysicalMemory.FRAME_SHIFT));
        table.uses[0] = FrameUse.RESERVED;
        return table;
    }

    /// Returns an id, not given out before, by which the owner of table pages is known.
    public int newOwner() {
        return ++lastOwner;
    }

    /// Returns the number of frames, whatever their use.
    public int frames() {
        return uses.length;
    }

    public FrameUse use(long pfn) {
        return uses[index(pfn)];
    }

    /// Returns the number of references, to the whole superpage if the frame is part of one; 0 for a free frame.
    public int references(long pfn) {
        return references[index(head(pfn))];
    }

    /// Returns the level of a table page, or of the leaf that maps the whole superpage that a frame is part of.
    public int level(long pfn) {
        return levels[index(pfn)];
    }

    /// Returns the first frame of the superpage that a frame is part of; of other frames the frame itself.
    public long head(long pfn) {
        int index = index(pfn);
        return uses[index] == FrameUse.TABLE ? pfn : pfn & -framesOf(levels[index]);
    }

    /// Returns the number of frames that a leaf of a level maps, which is the same in every paging mode.
    public static long framesOf(int level) {
        return 1L << level * LEVEL_BITS;
    }

    /// Returns the id that a table page was allocated for, [#NO_OWNER] for other frames.
    public int owner(long pfn) {
        return owners[index(pfn)];
    }

    /// Returns whether code was fetched from the frame since it was handed out or since its code was discarded.
    public boolean heldCode(long pfn) {
        return heldCode[index(pfn)];
    }

    /// Notes that code is fetched from the frame.
    public void markCode(long pfn) {
        heldCode[index(pfn)] = true;
    }

    /// Notes that everything translated from the frame has been forgotten.
    public void clearCode(long pfn) {
        heldCode[index(pfn)] = false;
    }

    void setOwner(long pfn, int owner) {
        int index = index(pfn);
        if (uses[index] != FrameUse.TABLE) {
            throw new IllegalStateException("frame %#x is %s, no table page".formatted(pfn, use(pfn)));
        }
        owners[index] = owner;
    }

    void take(int pfn, FrameUse use, int level, int owner) {
        uses[pfn] = use;
        levels[pfn] = (byte) level;
        owners[pfn] = owner;
        references[pfn] = 1;
    }

    /// Puts a kept superpage that nobody refers to into use again.
    void reuse(long head) {
        requireUnused(head);
        references[index(head)] = 1;
    }

    void requireUnused(long head) {
        if (use(head) != FrameUse.KEPT || head(head) != head || references(head) != 0) {
            throw new IllegalStateException("frame %#x is no unused superpage".formatted(head));
        }
    }

    void free(int pfn) {
        uses[pfn] = FrameUse.FREE;
        levels[pfn] = 0;
        owners[pfn] = NO_OWNER;
        references[pfn] = 0;
    }

    /// Returns the new number of references.
    int addReferences(long pfn, int delta) {
        int index = index(head(pfn));
        if (references[index] == 0) {
            throw new IllegalStateException("frame %#x is %s, not in use".formatted(pfn, use(pfn)));
        }
        references[index] = Math.addExact(references[index], delta);
        return references[index];
    }

    private int index(long pfn) {
        if (pfn < 0 || pfn >= uses.length) {
            throw new IndexOutOfBoundsException("frame %#x outside RAM of %d frames".formatted(pfn, uses.length));
        }
        return (int) pfn;
    }
}
