/// Files whose content lies in page-cache frames of guest RAM, so that programs can map it.
///
/// Uses `sharewalk.kernel.fs`, the guest's memory, and the interface of `sharewalk.kernel.mm` for what can be
/// mapped. Start reading at `PagedFile`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.page;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
