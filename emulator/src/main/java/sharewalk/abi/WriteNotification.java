package sharewalk.abi;

/// The numbers and the layout of write notification (`--notify write`), which is Sharewalk's own.
public final class WriteNotification {
    /// Mode of notify_protect: an event for the descriptor; the writer waits.
    public static final int NOTIFY_WAIT = 0;
    /// Mode of notify_protect: SIGSEGV to the writer, with [Signals#SEGV_WRITE_NOTIFY].
    public static final int NOTIFY_SIGNAL = 1;

    /// Kind of an event: a store to a mapping.
    public static final int NOTIFY_STORE = 1;
    /// Kind of an event: write(2) or a relative of it.
    public static final int NOTIFY_WRITE = 2;

    /// The size of an event: `u64 offset` of the page in its file, `u64 cookie` of the range, `u64 address` of the
    /// store or 0, `u32 kind`, `u32 pid` of the writer.
    public static final int EVENT_BYTES = 32;

    private WriteNotification() {}
}
