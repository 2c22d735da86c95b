/// Pipes (pipe(7)).
///
/// Their bytes lie in frames of guest RAM, so that however many pipes a guest fills, it is the guest's RAM that
/// ends. Start reading at `Pipe`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.pipe;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
