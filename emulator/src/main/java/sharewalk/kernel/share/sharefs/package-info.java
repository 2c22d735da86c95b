/// The design `sharefs`, a proposal: Pedro Falcato's answer to msharefs (8 and 10 Sep 2025): "a new pseudofs that's
/// just like hugetlb, but without the hugepages", or tmpfs enhanced to do so, with no size or alignment for
/// programs to heed. There are no patches. What we decided is in `emulator/designs/sharefs.md`.
///
/// Start with [sharewalk.kernel.share.sharefs.SharedMappings].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.sharefs;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
