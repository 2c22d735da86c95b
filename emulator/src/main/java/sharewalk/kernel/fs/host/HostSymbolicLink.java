package sharewalk.kernel.fs.host;

import sharewalk.kernel.fs.SymbolicLink;

/// A symbolic link of the host, as text: it leads to wherever that text leads in the guest's tree.
final class HostSymbolicLink extends SymbolicLink {
    private final String target;

    HostSymbolicLink(HostFileSystem fileSystem, String target) {
        super(fileSystem);
        this.target = target;
    }

    @Override
    public String target() {
        return target;
    }
}
