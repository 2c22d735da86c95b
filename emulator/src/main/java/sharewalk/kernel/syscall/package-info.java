/// The system calls: one table of number, handler, support and note, and one class for each family.
///
/// A handler decodes registers, checks, calls what does the work, and maps the answer to what Linux returns. No guest
/// pointer is trusted: what cannot be reached ends the call with EFAULT. Uses every other package of the kernel but the
/// run loop. Start at [SystemCallTable].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.syscall;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
