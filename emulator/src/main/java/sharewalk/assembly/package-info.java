/// Programs given as assembly text, turned into static ELF files that run as guests.
///
/// Start at [sharewalk.assembly.AssemblyProgram]. x86-64 is assembled by Keystone and linked here, RISC-V by GNU `as`
/// and `ld` as child processes. Uses `keystone` and, for the names of the ISAs, `sharewalk.cpu`.
@NullMarked
@CheckReturnValue
package sharewalk.assembly;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
