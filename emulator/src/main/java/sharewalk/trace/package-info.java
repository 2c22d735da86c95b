/// Observers of a run: they look, they cannot change anything.
///
/// Start with [sharewalk.trace.WalkTrace], which writes a line for each page walk. May use experiments and what those
/// are made of.
@NullMarked
@CheckReturnValue
package sharewalk.trace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
