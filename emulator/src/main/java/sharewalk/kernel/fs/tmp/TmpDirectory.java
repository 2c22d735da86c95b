package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTEMPTY;
import static sharewalk.abi.Errno.EOPNOTSUPP;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.FileMode;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.DirectorySink;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.SymbolicLink;

/// A directory in memory; it lists its entries in the order in which they came.
public final class TmpDirectory extends Directory {
    private static final long FIRST_ENTRY = 2;

    private final TmpFileSystem fileSystem;
    private final Map<String, Entry> entriesByName = new HashMap<>();
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private long nextEntry = FIRST_ENTRY;
    private @Nullable TmpDirectory parent;
    private String name = "";

    TmpDirectory(TmpFileSystem fileSystem, int permissions) {
        super(fileSystem, permissions);
        this.fileSystem = fileSystem;
    }

    private record Entry(long position, String name, Inode inode) {}

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
    public long sizeBytes() {
        return 20L * (FIRST_ENTRY + entries.size());
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
        return add(newName, () -> fileSystem.newFile(permissions));
    }

    @Override
    public Outcome<Inode> createUnnamed(int permissions) {
        if (!fileSystem.makesUnnamedFiles()) {
            return Outcome.error(-EOPNOTSUPP);
        }
        long refusal = fileSystem.space().takeInode();
        return refusal < 0
                ? Outcome.error(refusal)
                : Outcome.of(new TmpFile(fileSystem, permissions, fileSystem.frames()).withoutName(true));
    }

    @Override
    public Outcome<Inode> makeDirectory(String newName, int permissions) {
        Outcome<Inode> made = add(newName, () -> new TmpDirectory(fileSystem, permissions));
        if (!made.isError() && made.value() instanceof TmpDirectory directory) {
            directory.moveTo(this, newName);
            linked();
        }
        return made;
    }

    @Override
    public Outcome<Inode> makeSymbolicLink(String newName, String target) {
        return add(newName, () -> new TmpSymbolicLink(fileSystem, target));
    }

    @Override
    public long link(String newName, Inode inode) {
        if (inode.links() == 0 && !(inode instanceof TmpFile file && file.isLinkable())) {
            return -ENOENT;
        }
        long refusal = inode.links() == 0 ? 0 : fileSystem.space().takeInode();
        if (refusal < 0) {
            return refusal;
        }
        inode.linked();
        put(newName, inode);
        modified();
        return 0;
    }

    @Override
    public long unlink(String oldName) {
        Entry entry = entriesByName.get(oldName);
        if (entry == null) {
            return -ENOENT;
        }
        remove(entry);
        forget(entry.inode());
        modified();
        return 0;
    }

    @Override
    public long removeDirectory(String oldName) {
        Entry entry = entriesByName.get(oldName);
        if (entry == null || !(entry.inode() instanceof TmpDirectory directory)) {
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
        if (entry == null || !(newParent instanceof TmpDirectory target)) {
            return -ENOENT;
        }
        Entry replaced = target.entriesByName.get(newName);
        if (replaced != null) {
            if (replaced.inode() instanceof TmpDirectory directory && !directory.entries.isEmpty()) {
                return -ENOTEMPTY;
            }
            target.remove(replaced);
        }
        remove(entry);
        target.put(newName, entry.inode());
        if (entry.inode() instanceof TmpDirectory directory) {
            directory.moveTo(target, newName);
            target.linked();
            unlinked();
        }
        if (replaced != null) {
            target.forgetReplaced(replaced.inode());
        }
        entry.inode().changed();
        modified();
        target.modified();
        return 0;
    }

    /// Gives an inode of another file system a name here, to set a tree up with; it stays what it was.
    public void place(String newName, Inode inode) {
        put(newName, inode);
    }

    /// Takes away everything below, directory by directory, however deep.
    void discardAll() {
        Deque<TmpDirectory> pending = new ArrayDeque<>();
        pending.push(this);
        while (!pending.isEmpty()) {
            TmpDirectory directory = pending.pop();
            for (Entry entry : List.copyOf(directory.entries.values())) {
                directory.remove(entry);
                if (entry.inode() instanceof TmpDirectory below) {
                    pending.push(below);
                } else {
                    directory.forget(entry.inode());
                }
            }
        }
    }

    @Override
    protected void discarded() {
        fileSystem.space().returnInode();
    }

    private Outcome<Inode> add(String newName, Supplier<Inode> maker) {
        long refusal = fileSystem.space().takeInode();
        if (refusal < 0) {
            return Outcome.error(refusal);
        }
        Inode inode = maker.get();
        put(newName, inode);
        modified();
        return Outcome.of(inode);
    }

    private void put(String newName, Inode inode) {
        Entry entry = new Entry(nextEntry, newName, inode);
        nextEntry++;
        entriesByName.put(newName, entry);
        entries.put(entry.position(), entry);
    }

    private void remove(Entry entry) {
        entriesByName.remove(entry.name());
        entries.remove(entry.position());
    }

    private void moveTo(TmpDirectory newParent, String newName) {
        parent = newParent;
        name = newName;
    }

    /// Takes a name from an inode; an inode's last name gives its room back with the inode itself.
    private void forget(Inode inode) {
        boolean hasOtherNames = inode.links() > 1;
        if (hasOtherNames && inode.fileSystem().equals(fileSystem)) {
            fileSystem.space().returnInode();
        }
        inode.unlinked();
    }

    private void forgetReplaced(Inode inode) {
        if (inode instanceof TmpDirectory directory) {
            discard(directory);
        } else {
            forget(inode);
        }
    }

    /// Takes the two names from a directory that it has: its own and its `.`; and from this one its `..`.
    private void discard(TmpDirectory directory) {
        directory.unlinked();
        directory.unlinked();
        unlinked();
    }

    /// A symbolic link in memory.
    private static final class TmpSymbolicLink extends SymbolicLink {
        private final TmpFileSystem fileSystem;
        private final String target;

        TmpSymbolicLink(TmpFileSystem fileSystem, String target) {
            super(fileSystem);
            this.fileSystem = fileSystem;
            this.target = target;
        }

        @Override
        public String target() {
            return target;
        }

        @Override
        protected void discarded() {
            fileSystem.space().returnInode();
        }
    }
}
