/// Program files: what of an ELF file a loader and a trace need, checked.
///
/// Reads bytes and writes nothing; uses `sharewalk.cpu` for the machine a file must be for. Start at [ElfImage].
@NullMarked
@CheckReturnValue
package sharewalk.elf;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
