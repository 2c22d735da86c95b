package sharewalk.kernel.fs;

/// Who asks: user and group, as permission checks see them.
public record Credentials(int uid, int gid) {
    /// The superuser, as whom guests run.
    public static final Credentials ROOT = new Credentials(0, 0);

    /// A permission bit of the lowest (others) triple: execute, or search for a directory.
    public static final int EXECUTE = 1;

    /// A permission bit: write.
    public static final int WRITE = 2;

    /// A permission bit: read.
    public static final int READ = 4;

    /// Tells whether an inode grants all the rights asked for (path_resolution(7), "Permissions").
    ///
    /// The superuser may do everything but execute a file that nobody may execute.
    public boolean mayAccess(Inode inode, int rights) {
        int permissions = inode.permissions();
        if (uid == 0) {
            return (rights & EXECUTE) == 0 || inode instanceof Directory || (permissions & 0111) != 0;
        }
        int shift = inode.uid() == uid ? 6 : inode.gid() == gid ? 3 : 0;
        return (permissions >> shift & rights) == rights;
    }

    /// Tells whether the mode or times of an inode are these credentials' to change.
    public boolean owns(Inode inode) {
        return uid == 0 || inode.uid() == uid;
    }
}
