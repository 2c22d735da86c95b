/// The emulated Linux's run loop: harts in turn, tasks on harts, stops answered, counts attributed.
///
/// [Kernel] is built from harts, memory and files, given a first program, run, and asked for a [KernelReport]. Uses all
/// other packages of the kernel, and of the hardware only the port `sharewalk.cpu`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
