package sharewalk.kernel.fs.view;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.SymbolicLink;

/// A symbolic link whose text is made when it is read; a magic one leads to a file by itself, not by its text.
public final class LinkView extends SymbolicLink {
    private final Supplier<String> target;
    private final @Nullable Supplier<Outcome<Location>> destination;

    private LinkView(
            FileSystem fileSystem, Supplier<String> target, @Nullable Supplier<Outcome<Location>> destination) {
        super(fileSystem);
        this.target = target;
        this.destination = destination;
    }

    /// Returns a link that leads where its text says.
    public static LinkView of(FileSystem fileSystem, Supplier<String> target) {
        return new LinkView(fileSystem, target, null);
    }

    /// Returns a magic link.
    public static LinkView magic(
            FileSystem fileSystem, Supplier<String> target, Supplier<Outcome<Location>> destination) {
        return new LinkView(fileSystem, target, destination);
    }

    @Override
    public String target() {
        return target.get();
    }

    @Override
    public @Nullable Outcome<Location> destination() {
        return destination == null ? null : destination.get();
    }

    @Override
    public long sizeBytes() {
        return 0;
    }
}
