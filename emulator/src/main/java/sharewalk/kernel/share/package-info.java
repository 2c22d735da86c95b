/// The sharing designs, one package each, and the list of them.
///
/// Start with [sharewalk.kernel.share.Designs]. A design implements `SharingDesign` of `kernel.mm`, and `Window` for
/// the VMAs it shows to processes; where it has a file system, that plugs into `kernel.fs`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
