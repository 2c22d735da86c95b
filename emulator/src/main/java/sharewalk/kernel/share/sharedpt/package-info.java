/// What the two designs with a flag MAP_SHARED_PT have in common: leaf tables of an address space that never runs, hung
/// under the PMD entries of processes, at the same addresses.
///
/// Start with [sharewalk.kernel.share.sharedpt.LeafTables].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.sharedpt;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
