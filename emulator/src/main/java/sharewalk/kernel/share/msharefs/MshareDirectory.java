package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTEMPTY;
import static sharewalk.abi.Errno.EPERM;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.FileMode;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.DirectorySink;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;

/// A directory of msharefs: files made in it are regions (patch 3). `mshare_info` stays where it is.
final class MshareDirectory extends Directory {
    private static final int ROOT_PERMISSIONS = 0777;
    private static final long FIRST_ENTRY = 2;

    private final MshareFileSystem fileSystem;
    private final Map<String, Entry> entriesByName = new LinkedHashMap<>();
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private long nextEntry = FIRST_ENTRY;
    private @Nullable MshareDirectory parent;
    private String name = "";

    private MshareDirectory(MshareFileSystem fileSystem, int permissions) {
        super(fileSystem, permissions);
        this.fileSystem = fileSystem;
    }

    static MshareDirectory root(MshareFileSystem fileSystem) {
        return new MshareDirectory(fileSystem, ROOT_PERMISSIONS);
    }

    private record Entry(long position, String name, Inode inode) {
        boolean isFixed() {
            return inode instanceof AlignmentFile;
        }
    }

    @Override
    public Outcome<Inode> lookup(String wanted) {
        Entry entry = entriesByName.get(wanted);
        return entry == null ? Outcome.error(-ENOENT) : Outcome.of(entry.inode());
    }

    @Override
    public Directory parent() {
        return parent == null ? this : parent;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void list(long position, DirectorySink sink) {
        if (position <= 0 && !sink.accept(".", number(), FileMode.S_IFDIR, 1)) {
            return;
        }
        if (position <= 1 && !sink.accept("..", parent().number(), FileMode.S_IFDIR, FIRST_ENTRY)) {
            return;
        }
        for (Entry entry : entries.tailMap(position, true).values()) {
            Inode inode = entry.inode();
            if (!sink.accept(entry.name(), inode.number(), inode.type(), entry.position() + 1)) {
                return;
            }
        }
    }

    @Override
    public Outcome<Inode> create(String newName, int permissions) {
        Outcome<Inode> made = fileSystem.newRegion(path() + newName, permissions);
        if (!made.isError()) {
            put(newName, made.value());
            modified();
        }
        return made;
    }

    @Override
    public Outcome<Inode> makeDirectory(String newName, int permissions) {
        MshareDirectory made = new MshareDirectory(fileSystem, permissions);
        made.moveTo(this, newName);
        put(newName, made);
        linked();
        modified();
        return Outcome.of(made);
    }

    @Override
    public long link(String newName, Inode inode) {
        if (inode.links() == 0) {
            return -ENOENT;
        }
        inode.linked();
        put(newName, inode);
        modified();
        return 0;
    }

    @Override
    public long unlink(String oldName) {
        Entry entry = entriesByName.get(oldName);
        if (entry == null || entry.isFixed()) {
            return entry == null ? -ENOENT : -EPERM;
        }
        remove(entry);
        entry.inode().unlinked();
        modified();
        return 0;
    }

    @Override
    public long removeDirectory(String oldName) {
        Entry entry = entriesByName.get(oldName);
        if (entry == null || !(entry.inode() instanceof MshareDirectory directory)) {
            return -ENOENT;
        }
        if (!directory.entries.isEmpty()) {
            return -ENOTEMPTY;
        }
        remove(entry);
        discard(directory);
        modified();
        return 0;
    }

    @Override
    public long rename(String oldName, Directory newParent, String newName) {
        Entry entry = entriesByName.get(oldName);
        if (entry == null || !(newParent instanceof MshareDirectory target)) {
            return -ENOENT;
        }
        Entry replaced = target.entriesByName.get(newName);
        if (entry.isFixed() || (replaced != null && replaced.isFixed())) {
            return -EPERM;
        }
        if (replaced != null && replaced.inode() instanceof MshareDirectory full && !full.entries.isEmpty()) {
            return -ENOTEMPTY;
        }
        if (replaced != null) {
            target.remove(replaced);
        }
        remove(entry);
        target.put(newName, entry.inode());
        if (entry.inode() instanceof MshareDirectory directory) {
            directory.moveTo(target, newName);
            target.linked();
            unlinked();
        }
        if (replaced != null && replaced.inode() instanceof MshareDirectory directory) {
            target.discard(directory);
        } else if (replaced != null) {
            replaced.inode().unlinked();
        }
        entry.inode().changed();
        modified();
        target.modified();
        return 0;
    }

    void put(String newName, Inode inode) {
        Entry entry = new Entry(nextEntry, newName, inode);
        nextEntry++;
        entriesByName.put(newName, entry);
        entries.put(entry.position(), entry);
    }

    private void remove(Entry entry) {
        entriesByName.remove(entry.name());
        entries.remove(entry.position());
    }

    private void moveTo(MshareDirectory newParent, String newName) {
        parent = newParent;
        name = newName;
    }

    /// Returns the path from the root of the file system, with a slash at its end.
    private String path() {
        return parent == null ? "/" : parent.path() + name + "/";
    }

    /// Takes the two names from a directory that it has: its own and its `.`; and from this one its `..`.
    private void discard(MshareDirectory directory) {
        directory.unlinked();
        directory.unlinked();
        unlinked();
    }
}
