/// The hardware half: address translation as a processor does it, over page tables that lie in guest memory.
///
/// Pure Java: no native call, no file, no clock, no thread, nothing about Linux. Uses only the packages below it.
@NullMarked
package sharewalk.mmu;

import org.jspecify.annotations.NullMarked;
