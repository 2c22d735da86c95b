package sharewalk.kernel.process;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Signals;

/// The asking for children that have ended (wait(2)).
public final class Waiting {
    private final Exiting exiting;

    Waiting(Exiting exiting) {
        this.exiting = exiting;
    }

    /// Which children a call asks for.
    public record Wanted(Predicate<GuestProcess> which, boolean clones, boolean all) {
        /// Returns whether a child is asked for: one whose end sends SIGCHLD, another, or either.
        boolean matches(GuestProcess child) {
            boolean isClone = child.exitSignal() != Signals.SIGCHLD;
            return which.test(child) && (all || isClone == clones);
        }
    }

    /// Returns whether a process has any child that matches.
    public boolean hasAny(GuestProcess parent, Wanted wanted) {
        return parent.children().stream().anyMatch(wanted::matches);
    }

    /// Returns the oldest matching child that has ended, or null.
    public @Nullable GuestProcess ended(GuestProcess parent, Wanted wanted) {
        for (GuestProcess child : parent.children()) {
            if (child.isZombie() && wanted.matches(child)) {
                return child;
            }
        }
        return null;
    }

    /// Takes the status of a child that has ended; it is gone afterwards.
    public void reap(GuestProcess parent, GuestProcess child) {
        parent.reapedChildren().add(child.usage());
        parent.reapedChildren().add(child.reapedChildren());
        exiting.bury(child);
    }
}
