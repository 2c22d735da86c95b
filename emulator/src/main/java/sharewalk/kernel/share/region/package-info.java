/// What the designs share that make a region: an address space of its own, which no hart runs in and whose tables
/// processes attach.
///
/// Start with [sharewalk.kernel.share.region.Region], the object, and [sharewalk.kernel.share.region.RegionWindow],
/// what a process maps of it. A design says in a subclass of the window where one may lie and what ordinary calls
/// on it do.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.region;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
