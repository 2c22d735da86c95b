package sharewalk.kernel.fs.event;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.UserFault.UFFDIO_API;
import static sharewalk.abi.UserFault.UFFDIO_CONTINUE;
import static sharewalk.abi.UserFault.UFFDIO_CONTINUE_MODE_DONTWAKE;
import static sharewalk.abi.UserFault.UFFDIO_COPY;
import static sharewalk.abi.UserFault.UFFDIO_COPY_MODE_DONTWAKE;
import static sharewalk.abi.UserFault.UFFDIO_COPY_MODE_WP;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_MINOR;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_MISSING;
import static sharewalk.abi.UserFault.UFFDIO_REGISTER_MODE_WP;
import static sharewalk.abi.UserFault.UFFDIO_UNREGISTER;
import static sharewalk.abi.UserFault.UFFDIO_WAKE;
import static sharewalk.abi.UserFault.UFFDIO_WRITEPROTECT;
import static sharewalk.abi.UserFault.UFFDIO_WRITEPROTECT_MODE_DONTWAKE;
import static sharewalk.abi.UserFault.UFFDIO_WRITEPROTECT_MODE_WP;
import static sharewalk.abi.UserFault.UFFDIO_ZEROPAGE;
import static sharewalk.abi.UserFault.UFFDIO_ZEROPAGE_MODE_DONTWAKE;
import static sharewalk.abi.UserFault.UFFD_API;
import static sharewalk.abi.UserFault.UFFD_FEATURE_EXACT_ADDRESS;
import static sharewalk.abi.UserFault.UFFD_FEATURE_MINOR_SHMEM;
import static sharewalk.abi.UserFault.UFFD_FEATURE_MISSING_SHMEM;
import static sharewalk.abi.UserFault.UFFD_FEATURE_PAGEFAULT_FLAG_WP;
import static sharewalk.abi.UserFault.UFFD_FEATURE_WP_SHMEM;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongUnaryOperator;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.UserFaults;

/// The requests of a userfaultfd (ioctl_userfaultfd(2)): arguments checked, carried out, results written back.
final class UserFaultRequests {
    private static final long FEATURES = UFFD_FEATURE_PAGEFAULT_FLAG_WP
            | UFFD_FEATURE_MISSING_SHMEM
            | UFFD_FEATURE_MINOR_SHMEM
            | UFFD_FEATURE_EXACT_ADDRESS
            | UFFD_FEATURE_WP_SHMEM;
    private static final int MODES =
            UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP | UFFDIO_REGISTER_MODE_MINOR;
    private static final int RANGE_BYTES = 16;
    private static final int WORD = 8;

    private final UserFaultFile file;
    private final AddressSpace space;
    private final UserFaults faults;

    UserFaultRequests(UserFaultFile file, AddressSpace space) {
        this.file = file;
        this.space = space;
        this.faults = space.residency().userFaults();
    }

    long answer(int request, long argument, CallerMemory memory) {
        if (request != UFFDIO_API && !file.isEnabled()) {
            return -EINVAL;
        }
        // The size of the argument is part of the number.
        ByteBuffer words = ByteBuffer.allocate(request >>> 16 & 0x3fff).order(ByteOrder.LITTLE_ENDIAN);
        if (words.capacity() < RANGE_BYTES) {
            return -EINVAL;
        }
        if (memory.copyIn(argument, words.array()) != 0) {
            return -EFAULT;
        }
        long result = switch (request) {
            case UFFDIO_API -> enable(words);
            case UFFDIO_REGISTER -> register(words);
            case UFFDIO_UNREGISTER -> onRange(words, () -> faults.unregister(file, start(words), end(words)));
            case UFFDIO_WAKE -> onRange(words, () -> {});
            case UFFDIO_COPY -> copy(words, memory);
            case UFFDIO_ZEROPAGE ->
                pageByPage(words, UFFDIO_ZEROPAGE_MODE_DONTWAKE, page -> faults.supply(page, null, false));
            case UFFDIO_CONTINUE -> pageByPage(words, UFFDIO_CONTINUE_MODE_DONTWAKE, faults::proceed);
            case UFFDIO_WRITEPROTECT -> protect(words);
            default -> -EINVAL;
        };
        boolean hasAnswer = request != UFFDIO_UNREGISTER && request != UFFDIO_WAKE && request != UFFDIO_WRITEPROTECT;
        return hasAnswer && memory.copyOut(argument, words.array()) != 0 ? -EFAULT : result;
    }

    private static long start(ByteBuffer words) {
        return words.getLong(0);
    }

    private static long end(ByteBuffer words) {
        return words.getLong(0) + words.getLong(WORD);
    }

