/// /sys: the few settings of the machine that programs look for, and the place where mshare is mounted.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.sys;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
