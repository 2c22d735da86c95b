package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.wait.WaitQueue;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;

/// The kernel's access to a process's memory: with the rights the process has, faulting pages in, which counts as the
/// process's faults. It goes by the page table and leaves the harts' translations alone.
public final class UserMemory {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    /// A page is looked for once before and once after each fault; a window needs two faults.
    private static final int MOST_FAULTS = 4;

    private final AddressSpace space;
    private @Nullable WaitQueue awaited;

    UserMemory(AddressSpace space) {
        this.space = space;
    }

    /// Copies from the process; returns the number of bytes before the first one that cannot be read.
    public int read(long virtAddr, byte[] into, int offset, int sizeBytes) {
        int done = 0;
        while (done < sizeBytes) {
            long physAddr = physAddr(virtAddr + done, AccessType.LOAD);
            if (physAddr < 0) {
                return done;
            }
            int part = Math.min(sizeBytes - done, untilPageEnd(physAddr));
            space.context().memory().read(physAddr, into, offset + done, part);
            done += part;
        }
        return done;
    }

    /// Copies to the process; returns the number of bytes before the first one that cannot be written.
    public int write(long virtAddr, byte[] from, int offset, int sizeBytes) {
        int done = 0;
        while (done < sizeBytes) {
            long physAddr = physAddr(virtAddr + done, AccessType.STORE);
            if (physAddr < 0) {
                return done;
            }
            int part = Math.min(sizeBytes - done, untilPageEnd(physAddr));
            space.context().aboutToWrite(physAddr >>> PAGE_SHIFT);
            space.context().memory().write(physAddr, from, offset + done, part);
            done += part;
        }
        return done;
    }

    /// Returns bytes of the process, or null when not all can be read.
    public byte @Nullable [] read(long virtAddr, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        return read(virtAddr, bytes, 0, sizeBytes) == sizeBytes ? bytes : null;
    }

    /// Copies to the process; returns whether all could be written.
    public boolean write(long virtAddr, byte[] bytes) {
        return write(virtAddr, bytes, 0, bytes.length) == bytes.length;
    }

    public OptionalLong read64(long virtAddr) {
        byte[] bytes = read(virtAddr, Long.BYTES);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of((long) LONGS.get(bytes, 0));
    }

    public OptionalInt read32(long virtAddr) {
        byte[] bytes = read(virtAddr, Integer.BYTES);
        return bytes == null ? OptionalInt.empty() : OptionalInt.of((int) INTS.get(bytes, 0));
    }

    /// Returns whether the value could be written.
    public boolean write64(long virtAddr, long value) {
        byte[] bytes = new byte[Long.BYTES];
        LONGS.set(bytes, 0, value);
        return write(virtAddr, bytes);
    }

    /// Returns whether the value could be written.
    public boolean write32(long virtAddr, int value) {
        byte[] bytes = new byte[Integer.BYTES];
        INTS.set(bytes, 0, value);
        return write(virtAddr, bytes);
    }

    /// Returns the bytes before the first NUL; `mostBytes` bytes when there is none among them; null when a byte before
    /// it cannot be read.
    public byte @Nullable [] readString(long virtAddr, int mostBytes) {
        byte[] bytes = new byte[Math.min(mostBytes, 256)];
        int done = 0;
        while (done < mostBytes) {
            if (done == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(mostBytes, bytes.length * 2));
            }
            long next = virtAddr + done;
            int part = Math.min(bytes.length - done, untilPageEnd(next));
            int got = read(next, bytes, done, part);
            for (int i = done; i < done + got; i++) {
                if (bytes[i] == 0) {
                    return Arrays.copyOf(bytes, i);
                }
            }
            if (got < part) {
                return null;
            }
            done += got;
        }
        return Arrays.copyOf(bytes, mostBytes);
    }

    /// Returns the queue that an access would have had to wait in which failed with EFAULT instead, since the last
    /// call; null for none.
    public @Nullable WaitQueue takeAwaited() {
        WaitQueue queue = awaited;
        awaited = null;
        return queue;
    }

    /// Returns where in RAM a byte of the process lies once the access has been allowed and faulted in, or -EFAULT.
    public long physAddr(long virtAddr, AccessType access) {
        if (virtAddr < 0 || virtAddr >= space.end()) {
            return -EFAULT;
        }
        for (int faults = 0; faults <= MOST_FAULTS; faults++) {
            long pte = space.table().hardwareCursor().pteAt(virtAddr);
            if (grants(pte, access)) {
                mark(virtAddr, pte, access);
                return space.table().hardwareCursor().frameAt(virtAddr) << PAGE_SHIFT | virtAddr & (PAGE_BYTES - 1);
            }
            FaultOutcome outcome = space.fault(virtAddr, access);
            if (outcome instanceof FaultOutcome.OutOfMemory) {
                space.outOfMemory();
            }
            if (outcome instanceof FaultOutcome.Waits(WaitQueue queue)) {
                awaited = queue;
            }
            if (!outcome.isRetry()) {
                return -EFAULT;
            }
        }
        throw new IllegalStateException("faults at %#x resolve nothing".formatted(virtAddr));
    }

    private boolean grants(long pte, AccessType access) {
        PteFormat format = space.format();
        if (!format.isPresent(pte) || isMarkMissing(pte, access)) {
            return false;
        }
        return switch (access) {
            case LOAD -> format.isReadable(pte);
            case STORE -> format.isWritable(pte);
            case FETCH -> format.isExecutable(pte);
        };
    }

    /// Returns whether hardware would fault for an accessed or dirty bit.
    private boolean isMarkMissing(long pte, AccessType access) {
        PteFormat format = space.format();
        return !space.context().hardwareUpdates()
                && (!format.isAccessed(pte) || (access == AccessType.STORE && !format.isDirty(pte)));
    }

    /// Leaves the traces that the hardware would. Below a shared subtree that has a host only that may write: those
    /// stay as the fault has set them.
    private void mark(long virtAddr, long pte, AccessType access) {
        PteFormat format = space.format();
        long marked = format.withAccessed(access == AccessType.STORE ? format.withDirty(pte) : pte);
        TableCursor cursor = space.table().hardwareCursor();
        if (marked != pte && isEditable(cursor.attachedAt(virtAddr))) {
            space.context().shootdown().redeemUnseen(cursor.edit(virtAddr, (_, _, _) -> marked));
        }
    }

    private static boolean isEditable(@Nullable SharedSubtree above) {
        return above == null || above.host() == null;
    }

    private static int untilPageEnd(long address) {
        return PAGE_BYTES - (int) (address & (PAGE_BYTES - 1));
    }
}
