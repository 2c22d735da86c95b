package sharewalk.mmu.walk;

import sharewalk.mmu.paging.AccessType;

/// The processor state that an access is checked against, as a set of flags.
public record WalkMode(int flags) {
    /// The access comes from user mode; otherwise from supervisor mode.
    public static final int USER = 1;

    /// Supervisor mode may load from and store to user pages (RISC-V `SUM`; x86 unless SMAP forbids it).
    public static final int SUPERVISOR_USER_DATA = 2;

    /// Supervisor mode may fetch from user pages (x86 without SMEP; never on RISC-V).
    public static final int SUPERVISOR_USER_FETCH = 4;

    /// Loads may read pages that are only executable (RISC-V `MXR`).
    public static final int MAKE_EXECUTABLE_READABLE = 8;

    /// x86 bit 63 of an entry forbids fetches (`EFER.NXE`); without it the bit is reserved.
    public static final int NO_EXECUTE = 16;

    /// Supervisor stores need the right to write (x86 `CR0.WP`; always on RISC-V).
    public static final int WRITE_PROTECT = 32;

    /// Hardware sets accessed and dirty bits (RISC-V Svadu; x86 always). Without it a missing one is a fault (Svade).
    public static final int HARDWARE_UPDATE = 64;

    /// x86 leaves may be global (`CR4.PGE`); always on RISC-V.
    public static final int GLOBAL_PAGES = 256;

    /// The walk looks only: no accessed or dirty bit is written and no walk cache changes. The answer is the same.
    public static final int PURE = 128;

    /// A pure walk changes the walk cache all the same, as if it were made in earnest.
    public static final int KEEPING = 512;

    /// User mode as both ISAs' Linux runs it, with hardware updates.
    public static final WalkMode USER_MODE =
            new WalkMode(USER | NO_EXECUTE | WRITE_PROTECT | GLOBAL_PAGES | HARDWARE_UPDATE);

    /// Supervisor mode with the same settings and no way to user pages.
    public static final WalkMode SUPERVISOR_MODE =
            new WalkMode(NO_EXECUTE | WRITE_PROTECT | GLOBAL_PAGES | HARDWARE_UPDATE);

    /// Returns this mode with the given flags set.
    public WalkMode with(int more) {
        return new WalkMode(flags | more);
    }

    /// Returns this mode with the given flags clear.
    public WalkMode without(int less) {
        return new WalkMode(flags & ~less);
    }

    /// Returns whether all the given flags are set.
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /// Returns whether a page with these [Rights] may be accessed.
    public boolean permits(int rights, AccessType access) {
        if ((flags & (USER | MAKE_EXECUTABLE_READABLE)) == USER) {
            int needed = Rights.USER | right(access);
            return (rights & needed) == needed;
        }
        return permitsOwner(rights, access) && permitsKind(rights, access);
    }

    private boolean permitsOwner(int rights, AccessType access) {
        boolean userPage = (rights & Rights.USER) != 0;
        if (has(USER) || !userPage) {
            return has(USER) == userPage;
        }
        return has(access == AccessType.FETCH ? SUPERVISOR_USER_FETCH : SUPERVISOR_USER_DATA);
    }

    private boolean permitsKind(int rights, AccessType access) {
        if ((rights & right(access)) != 0) {
            return true;
        }
        return switch (access) {
            case LOAD -> has(MAKE_EXECUTABLE_READABLE) && (rights & Rights.EXECUTE) != 0;
            case STORE -> !has(USER) && !has(WRITE_PROTECT);
            case FETCH -> false;
        };
    }

    private static int right(AccessType access) {
        return switch (access) {
            case LOAD -> Rights.READ;
            case STORE -> Rights.WRITE;
            case FETCH -> Rights.EXECUTE;
        };
    }
}
