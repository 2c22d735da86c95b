/// What is asked of the host operating system: memory for guest RAM and for machine code.
///
/// One of the few packages that make native calls. Start at [HostMemory].
@NullMarked
@CheckReturnValue
package sharewalk.host;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
