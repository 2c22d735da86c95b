/// The emulator: the engine that runs guest code, the Linux half above the page tables, and the command line.
///
/// Holds no code itself; start reading in `sharewalk.cli`.
@NullMarked
package sharewalk;

import org.jspecify.annotations.NullMarked;
