package sharewalk.kernel.fs.view;

import static sharewalk.abi.Errno.ENOENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.FileMode;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.DirectorySink;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;

/// A directory of views that only the machine changes; it lists its entries by name.
public class ViewDirectory extends Directory {
    private static final long FIRST_ENTRY = 2;

    private final ViewFileSystem fileSystem;
    private final @Nullable Directory parent;
    private final String name;
    private final Map<String, Inode> entries = new TreeMap<>();

    /// Creates an empty directory; without a directory above it is a root.
    public ViewDirectory(ViewFileSystem fileSystem, @Nullable Directory parent, String name) {
        super(fileSystem, 0555);
        this.fileSystem = fileSystem;
        this.parent = parent;
        this.name = name;
    }

    /// Adds a file with the given text.
    public final void addText(String entryName, Supplier<String> text) {
        add(entryName, new TextFile(fileSystem, text));
    }

    /// Adds a file that shows a setting and changes it.
    public final void addSetting(String entryName, Supplier<String> text, TextFile.Setting setting) {
        add(entryName, new TextFile(fileSystem, text, setting));
    }

    /// Adds any inode.
    public final void add(String entryName, Inode inode) {
        entries.put(entryName, inode);
    }

    /// Returns the directory of that name, made when there is none.
    public final ViewDirectory directory(String entryName) {
        if (entries.get(entryName) instanceof ViewDirectory present) {
            return present;
        }
        ViewDirectory made = new ViewDirectory(fileSystem, this, entryName);
        add(entryName, made);
        return made;
    }

    @Override
    public Outcome<Inode> lookup(String entryName) {
        Inode inode = entries.get(entryName);
        return inode == null ? Outcome.error(-ENOENT) : Outcome.of(inode);
    }

    @Override
    public final Directory parent() {
        return parent == null ? this : parent;
    }

    @Override
    public final String name() {
        return name;
    }

    /// Returns the names there are now, in the order in which they are listed.
    protected List<String> names() {
        return new ArrayList<>(entries.keySet());
    }

    @Override
    public final void list(long position, DirectorySink sink) {
        if (position <= 0 && !sink.accept(".", number(), FileMode.S_IFDIR, 1)) {
            return;
        }
        if (position <= 1 && !sink.accept("..", parent().number(), FileMode.S_IFDIR, FIRST_ENTRY)) {
            return;
        }
        List<String> names = names();
        for (long at = Math.max(position, FIRST_ENTRY); at - FIRST_ENTRY < names.size(); at++) {
            String entryName = names.get((int) (at - FIRST_ENTRY));
            Outcome<Inode> inode = lookup(entryName);
            if (inode.isError()) {
                continue;
            }
            if (!sink.accept(entryName, inode.value().number(), inode.value().type(), at + 1)) {
                return;
            }
        }
    }
}
