/// Tasks and processes: their making, program loading, signals, futexes, waiting, ending, and the queue for harts.
///
/// A [Task] is what gets a hart; a [GuestProcess] is what tasks share. Nothing here runs guest code or decodes system
/// calls: `sharewalk.kernel.syscall` decodes and calls, `sharewalk.kernel` runs. Uses `sharewalk.abi`, `sharewalk.cpu`,
/// `sharewalk.elf` and the other packages of the kernel. Start at [KernelServices], then [Task].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.process;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