    /// validate_range.
    private boolean isRange(long start, long sizeBytes) {
        return ((start | sizeBytes) & FRAME_BYTES - 1) == 0
                && sizeBytes > 0
                && start >= 0
                && start < space.end()
                && sizeBytes <= space.end() - start;
    }

    private long enable(ByteBuffer words) {
        boolean isKnown = words.getLong(0) == UFFD_API && (words.getLong(WORD) & ~FEATURES) == 0;
        if (!isKnown || !file.enable(words.getLong(WORD))) {
            words.putLong(0, 0).putLong(WORD, 0).putLong(2 * WORD, 0);
            return -EINVAL;
        }
        // _UFFDIO_REGISTER, _UFFDIO_UNREGISTER, _UFFDIO_API.
        words.putLong(WORD, FEATURES).putLong(2 * WORD, 1L << 0x3f | 1 << 1 | 1);
        return 0;
    }

    private long register(ByteBuffer words) {
        long modes = words.getLong(RANGE_BYTES);
        if (modes == 0 || (modes & ~MODES) != 0 || !isRange(start(words), words.getLong(WORD))) {
            return -EINVAL;
        }
        long result = faults.register(file, start(words), end(words), (int) modes);
        if (result == 0) {
            long requests = 1 << 2 | 1 << 3 | 1 << 4;
            requests |= (modes & UFFDIO_REGISTER_MODE_WP) != 0 ? 1 << 6 : 0;
            requests |= (modes & UFFDIO_REGISTER_MODE_MINOR) != 0 ? 1 << 7 : 0;
            words.putLong(RANGE_BYTES + WORD, requests);
        }
        return result;
    }

    private long onRange(ByteBuffer words, Runnable action) {
        if (!isRange(start(words), words.getLong(WORD))) {
            return -EINVAL;
        }
        action.run();
        file.wake(start(words), end(words));
        return 0;
    }

    private long copy(ByteBuffer words, CallerMemory memory) {
        long source = words.getLong(WORD);
        long sizeBytes = words.getLong(2 * WORD);
        long mode = words.getLong(3 * WORD);
        if (!isRange(start(words), sizeBytes) || (mode & ~(UFFDIO_COPY_MODE_DONTWAKE | UFFDIO_COPY_MODE_WP)) != 0) {
            return -EINVAL;
        }
        long start = start(words);
        byte[] bytes = new byte[FRAME_BYTES];
        long done = each(start, start + sizeBytes, page -> {
            if (memory.copyIn(source + page - start, bytes) != 0) {
                return -EFAULT;
            }
            return faults.supply(page, bytes, (mode & UFFDIO_COPY_MODE_WP) != 0);
        });
        words.putLong(4 * WORD, done);
        return finish(start, sizeBytes, done, (mode & UFFDIO_COPY_MODE_DONTWAKE) == 0);
    }

    private long pageByPage(ByteBuffer words, int dontWake, LongUnaryOperator onPage) {
        long sizeBytes = words.getLong(WORD);
        long mode = words.getLong(RANGE_BYTES);
        if (!isRange(start(words), sizeBytes) || (mode & ~dontWake) != 0) {
            return -EINVAL;
        }
        long done = each(start(words), end(words), onPage);
        words.putLong(RANGE_BYTES + WORD, done);
        return finish(start(words), sizeBytes, done, (mode & dontWake) == 0);
    }

    /// Returns the bytes done before the first error, or that error when there are none.
    private static long each(long start, long end, LongUnaryOperator onPage) {
        for (long page = start; page < end; page += FRAME_BYTES) {
            long error = onPage.applyAsLong(page);
            if (error < 0) {
                return page == start ? error : page - start;
            }
        }
        return end - start;
    }

    private long finish(long start, long sizeBytes, long done, boolean wakes) {
        if (done > 0 && wakes) {
            file.wake(start, start + done);
        }
        if (done < 0) {
            return done;
        }
        return done == sizeBytes ? 0 : -EAGAIN;
    }

    private long protect(ByteBuffer words) {
        long mode = words.getLong(RANGE_BYTES);
        boolean isProtected = (mode & UFFDIO_WRITEPROTECT_MODE_WP) != 0;
        boolean isQuiet = (mode & UFFDIO_WRITEPROTECT_MODE_DONTWAKE) != 0;
        boolean isKnown = (mode & ~(UFFDIO_WRITEPROTECT_MODE_WP | UFFDIO_WRITEPROTECT_MODE_DONTWAKE)) == 0;
        if (!isRange(start(words), words.getLong(WORD)) || !isKnown || (isProtected && isQuiet)) {
            return -EINVAL;
        }
        long result = faults.protect(start(words), end(words), isProtected);
        if (result == 0 && !isProtected && !isQuiet) {
            file.wake(start(words), end(words));
        }
        return result;
    }
}
