package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.FileMode.S_IALLUGO;

/// A file of any kind: what stat(2) tells of it, and how it is opened.
///
/// It lives while it has a name or a reference (an open file, a working directory, a mapping); then it gives up
/// what it holds. The kinds are closed, each kind is open to file systems. An
/// inode is equal to itself alone.
public abstract sealed class Inode permits RegularFile, Directory, SymbolicLink, CharacterDevice, Fifo, AnonymousNode {
    private final FileSystem fileSystem;
    private final long number;
    private int permissions;
    private long links;
    private int references;
    private int uid;
    private int gid;
    private long accessTime;
    private long modifyTime;
    private long changeTime;

    Inode(FileSystem fileSystem, int permissions, long links) {
        this.links = links;
        this.fileSystem = fileSystem;
        this.number = fileSystem.nextInodeNumber();
        this.permissions = permissions & S_IALLUGO;
        long now = fileSystem.now();
        this.accessTime = now;
        this.modifyTime = now;
        this.changeTime = now;
    }

    /// Returns the file type: a constant `S_IF...` of `FileMode`.
    public abstract int type();

    /// Returns what reading and writing an open file of this inode do; permissions have been checked.
    ///
    /// The flags are those of open(2).
    public abstract Outcome<FileOperations> open(int flags);

    /// Returns the size stat(2) tells.
    public long sizeBytes() {
        return 0;
    }

    /// Returns the size of the blocks that stat(2) tells to read by.
    public long blockBytes() {
        return 4096;
    }

    /// Returns how many bytes of storage it holds.
    public long storedBytes() {
        return 0;
    }

    /// Returns the device number of a device file, else 0.
    public long specialDevice() {
        return 0;
    }

    /// Changes the size (truncate(2)); only a regular file has one to change.
    public long truncate(long sizeBytes) {
        return -EINVAL;
    }

    /// Gives up what the inode holds; called once no name and no reference is left.
    protected void discarded() {}

    /// Returns the file system it belongs to.
    public final FileSystem fileSystem() {
        return fileSystem;
    }

    /// Returns its number within the file system.
    public final long number() {
        return number;
    }

    /// Returns permission, set-id and sticky bits.
    public final int permissions() {
        return permissions;
    }

    /// Returns the owner.
    public final int uid() {
        return uid;
    }

    /// Returns the group.
    public final int gid() {
        return gid;
    }

    /// Returns how many names it has.
    public final long links() {
        return links;
    }

    /// Returns what stat(2) tells.
    public final FileStatus status() {
        return new FileStatus(
                fileSystem.deviceId(),
                number,
                type() | permissions,
                links,
                uid,
                gid,
                specialDevice(),
                sizeBytes(),
                blockBytes(),
                (storedBytes() + 511) / 512,
                accessTime,
                modifyTime,
                changeTime);
    }

    /// Changes the permission bits (chmod(2)).
    public long changePermissions(int newPermissions) {
        permissions = newPermissions & S_IALLUGO;
        changed();
        return 0;
    }

    /// Changes owner and group, each unless it is -1 (chown(2)).
    public long changeOwner(int newUid, int newGid) {
        uid = newUid == -1 ? uid : newUid;
        gid = newGid == -1 ? gid : newGid;
        changed();
        return 0;
    }

    /// Changes the times of access and modification, each unless it is negative (utimensat(2)).
    public long changeTimes(long newAccessTime, long newModifyTime) {
        accessTime = newAccessTime < 0 ? accessTime : newAccessTime;
        modifyTime = newModifyTime < 0 ? modifyTime : newModifyTime;
        changed();
        return 0;
    }

    /// Sets the owner of a new inode, with no trace in its times.
    public final void ownedBy(Credentials owner) {
        uid = owner.uid();
        gid = owner.gid();
    }

    /// Stamps the time of access.
    public final void accessed() {
        accessTime = fileSystem.now();
    }

    /// Stamps the time of modification, and with it that of change.
    public final void modified() {
        modifyTime = fileSystem.now();
        changeTime = modifyTime;
    }

    /// Stamps the time of change.
    public final void changed() {
        changeTime = fileSystem.now();
    }

    /// Adds a reference.
    public final void retain() {
        references++;
        fileSystem.referred(1);
    }

    /// Drops a reference.
    public final void release() {
        if (references <= 0) {
            throw new IllegalStateException("inode " + number + " has no reference to drop");
        }
        references--;
        fileSystem.referred(-1);
        discardIfUnused();
    }

    /// Adds a name.
    public final void linked() {
        links++;
        changed();
    }

    /// Drops a name.
    public final void unlinked() {
        links--;
        changed();
        discardIfUnused();
    }

    /// Sets the number of names: 0 for a file that never had one.
    protected final void setLinks(long count) {
        links = count;
    }

    private void discardIfUnused() {
        if (links == 0 && references == 0) {
            discarded();
        }
    }
}
