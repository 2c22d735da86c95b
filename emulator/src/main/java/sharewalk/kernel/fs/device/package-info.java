/// Character devices: the standard streams, and the memory devices of mem(4), null(4), random(4).
///
/// Nothing here asks the host for a clock or for randomness; the streams are those the machine was given. Start
/// reading at `Device`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.device;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
