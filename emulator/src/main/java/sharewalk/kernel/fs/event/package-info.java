/// Descriptors that tell of events: counters (eventfd(2)), and writes to watched pages of files (`--notify write`),
/// page faults (userfaultfd(2)).
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.event;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
