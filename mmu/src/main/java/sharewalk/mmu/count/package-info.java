/// Counting: what happened, how often, and to which range of addresses.
///
/// Start with [sharewalk.mmu.count.Counter], the closed list of counted events. A
/// [sharewalk.mmu.count.Counters] grows while the machine runs; a
/// [sharewalk.mmu.count.CounterSnapshot] is a value taken from it, so that a phase is the
/// difference of two of them. Nothing here knows a clock. Uses no other package.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.count;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
