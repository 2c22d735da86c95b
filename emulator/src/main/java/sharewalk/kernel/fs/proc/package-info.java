/// /proc: what processes and the machine tell of themselves, as text.
///
/// The content comes through the interfaces here, which the process side of the kernel implements; nothing is
/// kept. Uses `sharewalk.kernel.fs` and its `view`. Start reading at `ProcFileSystem`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.proc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
