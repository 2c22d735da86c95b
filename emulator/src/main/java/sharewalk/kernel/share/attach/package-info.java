/// The proposal `attach`: a system call that attaches the property "share page tables" to areas that exist.
///
/// Source: Pedro Falcato, linux-mm, 8 September 2025, the third of his alternatives to a
/// file whose content are mappings. Nobody posted code: `emulator/designs/attach.md` says what we decided. The tables
/// are those of [sharewalk.kernel.share.transparent.CachedTables]; start with
/// [sharewalk.kernel.share.attach.ShareTablesCall].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.attach;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
