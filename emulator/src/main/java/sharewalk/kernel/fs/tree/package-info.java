/// The tree of files that a machine starts with, put together from all kinds of file systems.
///
/// The only package that knows every one of them. Start reading at `StandardTree`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.tree;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
