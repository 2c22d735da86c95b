/// Files and directories whose content is made when it is read: the stuff of /proc and /sys.
///
/// Uses `sharewalk.kernel.fs`. Start reading at `TextFile`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.view;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
