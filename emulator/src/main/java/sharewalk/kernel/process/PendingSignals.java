package sharewalk.kernel.process;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Signals;

/// Signals that have been sent and not yet taken: of a task, or of a whole process.
///
/// A standard signal waits at most once, a real-time one as often as it was sent (signal(7)).
public final class PendingSignals {
    private final ArrayDeque<SignalDetail> queue = new ArrayDeque<>();
    private long set;

    /// Returns the signals that wait.
    public long set() {
        return set;
    }

    /// Adds a signal; a standard one that waits already is dropped.
    public void add(SignalDetail detail) {
        boolean waits = SignalSet.contains(set, detail.signal());
        if (!waits || detail.signal() >= Signals.SIGRTMIN) {
            queue.add(detail);
            set |= SignalSet.of(detail.signal());
        }
    }

    /// Takes the first of the wanted signals out: those an instruction raised, then the lowest number.
    public @Nullable SignalDetail take(long wanted) {
        long ready = set & wanted;
        if (ready == 0) {
            return null;
        }
        long first = (ready & SignalSet.SYNCHRONOUS) != 0 ? ready & SignalSet.SYNCHRONOUS : ready;
        return takeFirst(Long.numberOfTrailingZeros(first) + 1);
    }

    /// Forgets every waiting signal of a set.
    void drop(long unwanted) {
        queue.removeIf(detail -> SignalSet.contains(unwanted, detail.signal()));
        set &= ~unwanted;
    }

    private @Nullable SignalDetail takeFirst(int signal) {
        @Nullable SignalDetail found = null;
        boolean more = false;
        for (Iterator<SignalDetail> each = queue.iterator(); each.hasNext(); ) {
            SignalDetail detail = each.next();
            if (detail.signal() != signal) {
                continue;
            }
            if (found == null) {
                found = detail;
                each.remove();
            } else {
                more = true;
            }
        }
        if (!more) {
            set &= ~SignalSet.of(signal);
        }
        return found;
    }
}
