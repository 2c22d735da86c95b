package sharewalk.cpu.unicorn;

import sharewalk.mmu.Mmu;
import sharewalk.mmu.paging.AccessType;
import unicorn.RawMem;
import unicorn.UnicornConst;

/// The exhaustive mode's view of data: every access of the engine is told to the model.
///
/// An access whose translation would fail is left out: the engine's own check refuses it right after, and [SoftTlb]
/// tells the model then.
final class AccessHook implements RawMem {
    private static final long PAGE_BYTES = 4096;

    private final Mmu mmu;
    private final DataModel data;
    private final FrameAddresses addresses;

    AccessHook(Mmu mmu, DataModel data, FrameAddresses addresses) {
        this.mmu = mmu;
        this.data = data;
        this.addresses = addresses;
    }

    @Override
    public void access(int type, long address, int sizeBytes, long value) {
        AccessType access = type == UnicornConst.UC_MEM_READ ? data.kindOfRead() : AccessType.STORE;
        long virtAddr = addresses.virtAddr(address);
        touch(virtAddr, access);
        long last = virtAddr + sizeBytes - 1;
        if ((virtAddr ^ last) >= PAGE_BYTES) {
            touch(last & -PAGE_BYTES, access);
        }
    }

    private void touch(long virtAddr, AccessType access) {
        if (mmu.peek(virtAddr, access) >= 0) {
            long ignored = data.access(virtAddr, access);
        }
    }
}
