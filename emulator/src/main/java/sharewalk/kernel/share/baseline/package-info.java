/// The design `private`: Linux as it is, one page table per process, shared memory by MAP_SHARED.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.baseline;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
