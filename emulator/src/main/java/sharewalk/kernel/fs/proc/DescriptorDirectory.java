package sharewalk.kernel.fs.proc;

import static sharewalk.abi.Errno.ENOENT;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.view.LinkView;
import sharewalk.kernel.fs.view.ViewDirectory;

/// The directory /proc/PID/fd: a magic link for each descriptor.
final class DescriptorDirectory extends ViewDirectory {
    private final ProcFileSystem fileSystem;
    private final ProcessView process;

    DescriptorDirectory(ProcFileSystem fileSystem, ProcessDirectory parent, ProcessView process) {
        super(fileSystem, parent, "fd");
        this.fileSystem = fileSystem;
        this.process = process;
    }

    @Override
    public Outcome<Inode> lookup(String entryName) {
        boolean isNumber = entryName.matches("0|[1-9][0-9]{0,8}");
        int fd = isNumber ? Integer.parseInt(entryName) : -1;
        return process.files().get(fd) == null
                ? Outcome.error(-ENOENT)
                : Outcome.of(LinkView.magic(fileSystem, () -> pathOf(fd), () -> placeOf(fd)));
    }

    @Override
    protected List<String> names() {
        FileTable files = process.files();
        List<String> names = new ArrayList<>();
        for (int fd = 0; fd < files.capacity(); fd++) {
            if (files.get(fd) != null) {
                names.add(Integer.toString(fd));
            }
        }
        return names;
    }

    private String pathOf(int fd) {
        @Nullable OpenFile file = process.files().get(fd);
        return file == null ? "" : file.path();
    }

    private Outcome<Location> placeOf(int fd) {
        @Nullable OpenFile file = process.files().get(fd);
        return file == null ? Outcome.error(-ENOENT) : Outcome.of(file.location());
    }
}
