/// Guest-physical memory and who uses which frame of it.
///
/// Start with [sharewalk.mmu.memory.PhysicalMemory], the bytes; [sharewalk.mmu.memory.FrameTable] says what each
/// 4 KiB frame is used for, and [sharewalk.mmu.memory.FrameAllocator] hands frames out and counts references to them.
/// Uses no other package.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.memory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
