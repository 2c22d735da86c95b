/// The port both supervisors see of a hart: registers, privilege, running, invalidating.
///
/// Knows the ISAs by name and register roles, and nothing of the engine behind it. Start at [Cpu] and [StopReason].
@NullMarked
@CheckReturnValue
package sharewalk.cpu;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
