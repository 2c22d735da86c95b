package sharewalk.mmu.paging;

/// The rights that a leaf entry grants. `user` says whether user mode has them at all.
public record Permissions(boolean read, boolean write, boolean execute, boolean user) {
    /// No right at all: the page is kept, but every access to it faults (`PROT_NONE`).
    public static final Permissions NONE = new Permissions(false, false, false, false);

    public static final Permissions USER_READ = ofUser(true, false, false);
    public static final Permissions USER_READ_WRITE = ofUser(true, true, false);
    public static final Permissions USER_READ_EXECUTE = ofUser(true, false, true);
    public static final Permissions USER_READ_WRITE_EXECUTE = ofUser(true, true, true);

    /// Returns the given rights for user mode, or [#NONE] when there are none.
    public static Permissions ofUser(boolean read, boolean write, boolean execute) {
        return read || write || execute ? new Permissions(read, write, execute, true) : NONE;
    }

    /// Returns whether no access of any kind is allowed.
    public boolean isNone() {
        return !read && !write && !execute;
    }

    /// Returns these rights without the right to write.
    public Permissions withoutWrite() {
        return new Permissions(read, false, execute, user);
    }

    /// Returns whether every right of `other` is also granted here.
    public boolean covers(Permissions other) {
        return (read || !other.read)
                && (write || !other.write)
                && (execute || !other.execute)
                && (user || !other.user || other.isNone());
    }

    @Override
    public String toString() {
        return (read ? "r" : "-") + (write ? "w" : "-") + (execute ? "x" : "-") + (user ? "u" : "-");
    }
}
