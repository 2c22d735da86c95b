/// Linux's constants and struct layouts as guests see them: numbers and offsets, no behaviour.
///
/// What differs between the instruction sets says so in its name or takes the set as an argument; everything else is
/// the same on riscv64 and x86-64. Uses nothing of Sharewalk.
@NullMarked
package sharewalk.abi;

import org.jspecify.annotations.NullMarked;
